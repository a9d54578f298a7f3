import { savedState, saveState } from '../../common/channel';

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

const KEY = 'compareDiff';
const FIRST: DiffState = { before: '', after: '', filter: 'all', turned: [] };

/** The state of an earlier life; whatever does not fit is replaced. */
export function restoreDiff(): DiffState {
  const kept = savedState(KEY);
  if (typeof kept !== 'object' || kept === null) return FIRST;
  const { before, after, filter } = kept as Partial<Record<keyof DiffState, unknown>>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { before: text(before), after: text(after), filter: DIFF_FILTERS.find((one) => one === filter) ?? 'all', turned: [] };
}

/** Remembers the state for when the page is made anew. */
export function keepDiff(state: DiffState): void {
  saveState(KEY, state);
}
