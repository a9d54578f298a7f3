import type { DiffRow } from './diffRow';
import { addChanges } from './sums';

interface Tree {
  readonly row: DiffRow;
  readonly children: readonly Tree[];
}

/** Neighbours that changed alike, with all inside them, become one row that counts them and holds their figures together. */
export function foldRows(rows: readonly DiffRow[]): readonly DiffRow[] {
  return foldLevel(treeOf(rows)).flatMap(flatten);
}

function treeOf(rows: readonly DiffRow[]): readonly Tree[] {
  const top: Tree[] = [];
  const open: { readonly depth: number; readonly children: Tree[] }[] = [{ depth: -1, children: top }];
  for (const row of rows) {
    while ((open.at(-1)?.depth ?? -1) >= row.depth) open.pop();
    const children: Tree[] = [];
    open.at(-1)?.children.push({ row, children });
    open.push({ depth: row.depth, children });
  }
  return top;
}

function foldLevel(trees: readonly Tree[]): readonly Tree[] {
  const folded: { tree: Tree; readonly key: string; readonly alike: Tree[] }[] = [];
  for (const tree of trees) {
    const key = keyOf(tree);
    const last = folded.at(-1);
    if (last?.key === key) last.alike.push(tree);
    else folded.push({ tree, key, alike: [tree] });
  }
  return folded.map(({ alike }) => together(alike)).map(({ row, children }) => ({ row, children: foldLevel(children) }));
}

/** Equal for rows that say the same of blocks of their own; a window more to mask is no difference to a reader. */
function keyOf({ row, children }: Tree): string {
  const { parameters, budget } = row.figures;
  return JSON.stringify([row.change, row.kind, row.label, row.details, parameters, budget, children.map(keyOf)]);
}

function together(alike: readonly Tree[]): Tree {
  const [first] = alike;
  if (!first) throw new RangeError('no rows to put together');
  if (alike.length === 1) return first;
  const repeat = alike.reduce((sum, { row }) => sum + row.repeat, 0);
  return {
    row: { ...first.row, repeat, figures: addChanges(alike.map(({ row }) => row.figures)) },
    children: first.children.map((_, at) => together(alike.flatMap(({ children }) => children[at] ?? []))),
  };
}

function flatten({ row, children }: Tree): readonly DiffRow[] {
  return [row, ...children.flatMap(flatten)];
}
