import type { Client, GraphLevel, ModelOverview, ModelViewApi, Progress, TensorRow } from '../../src/protocol';
import { allRows } from '../common/allRows';
import { FileEditorStore } from '../common/editor/editorStore';
import { type Fetched, isCancelled, Latest, LOADING, settled, type Turn } from '../common/result';
import { fetchContent, type Received } from './content';
import { Measuring } from './measuring';
import { ProfileIndex } from './profileIndex';
import { KEPT, type Table, type ViewState } from './viewState';

/** Groups opened by one press: more would take longer than a person waits, and fill no screen. */
const OPENED_AT_ONCE = 64;

/** The state behind the editor: what the person chose, and what the engine answered as far as it has come. */
export class ModelStore extends FileEditorStore<Client<ModelViewApi>, ViewState> {
  profile: Fetched<ProfileIndex> = LOADING;
  /** How far a reload is while the figures of before are still shown. */
  reloading: Progress | null = null;
  /** The last profile whose long lists have come: what tables show until those of the next one have. */
  complete: ProfileIndex | null = null;
  /** How far the profile's long lists are, and why they did not come. */
  content: Received = { part: 0, error: null };
  levels: ReadonlyMap<string, GraphLevel> = new Map();
  levelError: { readonly group: string; readonly error: unknown } | null = null;
  tensors: Fetched<readonly TensorRow[]> | null = null;
  /** A box that the graph is to bring into sight once it is drawn, in the middle or with the least move. */
  reveal: { readonly key: string; readonly center: boolean } | null = null;
  /** Ends when the load under way has ended, well or not. */
  loaded: Promise<void> = Promise.resolve();
  readonly measuring: Measuring;
  /** Sizes that the shown profile was made with. */
  #bindings: ViewState['bindings'] = {};
  readonly #fetching = new Map<string, Promise<void>>();
  /** A load and all that is asked about its model; late answers about the one before are dropped. */
  readonly #work = new Latest();
  #turn: Turn = this.#work.begin();

  constructor(api: Client<ModelViewApi>) {
    super(api, KEPT);
    this.measuring = new Measuring(this, (index) => {
      if (index) this.#show(index);
      this.changed();
    });
  }

  /** Asks for an image and opens the inference panel. */
  /** Running executes native code: in Restricted Mode it is not offered. */
  trusted = document.body.dataset['trusted'] !== 'false';

  trust(): void {
    this.trusted = true;
    this.changed();
  }

  runOnImage(): void {
    void this.act((api) => api.runOnImage({}));
  }

  /** Remembers which columns of a table are hidden. */
  hides(table: Table): (hidden: readonly string[]) => void {
    return (hidden) => this.update({ hiddenColumns: { ...this.state.hiddenColumns, [table]: hidden } });
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
    this.measuring.drop();
    const turn = this.#work.begin();
    this.#turn = turn;
    this.#wait(null);
    const { bindings, open } = this.state;
    const onProgress = (progress: Progress) => turn.isCurrent() && this.#wait(progress);
    const loaded = await settled(this.api.load({ bindings, groups: open }, { signal: turn.signal, onProgress }));
    if (!turn.isCurrent()) return;
    this.reloading = null;
    if (loaded.status === 'ready') this.#accept(loaded.value);
    else if (loaded.status === 'error') this.#failed(loaded.error);
  }

