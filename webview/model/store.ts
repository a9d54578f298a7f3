import {
  CANCELLED,
  type Client,
  type GraphLevel,
  type ModelViewApi,
  type Profile,
  type Progress,
  RemoteError,
  type TensorRow,
} from '../../src/protocol';
import { savedState, saveState } from '../common/channel';
import { Measuring } from './measuring';
import { ProfileIndex } from './profileIndex';
import { t } from './strings';
import { restoreState, type ViewState } from './viewState';

const STATE_KEY = 'model';
/** How long a confirmation stays. */
const NOTICE_MS = 1500;

/** A result that is fetched when it is first needed. */
export type Fetched<Value> =
  | { readonly status: 'loading'; readonly progress: Progress | null }
  | { readonly status: 'error'; readonly error: unknown }
  | { readonly status: 'ready'; readonly value: Value };

/**
 * The one state behind the view: what the person chose, what the engine answered. Components read
 * it while rendering and call its methods; it tells them when anything changed.
 */
export class ModelStore {
  state: ViewState = restoreState(savedState(STATE_KEY));
  profile: Fetched<ProfileIndex> = { status: 'loading', progress: null };
  /** How far a reload is while the figures of before are still shown. */
  reloading: Progress | null = null;
  levels: ReadonlyMap<string, GraphLevel> = new Map();
  levelError: { readonly group: string; readonly error: unknown } | null = null;
  tensors: Fetched<readonly TensorRow[]> | null = null;
  hovered = '';
  /** A short confirmation, `''` for none. */
  notice = '';
  /** What the host could not do for the person; stays until dismissed. */
  problem: unknown = null;
  #noticeTimer = 0;
  /** Sizes that the shown profile was made with. */
  #bindings: ViewState['bindings'] = {};
  /** A box that the graph is to bring into sight once it is drawn, in the middle or with the least move. */
  reveal: { readonly key: string; readonly center: boolean } | null = null;
  /** Ends when the load under way has ended, well or not. */
  loaded: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<() => void>();
  readonly #fetching = new Map<string, Promise<void>>();
  #loading: AbortController | null = null;
  /** Grows with every load, so that late answers about the old file are dropped. */
  #generation = 0;

  readonly measuring: Measuring;

  constructor(readonly api: Client<ModelViewApi>) {
    this.measuring = new Measuring(this, (index) => {
      if (index) this.profile = { status: 'ready', value: index };
      this.#changed();
    });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  update(change: Partial<ViewState>): void {
    this.state = { ...this.state, ...change };
    saveState(STATE_KEY, this.state);
    this.#changed();
  }

  hover(key: string): void {
    if (key === this.hovered) return;
    this.hovered = key;
    this.#changed();
  }

  /** Puts text on the clipboard and says so. */
  copy(text: string, what: string): void {
    this.#attempt(this.api.copy({ text }), t.copied(what));
  }

  /** Asks where to save; the host confirms it itself. */
  save(name: string, bytes: Uint8Array): void {
    this.#attempt(this.api.save({ name, bytes }), '');
  }

  /** Asks for an image and opens the inference panel. */
  runOnImage(): void {
    this.#attempt(this.api.runOnImage({}), '');
  }

  dismiss(): void {
    this.problem = null;
    this.#changed();
  }

  #attempt(task: Promise<void>, notice: string): void {
    task.then(
      () => this.#say(notice),
      (error: unknown) => {
        this.problem = error;
        this.#changed();
      },
    );
  }

