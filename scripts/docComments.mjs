// Which exported names have no doc comment; run by itself it prints them, and fails if there are any.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const EXPORT = /^export (?:(?:declare|abstract|async|default) )*(?:function\*?|class|const|let|interface|type|enum) (\w+)/;
/** What may stand between a doc comment and what it is of: decorators, and orders to the linter. */
const BETWEEN = /^(?:@\w+|\/\/ biome-ignore)/;

/** Names that a file's text exports without a doc comment, with their lines; the formatter puts every export at the start of one. */
export function undocumented(text) {
  const lines = text.split('\n');
  const named = new Set();
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

/** The source files below a folder; generated ones and declarations of others' code are left out. */
export function documentedFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.d\.ts$|_pb\.ts$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(fileURLToPath(import.meta.url), '..', '..');
  const places = ['src', 'webview']
    .flatMap((folder) => documentedFiles(join(root, folder)))
    .flatMap((file) => undocumented(readFileSync(file, 'utf8')).map((place) => `${file}:${place}`));
  for (const place of places) console.error(`${place} is exported without a doc comment.`);
  process.exitCode = places.length > 0 ? 1 : 0;
}
