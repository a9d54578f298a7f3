import type { EditorState } from '../common/editor/editorStore';
import { flag, number, numbers, oneOf, type Sorting, sorting, text } from '../common/kept';
import type { KeptAs } from '../common/store';

/** The tabs in their order. */
export const TABS = ['modules', 'tensors', 'health', 'trust'] as const;
/** A tab of the checkpoint editor. */
export type Tab = (typeof TABS)[number];

/** What the person chose; kept while the tab is hidden and when it is shown again. */
export interface ViewState extends EditorState {
  readonly tab: Tab;
  readonly budgetBy: 'parameters' | 'bytes';
  readonly openModules: readonly number[];
  readonly moduleSort: Sorting | null;
  readonly moduleFilter: string;
  readonly tensorSort: Sorting | null;
  readonly tensorFilter: string;
  readonly healthSort: Sorting | null;
  readonly healthFilter: string;
  readonly trustSort: Sorting | null;
  readonly trustFilter: string;
}

/** How the editor's state is kept. */
export const KEPT: KeptAs<ViewState> = {
  key: 'checkpoint',
  first: {
    tab: 'modules',
    budgetBy: 'parameters',
    openModules: [],
    moduleSort: null,
    moduleFilter: '',
    selected: '',
    detailsShown: true,
    detailsWidth: 360,
    detailsHeight: 240,
    tensorSort: null,
    tensorFilter: '',
    healthSort: null,
    healthFilter: '',
    trustSort: null,
    trustFilter: '',
  },
  readers: {
    tab: oneOf(TABS),
    budgetBy: oneOf(['parameters', 'bytes']),
    openModules: numbers,
    moduleSort: sorting(),
    moduleFilter: text,
    selected: text,
    detailsShown: flag,
    detailsWidth: number(),
    detailsHeight: number(),
    tensorSort: sorting(),
    tensorFilter: text,
    healthSort: sorting(),
    healthFilter: text,
    trustSort: sorting(),
    trustFilter: text,
  },
};