  #say(notice: string): void {
    if (notice === '') return;
    this.notice = notice;
    window.clearTimeout(this.#noticeTimer);
    this.#noticeTimer = window.setTimeout(() => {
      this.notice = '';
      this.#changed();
    }, NOTICE_MS);
    this.#changed();
  }

  /** The loaded profile, where there is one. */
  get index(): ProfileIndex | null {
    return this.profile.status === 'ready' ? this.profile.value : null;
  }

  /** Reads the model with the chosen sizes; a load under way is given up. */
  load(): Promise<void> {
    this.loaded = this.#load();
    return this.loaded;
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    this.measuring.drop();
    const controller = new AbortController();
    this.#loading = controller;
    const generation = ++this.#generation;
    const current = () => generation === this.#generation;
    const waiting = (progress: Progress | null) => {
      // What is on the screen stays there until the new figures are.
      if (this.profile.status === 'ready') this.reloading = progress ?? { stage: t.opening, fraction: null };
      else this.profile = { status: 'loading', progress };
      this.#changed();
    };
    waiting(null);
    try {
      const onProgress = (progress: Progress) => current() && waiting(progress);
      const profile = await this.api.load({ bindings: this.state.bindings }, { signal: controller.signal, onProgress });
      if (current()) await this.#accept(profile, current);
    } catch (error) {
      if (!current()) return;
      this.reloading = null;
      const stopped = this.profile.status === 'ready' && error instanceof RemoteError && error.kind === CANCELLED;
      if (stopped) return this.#goBack();
      this.profile = { status: 'error', error };
      this.#changed();
    }
  }

  cancelLoad(): void {
    this.#loading?.abort();
  }

  /** Back to the sizes that the shown figures were counted with, here and in the host. */
  #goBack(): void {
    const same = this.state.bindings === this.#bindings;
    this.update({ bindings: this.#bindings });
    if (!same) void this.load();
  }

  async #accept(profile: Profile, current: () => boolean): Promise<void> {
    const index = new ProfileIndex(profile);
    if (this.profile.status !== 'ready') {
      this.profile = { status: 'ready', value: index };
      this.#changed();
    }
    const levels = new Map<string, GraphLevel>();
    let failed: ModelStore['levelError'] = null;
    for (const group of ['', ...this.state.open]) {
      try {
        levels.set(group, await this.api.graph({ group }));
      } catch (error) {
        // An opened group may be gone from a changed file; the whole model is always there.
        if (group === '') failed = { group, error };
      }
    }
    if (!current()) return;
    this.profile = { status: 'ready', value: index };
    this.#bindings = this.state.bindings;
    this.reloading = null;
    this.levels = levels;
    this.levelError = failed;
    this.tensors = null;
    this.#fetching.clear();
    this.update({ open: this.state.open.filter((group) => levels.has(group)) });
  }

  /** Fetches a level once. */
  #fetchLevel(group: string): Promise<void> {
    if (this.levels.has(group)) return Promise.resolve();
    const known = this.#fetching.get(group);
    if (known) return known;
    const generation = this.#generation;
    const fetching = this.api.graph({ group }).then(
      (level) => {
        if (generation !== this.#generation) return;
        this.levels = new Map(this.levels).set(group, level);
        this.levelError = null;
        this.#changed();
      },
      (error: unknown) => {
        if (generation !== this.#generation) return;
        this.#fetching.delete(group);
        this.levelError = { group, error };
        this.#changed();
      },
    );
    this.#fetching.set(group, fetching);
    return fetching;
  }

  retryLevel(): void {
    const group = this.levelError?.group ?? '';
    if (group === '') void this.#fetchLevel('');
    else void this.openGroup(group);
  }

  async openGroup(group: string): Promise<void> {
    await this.#fetchLevel(group);
    if (this.levels.has(group) && !this.state.open.includes(group)) this.update({ open: [...this.state.open, group] });
  }

  async toggle(group: string): Promise<void> {
    if (!this.state.open.includes(group)) return this.openGroup(group);
    this.update({ open: this.state.open.filter((id) => id !== group) });
  }

  /** Selects a node or block; the selection is one for all tabs. */
  select(key: string): void {
    if (key !== this.state.selected) this.update({ selected: key });
  }

  /** Opens the groups around a node or block, selects it and brings it into sight in the graph. */
  async show(id: string): Promise<void> {
    const index = this.index;
    const node = index?.nodes.has(id) ? id : (index?.blocks.get(id)?.nodes[0] ?? id);
    try {
      const groups = await this.api.groupsOf({ node });
      const end = groups.indexOf(id);
      for (const group of end < 0 ? groups : groups.slice(0, end)) await this.openGroup(group);
    } catch (error) {
      this.levelError = { group: '', error };
    }
    this.reveal = { key: id, center: true };
    this.update({ tab: 'graph', selected: id });
  }

  /** Sets or, with null, frees a dimension and counts again. */
  async bind(name: string, value: number): Promise<void> {
    this.update({ bindings: { ...this.state.bindings, [name]: value } });
    await this.load();
  }

  async fetchTensors(): Promise<void> {
    if (this.tensors && this.tensors.status !== 'error') return;
    const generation = this.#generation;
    this.tensors = { status: 'loading', progress: null };
    this.#changed();
    let result: Fetched<readonly TensorRow[]>;
    try {
      result = { status: 'ready', value: await this.api.tensors({}) };
    } catch (error) {
      result = { status: 'error', error };
    }
    if (generation !== this.#generation) return;
    this.tensors = result;
    this.#changed();
  }
}
