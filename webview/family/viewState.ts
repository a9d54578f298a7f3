import { entries, type Sorting as KeptSorting, nullable, sorting } from '../common/kept';
import type { KeptAs } from '../common/store';
import type { Edits } from './knobs';

/** The columns of the table, in their order. */
export const COLUMN_IDS = ['variant', 'parametersPublished', 'parameters', 'costPublished', 'macs', 'top1', 'status'] as const;
/** A column of the table. */
export type ColumnId = (typeof COLUMN_IDS)[number];

/** The column that variants are sorted by. */
export type Sorting = KeptSorting<ColumnId>;

/** What the person chose; kept until the tab is closed, and over a reload of the window. */
export interface ViewState {
  /** Name of a variant; `''` for the default knobs, `null` before the first one is chosen. */
  readonly variant: string | null;
  readonly edits: Edits;
  readonly sorting: Sorting | null;
}

/** How the page's state is kept. */
export const KEPT: KeptAs<ViewState> = {
  key: 'family',
  first: { variant: null, edits: {}, sorting: null },
  readers: {
    variant: nullable((kept) => (typeof kept === 'string' ? kept : null)),
    edits: entries((value) => typeof value === 'string' || typeof value === 'boolean'),
    sorting: sorting(COLUMN_IDS),
  },
};
