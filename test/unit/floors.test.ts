import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Floor, faultsOf } from '../../scripts/floors/check.mjs';

const FLOORS: Readonly<Record<string, Floor>> = JSON.parse(readFileSync('floors.json', 'utf8'));

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A house of these files on four floors: `low`, `middle` on it, `top` that sees `middle` only, and a view. */
function faultsIn(files: Readonly<Record<string, string>>): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'model-loupe-floors-'));
  folders.push(root);
  const ground = { 'src/low/a.ts': 'export const a = 1;', 'src/middle/b.ts': "import { a } from '../low/a';\nexport const b = a;" };
  const upper = { 'src/top/index.ts': "export * from '../middle/b';", 'webview/v.ts': "import type { a } from '../src/low/a';" };
  for (const [path, text] of Object.entries({ ...ground, ...upper, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return faultsOf(root, {
    'src/low': { on: [] },
    'src/middle': { on: ['src/low'], packages: ['node:', 'sharp'] },
    'src/top': { sees: ['src/middle'] },
    webview: { sees: ['src/top'], types: ['src/low'], packages: ['lit'] },
  });
}

describe('the floors of this house', () => {
  it('hold every source file, and nothing imports in a circle', () => {
    expect(faultsOf(resolve('.'), FLOORS, ['test', 'bench', 'scripts'])).toEqual([]);
  });

  it('give Node and VS Code to the same folders as the projects of the type checker', () => {
    const { exclude } = JSON.parse(readFileSync('tsconfig.core.json', 'utf8'));
    const needs = (name: string): boolean => {
      const { sees = [], packages = [] } = FLOORS[name] ?? {};
      return packages.includes('node:') || packages.includes('vscode') || (name !== 'webview' && sees.some(needs));
    };
    expect(Object.keys(FLOORS).filter(needs).sort()).toEqual([...exclude].sort());
  });
});

describe('a house', () => {
  it('stands when every import goes down', () => {
    expect(faultsIn({})).toEqual([]);
  });

  it.each([
    [
      'an import of a floor above',
      { 'src/low/c.ts': "import { b } from '../middle/b';" },
      'src/low/c.ts:1: src/low does not stand on src/middle.',
    ],
    [
      'an import of types from above',
      { 'src/low/c.ts': "import type { b } from '../middle/b';" },
      'src/low/c.ts:1: src/low does not stand on src/middle.',
    ],
    [
      'an import over several lines, after a comment that holds one',
      { 'src/low/c.ts': "/*\nimport { x } from './x';\n*/\nimport {\n  b,\n} from '../middle/b';" },
      'src/low/c.ts:4: src/low does not stand on src/middle.',
    ],
    ['an export from above', { 'src/low/c.ts': "export * from '../middle/b';" }, 'src/low/c.ts:1: src/low does not stand on src/middle.'],
    [
      'an import while running',
      { 'src/low/c.ts': "export const load = () => import('../middle/b');" },
      'src/low/c.ts:1: src/low does not stand on src/middle.',
    ],
    [
      'a floor below one that is only seen',
      { 'src/top/c.ts': "import { a } from '../low/a';" },
      'src/top/c.ts:1: src/top does not stand on src/low.',
    ],
    [
      'a value where types are allowed',
      { 'webview/c.ts': "import { a } from '../src/low/a';" },
      'webview/c.ts:1: webview may import the types of src/low only.',
    ],
    [
      "Node's own where it is not given",
      { 'src/low/c.ts': "import 'node:fs';" },
      'src/low/c.ts:1: src/low may not import the package node:fs.',
    ],
    [
      'a package whose name begins like an allowed one',
      { 'src/middle/c.ts': "import x from 'sharper';" },
      'src/middle/c.ts:1: src/middle may not import the package sharper.',
    ],
    ['a file that is not there', { 'src/low/c.ts': "import './d';" }, 'src/low/c.ts:1: ./d is no file.'],
    ['a file on no floor', { 'src/attic/c.ts': '' }, 'src/attic/c.ts stands on no floor: name its folder in floors.json.'],
    [
      'an import that cannot be read',
      { 'src/low/c.ts': 'import { a } from `./a`;' },
      'src/low/c.ts:1: this import could not be read; write it as the formatter does.',
    ],
  ])('falls with %s', (_, files, fault) => {
    expect(faultsIn(files)).toEqual([fault]);
  });

  it('falls with a circle of types, and shows the shortest way around', () => {
    const files = {
      'src/low/c.ts': "import type { D } from './d';\nexport type C = D;",
      'src/low/d.ts': "import type { C } from './c';\nimport type { E } from './e';\nexport type D = C | E;",
      'src/low/e.ts': "import type { C } from './c';\nexport type E = C;",
    };
    expect(faultsIn(files)).toEqual(['Circle of imports: src/low/c.ts -> src/low/d.ts -> src/low/c.ts.']);
  });

  it('is not described by a table that names floors without files', () => {
    const root = mkdtempSync(join(tmpdir(), 'model-loupe-floors-'));
    folders.push(root);
    for (const folder of ['src/low', 'webview']) mkdirSync(join(root, folder), { recursive: true });
    expect(faultsOf(root, { 'src/low': { on: ['src/deep'] } })).toEqual([
      'floors.json: src/low names src/deep, which is no floor.',
      'floors.json: src/low has no file.',
    ]);
  });
});
