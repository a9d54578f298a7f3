import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allOperators } from '../../../src/operators/registry';

/** Floors that ask what an operator means, never for its name. */
const FLOORS = ['src/analysis', 'src/attention', 'src/runtime', 'src/engine'];
/** What decides by an operator's name: `node.op === 'Conv'`, `set.has(node.op)`, `node?.op.endsWith(...)`. */
const DECIDES = [
  /\.op\s*[=!]==?\s*['"`]/,
  /['"`]\s*[=!]==?\s*[\w.?]*\.op\b/,
  /\.(?:has|includes|test|match)\(\s*[\w.?[\]]*\.op\b/,
  /\.op\??\.(?:startsWith|endsWith|includes|match)\(/,
  /\bcase '(?:[A-Z][a-z]+){1,4}':/,
];
/** Names written out in code, comments apart; labels for people (block titles) have a space or stand in these files. */
const LABELS = new Set(['src/analysis/blocks/stages.ts', 'src/analysis/blocks/structure.ts', 'src/analysis/blocks/scopeBlocks.ts']);
/** Builds a model to measure the machine with. */
const BUILDERS = new Set(['src/runtime/machinePeak.ts']);

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') ? [path.replaceAll('\\', '/')] : [];
  });
}

function codeLines(path: string): readonly (readonly [line: number, text: string])[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((text, at) => [at + 1, text] as const)
    .filter(([, text]) => !/^\s*(?:\/\/|\*|\/\*)/.test(text));
}

/** Places in one file that tell an operator by its name. */
function faultsIn(path: string, names: ReadonlySet<string>): readonly string[] {
  return codeLines(path).flatMap(([line, text]) => {
    const decides = DECIDES.some((pattern) => pattern.test(text));
    const listed = [...text.matchAll(/'([A-Z]\w+)'/g)].filter(([, name]) => names.has(name ?? ''));
    const lists = listed.length > 1 && !LABELS.has(path);
    return decides || lists ? [`${path}:${line}: ${text.trim()}`] : [];
  });
}

describe('names of operators', () => {
  const names = new Set(allOperators().map(({ op }) => op));

  it('decide nothing above the operators: a new domain is a folder', () => {
    const files = FLOORS.flatMap(sources).filter((path) => !BUILDERS.has(path));
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((path) => faultsIn(path, names))).toEqual([]);
  });

  it('are found where they decide', () => {
    const found = (text: string) => DECIDES.some((pattern) => pattern.test(text));
    expect(found("if (node.op === 'Conv') return;")).toBe(true);
    expect(found('if (SET.has(flow.nodes[index]?.op)) return;')).toBe(true);
    expect(found("if (node?.op.endsWith('Concat')) return;")).toBe(true);
    expect(found('title: node.op,')).toBe(false);
  });
});
