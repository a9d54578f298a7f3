import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spreadCalls } from '../../scripts/spreads.mjs';

describe('lists of any length', () => {
  it.each(['src', 'webview'])('are never spread into the arguments of a call in %s', (folder) => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    expect(files.length).toBeGreaterThan(100);
    const found = files.flatMap((path) => spreadCalls(readFileSync(join(folder, path), 'utf8')).map((place) => `${path}:${place}`));
    // `append`, `maximumOf` and `minimumOf` of src/data take them.
    expect(found).toEqual([]);
  });

  it('are found wherever they are spread', () => {
    const wrong = [
      'list.push(...items);',
      'Math.max(0, ...sizes.map((a) => a.b))',
      'x.splice(0, 1,\n  ...rest)',
      'String.fromCharCode(...bytes)',
    ];
    expect(wrong.map((text) => spreadCalls(text).length)).toEqual([1, 1, 1, 1]);
    const right = [
      'list.push({ ...item }, [...items]);',
      'function push(...items: T[]) {}',
      'text.push("...a"); // push(...x)',
      'new Set([...a, ...b])',
      '/** `target.push(...items)` */',
    ];
    expect(right.flatMap(spreadCalls)).toEqual([]);
  });
});
