import type { CheckpointOverview, CheckpointTensorRow, CheckpointViewApi, Client, Progress } from '../../src/protocol';
import { allRows } from '../common/allRows';
import { FileEditorStore } from '../common/editor/editorStore';
import { type Fetched, isCancelled, Latest, LOADING, settled, type Turn } from '../common/result';
import { Checking } from './health/checking';
import { ModuleTree, moduleKey } from './modules/moduleTree';
import { KEPT, type ViewState } from './viewState';

/** The state behind the editor of a checkpoint: what the person chose, and what the engine answered as far as it has come. */
export class CheckpointStore extends FileEditorStore<Client<CheckpointViewApi>, ViewState> {
  checkpoint: Fetched<CheckpointOverview> = LOADING;
  /** How far a reload is while what was read before is still shown. */
  reloading: Progress | null = null;
  readonly tree: ModuleTree;
  readonly checking: Checking;
  tensors: Fetched<readonly CheckpointTensorRow[]> | null = null;
  /** The listed tensors by name, for the selection. */
  byName: ReadonlyMap<string, CheckpointTensorRow> = new Map();
  /** How many loads there have been: what was asked about the one before is out of date. */
  loads = 0;
  /** Ends when the load under way has ended, well or not. */
  loaded: Promise<void> = Promise.resolve();
  /** A load and all that is asked about its file; late answers about the one before are dropped. */
  readonly #work = new Latest();
  #turn: Turn = this.#work.begin();

  constructor(api: Client<CheckpointViewApi>) {
    super(api, KEPT);
    this.tree = new ModuleTree(api, () => this.changed());
    this.checking = new Checking(api, () => this.changed());
  }

  /** The loaded summary, where there is one. */
  get summary(): CheckpointOverview | null {
    return this.checkpoint.status === 'ready' ? this.checkpoint.value : null;
  }

  /** Reads the file; a load under way is given up. */
  load(): Promise<void> {
    this.loaded = this.#load();
    return this.loaded;
  }

  async #load(): Promise<void> {
    const turn = this.#work.begin();
    this.#turn = turn;
    this.#wait(null);
    const onProgress = (progress: Progress) => turn.isCurrent() && this.#wait(progress);
    const loaded = await settled(this.api.load({}, { signal: turn.signal, onProgress }));
    if (!turn.isCurrent()) return;
    const before = this.reloading !== null;
    this.reloading = null;
    if (loaded.status === 'ready') {
      this.checkpoint = loaded;
      this.tensors = null;
      this.loads += 1;
      this.#begin(loaded.value);
    } else if (loaded.status === 'error' && !(before && isCancelled(loaded.error))) this.checkpoint = loaded;
    this.changed();
  }

  /** The section that the totals are of: the weights, or an averaged copy where there are none. */
  get mainSection(): string {
    const sections = this.summary?.sections ?? [];
    return (sections.find(({ kind }) => kind === 'weights') ?? sections.find(({ kind }) => kind === 'ema'))?.kind ?? '';
  }

  /** Opens again what was open, and a tree of one module at once. */
  #begin({ modules }: CheckpointOverview): void {
    this.checking.drop();
    this.tree.begin(modules);
    const [only] = modules.rows.length === 1 && modules.next === null ? modules.rows : [];
    if (only && only.children > 0 && this.state.openModules.length === 0) void this.toggleModule(only.id);
    else for (const id of this.state.openModules) void this.tree.open(id);
  }

  cancelLoad(): void {
    this.#work.cancel();
  }

  /** What is on the screen stays there until what was read anew is. */
  #wait(progress: Progress | null): void {
    if (this.checkpoint.status === 'ready') this.reloading = progress ?? { stage: '', fraction: null };
    else this.checkpoint = { status: 'loading', progress };
    this.changed();
  }

  /** Selects a module or tensor; the selection is one for all tabs. */
  select(key: string): void {
    if (key !== this.state.selected) this.update({ selected: key });
  }

  /** Asks where to save and writes tensors there. */
  extract(tensors: readonly string[], format: 'npy' | 'safetensors', name: string): void {
    void this.act((api) => api.extract({ tensors, format, name: fileNameOf(name) }));
  }

  /** Writes all tensors of a module to a file. */
  extractModule(module: number, name: string): void {
    void this.act(async (api) => {
      const rows = await allRows((from) => api.tensors({ module, from }));
      const tensors = rows.filter(({ missing }) => missing === '').map((row) => row.name);
      await api.extract({ tensors, format: 'safetensors', name: fileNameOf(name) });
    });
  }

  async toggleModule(id: number): Promise<void> {
    const { openModules } = this.state;
    if (openModules.includes(id)) return this.update({ openModules: openModules.filter((open) => open !== id) });
    await this.tree.open(id);
    if (!this.state.openModules.includes(id)) this.update({ openModules: [...this.state.openModules, id] });
  }

  /** Opens the modules around one and selects it in the tree. */
  async showModule(id: number): Promise<void> {
    for (let parent = this.tree.known.get(id)?.parent ?? null; parent !== null; parent = this.tree.known.get(parent)?.parent ?? null) {
      if (!this.state.openModules.includes(parent)) await this.toggleModule(parent);
    }
    this.update({ tab: 'modules', moduleFilter: '', selected: moduleKey(id), detailsShown: true });
  }

  /** Shows the module that a tensor stands in. */
  showModuleOf(tensor: string): Promise<void> {
    return this.act(async (api) => {
      const way = await api.modulesOf({ tensor });
      for (const id of way.slice(0, -1)) if (!this.state.openModules.includes(id)) await this.toggleModule(id);
      const last = way.at(-1);
      if (last !== undefined) this.update({ tab: 'modules', moduleFilter: '', selected: moduleKey(last) });
    });
  }

  /** Lists the tensors once. */
  async fetchTensors(): Promise<void> {
    if (this.tensors && this.tensors.status !== 'error') return;
    const turn = this.#turn;
    const whole = Math.max(1, this.summary?.totals.tensors ?? 1);
    const tell = (tensors: Fetched<readonly CheckpointTensorRow[]>) => {
      if (!turn.isCurrent()) return;
      this.tensors = tensors;
      this.changed();
    };
    tell(LOADING);
    const listed = await settled(
      allRows(
        (from) => this.api.tensors({ module: null, from }, { signal: turn.signal }),
        (count) => tell({ status: 'loading', progress: { stage: '', fraction: count / whole } }),
      ),
    );
    if (turn.isCurrent() && listed.status === 'ready') this.byName = new Map(listed.value.map((row) => [row.name, row]));
    tell(listed);
  }
}

/** A name of the file's that every disk takes, and that leads nowhere. */
function fileNameOf(name: string): string {
  return (
    name
      .replace(/[^\w.-]+/g, '_')
      .replace(/^\.+/, '')
      .slice(0, 80) || 'tensors'
  );
}
