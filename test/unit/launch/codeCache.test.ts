import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CACHE_VARIABLE, cacheFolder } from '../../../src/launch/cacheFolder';

const folder = mkdtempSync(join(tmpdir(), 'model-loupe-launch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const kept = join(folder, 'kept');
const launcher = join(folder, 'tool.cjs');
beforeEach(() => rmSync(kept, { recursive: true, force: true }));

const BUNDLE = `
  const path = require('node:path');
  if (process.argv[2] === 'throw') throw new Error('from line 3');
  console.log(path.basename(__filename), path.basename(__dirname), process.argv[2]);
`;

function makeLauncher(digest: string): Promise<unknown> {
  writeFileSync(join(folder, 'tool.bundle.cjs'), BUNDLE);
  return build({
    entryPoints: ['src/launch.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: launcher,
    define: { BUNDLE: '"tool"', BUILD: JSON.stringify(digest) },
    logLevel: 'silent',
  });
}

function start(args: readonly string[], cache = kept) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [launcher, ...args], {
    encoding: 'utf8',
    env: { ...process.env, [CACHE_VARIABLE]: cache },
  });
  return { stdout, stderr, status };
}

const files = () => readdirSync(kept).sort();

describe('the launcher', () => {
  beforeAll(() => makeLauncher('one'));

  it('runs the bundle as a module of its own place, and keeps its compiled code for the next start', () => {
    const first = start(['inspect']);
    expect(first).toEqual({ stdout: `tool.bundle.cjs ${folder.split(/[\\/]/).at(-1)} inspect\n`, stderr: '', status: 0 });
    const [file = '', ...others] = files();
    expect(others).toEqual([]);
    const code = readFileSync(join(kept, file));
    // Code that V8 takes is not written again.
    const old = new Date(2000, 1, 1);
    utimesSync(join(kept, file), old, old);
    expect(start(['inspect'])).toEqual(first);
    expect(files()).toEqual([file]);
    expect(readFileSync(join(kept, file)).equals(code)).toBe(true);
  });

  it('compiles anew what another bundle left, or what is damaged', async () => {
    const first = start(['inspect']);
    const [file = ''] = files();
    const path = join(kept, file);
    const whole = readFileSync(path);
    for (const damaged of [Buffer.alloc(0), Buffer.alloc(whole.length), whole.subarray(0, 100), Buffer.from('no code')]) {
      writeFileSync(path, damaged);
      expect(start(['inspect'])).toEqual(first);
      expect(readFileSync(path).length).toBe(whole.length);
    }
    await makeLauncher('two');
    expect(start(['inspect'])).toEqual(first);
    expect(files()).toHaveLength(2);
    await makeLauncher('one');
  });

  it('keeps code by command, and of all only the latest', () => {
    start(['first']);
    for (let at = 0; at < 14; at++) {
      const path = join(kept, `old-${at}.v8`);
      writeFileSync(path, '');
      utimesSync(path, new Date(2000, 1, at), new Date(2000, 1, at));
    }
    start(['second']);
    expect(files()).toHaveLength(12);
    expect(files()).not.toContain('old-3.v8');
    expect(
      files()
        .filter((name) => name.startsWith('tool-'))
        .map((name) => name.split('-')[1]),
    ).toEqual(['first', 'second']);
    // What is no command's name makes no name of a file.
    start(['../../x']);
    expect(files().filter((name) => name.startsWith('tool-one-'))).toHaveLength(1);
  });

  it('names the place of an error in the bundle, line for line', () => {
    const { stderr, status } = start(['throw']);
    expect(stderr).toContain('tool.bundle.cjs:3');
    expect(status).toBe(1);
  });

  it('keeps nothing where it may not, or where it cannot', () => {
    expect(start(['inspect'], '')).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(join(folder, 'file'), '');
    expect(start(['inspect'], join(folder, 'file'))).toMatchObject({ status: 0, stderr: '' });
    expect(start(['inspect'], join(folder, 'file', 'below'))).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('the folder of compiled code', () => {
  it('is in the cache of the user, by the platform', () => {
    const env = { XDG_CACHE_HOME: join(folder, 'xdg'), LOCALAPPDATA: join(folder, 'local') };
    expect(cacheFolder(env, 'linux')).toBe(join(folder, 'xdg', 'model-loupe'));
    expect(cacheFolder(env, 'win32')).toBe(join(folder, 'local', 'model-loupe'));
  });

  it.skipIf(process.platform === 'win32')('is none where others could write', () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    expect(cacheFolder({ [CACHE_VARIABLE]: shared }, 'linux')).toBeNull();
    chmodSync(shared, 0o755);
    expect(cacheFolder({ [CACHE_VARIABLE]: shared }, 'linux')).toBe(shared);
  });
});
