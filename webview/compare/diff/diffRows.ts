import type { DiffRow } from '../../../src/protocol';
import type { DiffFilter } from './state';

/** More rows than this come with only the outermost level open. */
const MANY = 40;

/** A row of the diff that the filter lets through. */
export interface ShownRow {
  readonly row: DiffRow;
  /** Place in the diff, for the keys of rows. */
  readonly key: string;
  readonly open: boolean;
  readonly hasChildren: boolean;
  /** Shown only for what stands inside. */
  readonly context: boolean;
}

/**
 * The rows that are on the screen: those of the filter with all around them,
 * without what stands in closed rows. `turned` holds keys of rows that are
 * not as they come.
 */
export function shownRows(rows: readonly DiffRow[], filter: DiffFilter, turned: readonly string[]): readonly ShownRow[] {
  const hits = rows.map((row) => filter === 'all' || kindOf(row) === filter);
  const kept = rows.map((_, at) => hits[at] || insideOf(rows, at).some((child) => hits[child]));
  const opensItself = (row: DiffRow) => rows.length <= MANY || row.depth === 0;
  const shown: ShownRow[] = [];
  let closed = Number.POSITIVE_INFINITY;
  rows.forEach((row, at) => {
    if (row.depth > closed) return;
    closed = Number.POSITIVE_INFINITY;
    if (!kept[at]) return;
    const key = keyOf(row, at);
    const hasChildren = insideOf(rows, at).some((child) => kept[child]);
    const open = hasChildren && opensItself(row) !== turned.includes(key);
    if (hasChildren && !open) closed = row.depth;
    shown.push({ row, key, open, hasChildren, context: !hits[at] });
  });
  return shown;
}

/** How many blocks each change happened to, every block of a folded row counted. Layers are no blocks, and a changed stage is one for what changed in it. */
export function countChanges(rows: readonly DiffRow[]): Readonly<Record<'added' | 'removed' | 'changed', number>> {
  const count = (change: DiffRow['change']) => rows.reduce((sum, row) => sum + (row.change === change && isBlock(row) ? row.repeat : 0), 0);
  return { added: count('added'), removed: count('removed'), changed: count('changed') };
}

function isBlock({ change, kind }: DiffRow): boolean {
  return !(change === 'changed' && kind === 'stage');
}

function kindOf({ change }: DiffRow): DiffFilter {
  return change === 'layers' ? 'changed' : change;
}

function insideOf(rows: readonly DiffRow[], at: number): readonly number[] {
  const depth = rows[at]?.depth ?? 0;
  const inside: number[] = [];
  for (let next = at + 1; (rows[next]?.depth ?? -1) > depth; next++) inside.push(next);
  return inside;
}

function keyOf({ before, after, change }: DiffRow, at: number): string {
  return `${at} ${change} ${before} ${after}`;
}
