import type { CheckpointDiff } from '../../src/protocol';
import { formatExact, formatReal } from '../common/format';
import type { Sorting } from '../common/kept';
import type { TableRow } from '../common/table/dataTable';
import { type SortValue, sortBy } from '../common/table/sortRows';
import { t } from './strings';

/** The kinds of changes, in the order they are listed in. */
export const CHANGES = ['removed', 'added', 'reshaped', 'cast', 'renamed', 'changed', 'unread'] as const;
/** One of them. */
export type Change = (typeof CHANGES)[number];

/** A line of the table. */
export interface ChangeRow extends TableRow {
  readonly change: Change;
  readonly name: string;
  /** The name in the second file where it is another. */
  readonly to: string;
  readonly detail: string;
  readonly relativeL2: number | null;
  readonly cosine: number | null;
  readonly maxAbs: number | null;
}

const NOTHING = { to: '', relativeL2: null, cosine: null, maxAbs: null } as const;
const extents = (shape: readonly number[]) => `[${shape.join(', ')}]`;

/** Every change as a line: the structure's first, then values, the most changed first. */
export function changeRows(diff: CheckpointDiff): readonly ChangeRow[] {
  const rows: Omit<ChangeRow, 'key'>[] = [
    ...diff.removed.map(({ name, dtype, shape }) => ({
      ...NOTHING,
      change: 'removed' as const,
      name,
      detail: `${dtype} ${extents(shape)}`,
    })),
    ...diff.added.map(({ name, dtype, shape }) => ({ ...NOTHING, change: 'added' as const, name, detail: `${dtype} ${extents(shape)}` })),
    ...diff.reshaped.map(({ name, to = '', from, shape }) => ({
      ...NOTHING,
      ...{ change: 'reshaped' as const, name, to, detail: `${extents(from)} \u2192 ${extents(shape)}` },
    })),
    ...diff.cast.map(({ name, from, to }) => ({ ...NOTHING, change: 'cast' as const, name, detail: `${from} \u2192 ${to}` })),
    ...diff.renames.map(({ from, to, by }) => ({
      ...NOTHING,
      ...{ change: 'renamed' as const, name: from, to, detail: `\u2192 ${to}, ${t.renamedBy(by)}` },
    })),
    ...diff.changed.map(({ name, to = '', relativeL2, cosine, maxAbs, notFinite }) => ({
      ...{ change: 'changed' as const, name, to, relativeL2, cosine, maxAbs },
      detail: notFinite > 0 ? t.notFiniteAt(formatExact(notFinite)) : '',
    })),
    ...diff.unread.map(({ name, reason }) => ({ ...NOTHING, change: 'unread' as const, name, detail: reason })),
  ];
  return rows.map((row, place) => ({ ...row, key: `${row.change}:${place}` }));
}

const VALUES: Readonly<Record<string, (row: ChangeRow) => SortValue>> = {
  change: (row) => CHANGES.indexOf(row.change),
  name: (row) => row.name,
  detail: (row) => row.detail,
  relativeL2: (row) => row.relativeL2,
  cosine: (row) => row.cosine,
  maxAbs: (row) => row.maxAbs,
};

/** The lines that hold every word of the filter, in their order until sorted. */
export function shownRows(rows: readonly ChangeRow[], filter: string, sorting: Sorting | null): readonly ChangeRow[] {
  const words = filter.toLowerCase().match(/\S+/g) ?? [];
  const kept = rows.filter(({ change, name, to, detail }) => {
    const text = `${change}\n${name}\n${to}\n${detail}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const value = sorting ? VALUES[sorting.column] : undefined;
  return value ? sortBy(kept, value, sorting?.descending ?? false) : kept;
}

/** A figure of a change; `` where it has none. */
export function figureText(value: number | null): string {
  return value === null ? '' : formatReal(value);
}
