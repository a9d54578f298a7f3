// The imports of a source file, and the files they mean. The text is the formatter's, so every statement starts a line.
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

const statement = /^(?:import|export)\s+(type\s+)?(?:[^'"`;()]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const call = /(\btypeof\s+)?\bimport\(\s*['"]([^'"]+)['"]/g;
/** Where a statement that may name a file begins: `statement` has to be able to read each, but for lists without `from`. */
const beginning = /^(?:import\s|export\s+(?:type\s+)?[{*])/gm;
const list = /^export\s+(?:type\s+)?\{[^}]*\};/;

/** The text without its comments, every line where it was. */
const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ''));

/** Every import of a file's text, types included, and the lines of those that could not be read. */
export function importsOf(text) {
  const source = withoutComments(text);
  const line = (index) => source.slice(0, index).split('\n').length;
  const imports = [];
  const read = new Set();
  for (const pattern of [statement, call]) {
    for (const { index, 1: type, 2: from } of source.matchAll(pattern)) {
      read.add(index);
      imports.push({ from, type: type !== undefined, line: line(index) });
    }
  }
  const unread = [];
  for (const { index } of source.matchAll(beginning)) {
    if (!read.has(index) && !list.test(source.slice(index))) unread.push(line(index));
  }
  return { imports, unread };
}

/** The file that a relative import means, as a path from `root`; null where there is none. */
export function resolveImport(root, file, from) {
  const base = join(dirname(file), from);
  const candidates = [base, `${base}.ts`, `${base}.d.ts`, `${base}/index.ts`];
  return candidates.find((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile()) ?? null;
}
