import { savedState, saveState } from '../common/channel';
import { type CurvesState, FIRST_CURVES, restoreCurves } from './curves/state';
import { FIRST_SCATTER, restoreScatter, type ScatterState } from './scatterAxes';

/** What a model's cost can be split by: the measures that every budget has. */
export const SPLITS = ['macs', 'flops', 'parameters', 'weightBytes', 'activationBytes'] as const;
/** The measure that bars are divided by. */
export type Split = (typeof SPLITS)[number];

/** Columns that can be shown, in the order of the menu. */
export const COLUMN_IDS = [
  'parameters',
  'trainableParameters',
  'macs',
  'flops',
  'weightBytes',
  'peakActivationBytes',
  'split',
  'convolution',
  'attention',
  'feedForward',
  'other',
  'receptiveField',
  'latency',
  'top1',
] as const;

/** A column that can be shown. */
export type ColumnId = (typeof COLUMN_IDS)[number];

/** The column that rows are sorted by; unknown figures come last either way. */
export interface Sorting {
  readonly column: ColumnId | 'model';
  readonly descending: boolean;
}

/** What the person chose; kept until the tab is closed. */
export interface ViewState {
  readonly split: Split;
  readonly columns: readonly ColumnId[];
  readonly sorting: Sorting | null;
  /** Every bar as long as its model's cost, or all of one length. */
  readonly absolute: boolean;
  readonly scatter: ScatterState;
  readonly curves: CurvesState;
}

const KEY = 'compare';
const FIRST: ViewState = {
  split: 'macs',
  columns: ['parameters', 'macs', 'weightBytes', 'peakActivationBytes', 'split', 'attention', 'top1'],
  sorting: null,
  absolute: true,
  scatter: FIRST_SCATTER,
  curves: FIRST_CURVES,
};

/** The state of an earlier life; whatever does not fit is replaced. */
export function restoreState(): ViewState {
  const kept = savedState(KEY);
  if (typeof kept !== 'object' || kept === null) return FIRST;
  const { split, columns, sorting, absolute, scatter, curves } = kept as Partial<Record<keyof ViewState, unknown>>;
  return {
    split: SPLITS.find((one) => one === split) ?? FIRST.split,
    columns: Array.isArray(columns) ? COLUMN_IDS.filter((id) => columns.includes(id)) : FIRST.columns,
    sorting: restoreSorting(sorting),
    absolute: typeof absolute === 'boolean' ? absolute : FIRST.absolute,
    scatter: restoreScatter(scatter),
    curves: restoreCurves(curves),
  };
}

function restoreSorting(kept: unknown): Sorting | null {
  if (typeof kept !== 'object' || kept === null || !('column' in kept) || !('descending' in kept)) return null;
  const column = (['model', ...COLUMN_IDS] as const).find((id) => id === kept.column);
  return column ? { column, descending: kept.descending === true } : null;
}

/** Remembers the state for when the page is made anew. */
export function keepState(state: ViewState): void {
  saveState(KEY, state);
}
