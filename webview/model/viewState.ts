import type { Camera } from './graph/camera';
import { COLOR_BY, type ColorBy } from './graph/look';

/** The tabs in their order. */
export const TABS = ['graph', 'profile', 'tensors', 'attention'] as const;
/** A tab of the model editor. */
export type Tab = (typeof TABS)[number];
/** What the rows of the Profile tab can stand for. */
export const GROUPINGS = ['block', 'category', 'operator', 'node'] as const;
/** What a row of the Profile tab stands for. */
export type Grouping = (typeof GROUPINGS)[number];

/** The column that rows are sorted by, by its id. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** What the person chose; kept while the tab is hidden and when it is shown again. */
export interface ViewState {
  readonly tab: Tab;
  readonly bindings: Readonly<Record<string, number>>;
  readonly open: readonly string[];
  readonly selected: string;
  readonly camera: Camera | null;
  readonly colorBy: ColorBy;
  readonly budgetBy: 'macs' | 'parameters';
  readonly detailsShown: boolean;
  /** Pixels: width beside the view, height below it. */
  readonly detailsWidth: number;
  readonly detailsHeight: number;
  readonly grouping: Grouping;
  readonly openRows: readonly string[];
  readonly profileSort: Sorting | null;
  readonly profileFilter: string;
  readonly tensorSort: Sorting | null;
  readonly tensorFilter: string;
}

/** Of a model that is opened for the first time. */
export const INITIAL_STATE: ViewState = {
  tab: 'graph',
  bindings: {},
  open: [],
  selected: '',
  camera: null,
  colorBy: 'kind',
  budgetBy: 'macs',
  detailsShown: true,
  detailsWidth: 320,
  detailsHeight: 220,
  grouping: 'block',
  openRows: [],
  profileSort: null,
  profileFilter: '',
  tensorSort: null,
  tensorFilter: '',
};

type Check = (value: unknown) => boolean;
const oneOf =
  (values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);
const texts: Check = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isText: Check = (value) => typeof value === 'string';
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSorting: Check = (value) =>
  value === null || (isRecord(value) && isText(value['column']) && typeof value['descending'] === 'boolean');

const CHECKS: Readonly<Record<keyof ViewState, Check>> = {
  tab: oneOf(TABS),
  bindings: (value) => isRecord(value) && Object.values(value).every(isNumber),
  open: texts,
  selected: isText,
  camera: (value) =>
    value === null || (isRecord(value) && [value['x'], value['y'], value['zoom']].every(isNumber) && Number(value['zoom']) > 0),
  colorBy: oneOf(COLOR_BY),
  budgetBy: oneOf(['macs', 'parameters']),
  detailsShown: (value) => typeof value === 'boolean',
  detailsWidth: isNumber,
  detailsHeight: isNumber,
  grouping: oneOf(GROUPINGS),
  openRows: texts,
  profileSort: isSorting,
  profileFilter: isText,
  tensorSort: isSorting,
  tensorFilter: isText,
};

/** The kept state as far as it has the form we write; anything else starts afresh. */
export function restoreState(saved: unknown): ViewState {
  if (!isRecord(saved)) return INITIAL_STATE;
  const kept = Object.entries(CHECKS).filter(([key, check]) => key in saved && check(saved[key]));
  return { ...INITIAL_STATE, ...Object.fromEntries(kept.map(([key]) => [key, saved[key]])) };
}
