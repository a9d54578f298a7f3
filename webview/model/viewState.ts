import { TOOLS, type ToolName } from '../../src/protocol';
import type { EditorState } from '../common/editor/editorStore';
import { entries, flag, nullable, number, oneOf, record, type Sorting, sorting, text, texts } from '../common/kept';
import type { KeptAs } from '../common/store';
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

/** Tabs that are tables. */
export type Table = Exclude<Tab, 'graph'>;

/** What the person chose; kept while the tab is hidden and when it is shown again. */
export interface ViewState extends EditorState {
  readonly tab: Tab;
  readonly bindings: Readonly<Record<string, number>>;
  readonly open: readonly string[];
  readonly camera: Camera | null;
  readonly colorBy: ColorBy;
  readonly budgetBy: 'macs' | 'parameters';
  readonly grouping: Grouping;
  readonly openRows: readonly string[];
  readonly profileSort: Sorting | null;
  readonly profileFilter: string;
  /** The tool whose figures stand beside ours; `''` for none. */
  readonly countedAs: ToolName | '';
  readonly tensorSort: Sorting | null;
  readonly tensorFilter: string;
  /** Columns that the person has hidden, by table. */
  readonly hiddenColumns: Readonly<Record<Table, readonly string[]>>;
}

function isFigure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function camera(kept: unknown): Camera | null {
  const { x, y, zoom } = (kept ?? {}) as Partial<Record<keyof Camera, unknown>>;
  return isFigure(x) && isFigure(y) && isFigure(zoom) && zoom > 0 ? { x, y, zoom } : null;
}

/** How the editor's state is kept. */
export const KEPT: KeptAs<ViewState> = {
  key: 'model',
  first: {
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
    countedAs: '',
    tensorSort: null,
    tensorFilter: '',
    hiddenColumns: { profile: [], tensors: [], attention: [] },
  },
  readers: {
    tab: oneOf(TABS),
    bindings: entries(isFigure),
    open: texts,
    selected: text,
    camera: nullable(camera),
    colorBy: oneOf(COLOR_BY),
    budgetBy: oneOf(['macs', 'parameters']),
    detailsShown: flag,
    detailsWidth: number(),
    detailsHeight: number(),
    grouping: oneOf(GROUPINGS),
    openRows: texts,
    profileSort: sorting(),
    profileFilter: text,
    countedAs: oneOf(['', ...TOOLS]),
    tensorSort: sorting(),
    tensorFilter: text,
    hiddenColumns: record({ profile: texts, tensors: texts, attention: texts }),
  },
};
