import { oneOf, text } from '../../common/kept';
import type { KeptAs } from '../../common/store';

/** Which changes can be shown alone. */
export const DIFF_FILTERS = ['all', 'added', 'removed', 'changed'] as const;
/** Which changes are shown. */
export type DiffFilter = (typeof DIFF_FILTERS)[number];

/** What the person chose of the difference between two models. */
export interface DiffState {
  /** Ids of the two models; `''` for the baseline, and for the first of the others. */
  readonly before: string;
  readonly after: string;
  readonly filter: DiffFilter;
  /** Rows that were opened or closed against how they come. */
  readonly turned: readonly string[];
}

/** How they are kept: which rows were turned belongs to one difference, and is not. */
export const KEPT: KeptAs<DiffState> = {
  key: 'compareDiff',
  first: { before: '', after: '', filter: 'all', turned: [] },
  readers: { before: text, after: text, filter: oneOf(DIFF_FILTERS), turned: () => [] },
};
