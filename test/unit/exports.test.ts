import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentedFiles, undocumented } from '../../scripts/docComments.mjs';

describe('every exported name', () => {
  it.each(['src', 'webview'])('of %s has a doc comment', (folder) => {
    const files = documentedFiles(folder);
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => undocumented(readFileSync(file, 'utf8')).map((place) => `${file}:${place}`))).toEqual([]);
  });

  it('is found whatever it is, and so is its comment', () => {
    const without = ['const a = 1;', 'async function b() {}', 'function* c() {}', 'interface D {}', 'type E = 1;', 'abstract class F {}'];
    const texts = without.map((text) => `export ${text}`);
    expect(undocumented(texts.join('\n'))).toEqual(['1: a', '2: b', '3: c', '4: D', '5: E', '6: F']);
    expect(undocumented(texts.map((text) => `/** Why. */\n${text}`).join('\n'))).toEqual([]);
    expect(undocumented("/** Why. */\n@customElement('x-y')\nexport class X {}")).toEqual([]);
    expect(undocumented('/**\n * Why.\n */\nexport function f(a: string): void;\nexport function f(a: number): void;')).toEqual([]);
    expect(undocumented('// Why.\nexport const a = 1;')).toEqual(['2: a']);
  });
});
