import { savedState, saveState } from '../common/channel';
import type { Edits } from './knobs';

/** The columns of the table, in their order. */
export const COLUMN_IDS = ['variant', 'parametersPublished', 'parameters', 'costPublished', 'macs', 'top1', 'status'] as const;
/** A column of the table. */
export type ColumnId = (typeof COLUMN_IDS)[number];

/** The column that variants are sorted by. */
export interface Sorting {
  readonly column: ColumnId;
  readonly descending: boolean;
}

/** What the person chose; kept until the tab is closed, and over a reload of the window. */
export interface ViewState {
  /** Name of a variant; `''` for the default knobs, `null` before the first one is chosen. */
  readonly variant: string | null;
  readonly edits: Edits;
  readonly sorting: Sorting | null;
}

const KEY = 'family';

/** The state of an earlier life; whatever does not fit is left out. */
export function restoreState(): ViewState {
  const kept = savedState(KEY);
  const { variant, edits, sorting } = (typeof kept === 'object' && kept !== null ? kept : {}) as Partial<Record<keyof ViewState, unknown>>;
  return {
    variant: typeof variant === 'string' ? variant : null,
    edits: restoreEdits(edits),
    sorting: restoreSorting(sorting),
  };
}

function restoreEdits(kept: unknown): Edits {
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(
    Object.entries(kept).filter((entry): entry is [string, string | boolean] => ['string', 'boolean'].includes(typeof entry[1])),
  );
}

function restoreSorting(kept: unknown): Sorting | null {
  if (typeof kept !== 'object' || kept === null || !('column' in kept) || !('descending' in kept)) return null;
  const column = COLUMN_IDS.find((id) => id === kept.column);
  return column ? { column, descending: kept.descending === true } : null;
}

/** Remembers the state for when the page is made anew. */
export function keepState(state: ViewState): void {
  saveState(KEY, state);
}
