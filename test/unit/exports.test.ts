import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const EXPORT = /^export (?:(?:declare|abstract|async|default) )*(?:function\*?|class|const|let|interface|type|enum) (\w+)/;
/** What may stand between a doc comment and what it is of: decorators, and orders to the linter. */
const BETWEEN = /^(?:@\w+|\/\/ biome-ignore)/;

/** Names that a file's text exports without a doc comment, with their lines; the formatter puts every export at the start of one. */
function undocumented(text: string): readonly string[] {
  const lines = text.split('\n');
  const named = new Set<string>();
  return lines.flatMap((line, index) => {
    const name = EXPORT.exec(line)?.[1];
    if (name === undefined || named.has(name)) return [];
    // The further signatures of a function are explained by the first.
    named.add(name);
    let above = index - 1;
    while (BETWEEN.test(lines[above] ?? '')) above -= 1;
    return lines[above]?.trimEnd().endsWith('*/') ? [] : [`${index + 1}: ${name}`];
  });
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.endsWith('_pb.ts'))
    .map(({ parentPath, name }) => join(parentPath, name));
}

describe('every exported name', () => {
  it.each(['src', 'webview'])('of %s has a doc comment', (folder) => {
    const files = sources(folder);
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
