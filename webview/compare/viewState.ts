import { flag, type Sorting as KeptSorting, oneOf, record, someOf, sorting } from '../common/kept';
import type { KeptAs } from '../common/store';
import { CURVES_READERS, type CurvesState, FIRST_CURVES } from './curves/state';
import { FIRST_SCATTER, readScatter, type ScatterState } from './scatterAxes';

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
export type Sorting = KeptSorting<ColumnId | 'model'>;

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

/** How the comparison's state is kept. */
export const KEPT: KeptAs<ViewState> = {
  key: 'compare',
  first: {
    split: 'macs',
    columns: ['parameters', 'macs', 'weightBytes', 'peakActivationBytes', 'split', 'attention', 'top1'],
    sorting: null,
    absolute: true,
    scatter: FIRST_SCATTER,
    curves: FIRST_CURVES,
  },
  readers: {
    split: oneOf(SPLITS),
    columns: someOf(COLUMN_IDS),
    sorting: sorting(['model', ...COLUMN_IDS]),
    absolute: flag,
    scatter: readScatter,
    curves: record(CURVES_READERS),
  },
};