  /** What is on the screen stays there until the new figures are. */
  #wait(progress: Progress | null): void {
    if (this.profile.status === 'ready') this.reloading = progress ?? { stage: '', fraction: null };
    else this.profile = { status: 'loading', progress };
    this.changed();
  }

  #failed(error: unknown): void {
    if (this.profile.status === 'ready' && isCancelled(error)) this.#goBack();
    else {
      this.profile = { status: 'error', error };
      this.complete = null;
      this.changed();
    }
  }

  #show(index: ProfileIndex): void {
    this.profile = { status: 'ready', value: index };
    if (index.complete) this.complete = index;
  }

  cancelLoad(): void {
    this.#work.cancel();
  }

  /** Back to the sizes that the shown figures were counted with, here and in the host. */
  #goBack(): void {
    const same = this.state.bindings === this.#bindings;
    this.update({ bindings: this.#bindings });
    if (!same) void this.load();
    else this.fetchContent();
  }

  #accept(overview: ModelOverview): void {
    this.#show(new ProfileIndex(overview));
    this.#bindings = this.state.bindings;
    this.levels = new Map(overview.levels.map((level) => [level.group, level]));
    this.levelError = null;
    this.tensors = null;
    this.#fetching.clear();
    // An opened group may be gone from a changed file.
    this.update({ open: this.state.open.filter((group) => this.levels.has(group)) });
    this.fetchContent();
  }

  /** Asks for the nodes and blocks of the shown profile, where they are not here. */
  fetchContent(): void {
    const { index } = this;
    if (!index || index.complete) return;
    if (this.#turn.signal.aborted) this.#turn = this.#work.begin();
    void this.#fetchContent(index.profile, this.#turn);
  }

  async #fetchContent(overview: ModelOverview, turn: Turn): Promise<void> {
    const tell = (received: Received) => {
      if (!turn.isCurrent()) return;
      this.content = received;
      this.changed();
    };
    tell({ part: 0, error: null });
    const content = await settled(fetchContent(this.api, overview, turn.signal, (part) => tell({ part, error: null })));
    if (!turn.isCurrent()) return;
    if (content.status === 'ready') this.#show(new ProfileIndex(overview, content.value));
    tell({ part: 1, error: content.status === 'error' ? content.error : null });
  }

  /** Fetches a level once. */
  #fetchLevel(group: string): Promise<void> {
    if (this.levels.has(group)) return Promise.resolve();
    const known = this.#fetching.get(group);
    if (known) return known;
    const turn = this.#turn;
    const fetching = settled(this.api.graph({ group })).then((level) => {
      if (!turn.isCurrent()) return;
      if (level.status === 'ready') this.levels = new Map(this.levels).set(group, level.value);
      else this.#fetching.delete(group);
      this.levelError = level.status === 'error' ? { group, error: level.error } : null;
      this.changed();
    });
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

  /** Opens every closed group in sight, one level deeper at each call; of very many the first. */
  async expand(): Promise<void> {
    const open = new Set(this.state.open);
    const closed: string[] = [];
    const pending = [''];
    for (let group = pending.pop(); group !== undefined; group = pending.pop()) {
      for (const box of this.levels.get(group)?.boxes ?? []) if (box.kind === 'group') (open.has(box.id) ? pending : closed).push(box.id);
    }
    const wanted = closed.slice(0, OPENED_AT_ONCE);
    await Promise.all(wanted.map((group) => this.#fetchLevel(group)));
    const opened = wanted.filter((group) => this.levels.has(group));
    if (opened.length > 0) this.update({ open: [...this.state.open, ...opened] });
  }

  /** Closes every group. */
  collapse(): void {
    this.update({ open: [] });
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
    const groups = await settled(this.api.groupsOf({ node: id }));
    if (groups.status === 'ready') {
      const end = groups.value.indexOf(id);
      for (const group of end < 0 ? groups.value : groups.value.slice(0, end)) await this.openGroup(group);
    } else if (groups.status === 'error') this.levelError = { group: '', error: groups.error };
    this.reveal = { key: id, center: true };
    this.update({ tab: 'graph', selected: id });
  }

  /** Sets dimensions and counts again. */
  async bind(sizes: Readonly<Record<string, number>>): Promise<void> {
    this.update({ bindings: { ...this.state.bindings, ...sizes } });
    await this.load();
  }

  async fetchTensors(): Promise<void> {
    if (this.tensors && this.tensors.status !== 'error') return;
    const turn = this.#turn;
    this.tensors = LOADING;
    this.changed();
    const tensors = await settled(allRows((from) => this.api.tensors({ from }, { signal: turn.signal })));
    if (!turn.isCurrent()) return;
    this.tensors = tensors;
    this.changed();
  }
}
