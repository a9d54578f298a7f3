import type { Client, ComparedModel, CompareViewApi, ComparisonSet, MeasuredLatency } from '../../src/protocol';
import { type Counted as Counting, WAITING } from '../common/counted';
import { ViewStore } from '../common/store';
import { LatencyQueue, type RowFigures } from './latency';
import { KEPT, type ViewState } from './viewState';

/** How far the counting of one model is. */
export type Counted = Counting<RowFigures>;

/** A model of the comparison with its figures as far as they are there. */
export interface Row {
  readonly model: ComparedModel;
  readonly counted: Counted;
}

/** Rows up to which each one is shown as soon as it is counted; of more, those of a quarter of a second together. */
const FEW = 40;
const PAUSE_MS = 250;

/** The comparison as the view shows it: the set, and each model's figures as they come. */
export class CompareStore extends ViewStore<Client<CompareViewApi>, ViewState> {
  set: ComparisonSet | null = null;
  /** The model that is being counted. */
  counting: ComparedModel | null = null;
  readonly #counted = new Map<string, { readonly version: string; readonly counted: Counted }>();
  /** Measures models on request. */
  readonly queue: LatencyQueue;
  #rows: readonly Row[] | null = null;
  #timer = 0;
  #work: AbortController | null = null;

  constructor(api: Client<CompareViewApi>) {
    super(api, KEPT);
    this.queue = new LatencyQueue(
      api,
      (model, latency) => this.#measured(model, latency),
      () => this.changed(),
    );
  }

  get rows(): readonly Row[] {
    this.#rows ??= (this.set?.models ?? []).map((model) => ({ model, counted: this.#of(model) }));
    return this.#rows;
  }

  get baseline(): RowFigures | null {
    const row = this.rows.find(({ model }) => model.id === this.set?.baseline);
    return row?.counted.status === 'ready' ? row.counted.figures : null;
  }

  /** Reads the set again and counts what is new in it. */
  async load(): Promise<void> {
    try {
      this.set = await this.api.load({});
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
    this.changed();
    await this.#count();
  }

  retry(model: ComparedModel): void {
    this.#counted.delete(model.id);
    void this.load();
  }

  /** Stops counting; what is not counted says so, and can be asked for again. */
  cancel(): void {
    this.#work?.abort();
  }

  #of(model: ComparedModel): Counted {
    if (model.error !== '') return { status: 'failed', error: new Error(model.error) };
    return this.#counted.get(model.id)?.counted ?? WAITING;
  }

  #next(): ComparedModel | undefined {
    return this.set?.models.find(
      (model) => model.error === '' && (this.#counted.get(model.id)?.version !== model.version || this.#of(model).status === 'waiting'),
    );
  }

  /** One model after the other: the engine is one process, and the first rows are there soonest. */
  async #count(): Promise<void> {
    if (this.#work) return;
    const work = new AbortController();
    this.#work = work;
    for (let model = this.#next(); model; model = this.#next()) {
      const { id, version } = model;
      this.counting = model;
      this.#progressed();
      try {
        const figures = await this.api.figures({ model: id }, { signal: work.signal });
        this.#counted.set(id, { version, counted: { status: 'ready', figures: { ...figures, latency: null } } });
      } catch (error) {
        this.#counted.set(id, { version, counted: { status: 'failed', error } });
      }
    }
    this.counting = null;
    this.#work = null;
    this.changed();
  }

  /** A model that was changed while it ran keeps no figure of what it was. */
  #measured({ id, version }: ComparedModel, latency: MeasuredLatency): void {
    const known = this.#counted.get(id);
    if (known?.version !== version || known.counted.status !== 'ready') return;
    this.#counted.set(id, { version, counted: { status: 'ready', figures: { ...known.counted.figures, latency } } });
  }

  /** A row more or less: shown at once, but many rows are not all rendered again for every one of them. */
  #progressed(): void {
    this.#rows = null;
    const pause = (this.set?.models.length ?? 0) <= FEW ? 0 : PAUSE_MS;
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      this.changed();
    }, pause);
  }

  protected override changed(): void {
    this.#rows = null;
    super.changed();
  }
}
