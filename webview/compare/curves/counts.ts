import type { Client, ComparedModel, CompareViewApi, SizedFigures } from '../../../src/protocol';
import { failureText } from '../../common/failure';
import { isCancelled } from '../../common/result';

/** Sizes of one model that are to be counted. */
export interface Job {
  readonly model: ComparedModel;
  readonly sizes: readonly number[];
}

interface Known {
  readonly version: string;
  readonly rows: Map<number, SizedFigures>;
}

const NOTHING: ReadonlyMap<number, SizedFigures> = new Map();

/** Models counted at sizes: one request after the other, kept for as long as the model stays the same. */
export class SizeCounts {
  /** What is being counted. */
  current: Job | null = null;
  /** Part of 1 of the current job. */
  fraction = 0;
  /** True after the person cancelled, until they ask again. */
  stopped = false;
  readonly #known = new Map<string, Known>();
  #jobs: readonly Job[] = [];
  #work: AbortController | null = null;

  constructor(
    private readonly api: Pick<Client<CompareViewApi>, 'figuresAt'>,
    private readonly changed: () => void,
  ) {}

  /** What is known of a model, by size. */
  rows({ id, version }: ComparedModel): ReadonlyMap<number, SizedFigures> {
    const known = this.#known.get(id);
    return known?.version === version ? known.rows : NOTHING;
  }

  /** Sets what is wanted, most urgent first; what is known already is not counted again. */
  want(jobs: readonly Job[]): void {
    this.#jobs = jobs;
    if (!this.stopped) void this.#count();
  }

  cancel(): void {
    this.stopped = true;
    this.#work?.abort();
    this.changed();
  }

  resume(): void {
    this.stopped = false;
    void this.#count();
  }

  /** Stops without a word, for a view that goes away. */
  dispose(): void {
    this.#jobs = [];
    this.#work?.abort();
  }

  missing({ model, sizes }: Job): readonly number[] {
    const rows = this.rows(model);
    return sizes.filter((size) => !rows.has(size));
  }

  #next(): Job | null {
    for (const job of this.#jobs) {
      const sizes = this.missing(job);
      if (sizes.length > 0) return { model: job.model, sizes };
    }
    return null;
  }

  async #count(): Promise<void> {
    // Whoever hears of a change asks again: nothing to do must be no change.
    if (this.#work || !this.#next()) return;
    const work = new AbortController();
    this.#work = work;
    for (let job = this.#next(); job && !work.signal.aborted; job = this.#next()) {
      this.current = job;
      this.fraction = 0;
      this.changed();
      await this.#ask(job, work.signal);
    }
    this.#work = null;
    this.current = null;
    this.changed();
  }

  async #ask({ model, sizes }: Job, signal: AbortSignal): Promise<void> {
    const onProgress = ({ fraction }: { readonly fraction: number | null }) => {
      this.fraction = fraction ?? 0;
      this.changed();
    };
    try {
      const rows = await this.api.figuresAt({ model: model.id, sizes }, { signal, onProgress });
      if (sizes.some((size) => !rows.some((row) => row.size === size))) throw new Error(`Not every size of ${model.name} was answered.`);
      this.#keep(model, rows);
    } catch (error) {
      if (signal.aborted && isCancelled(error)) return;
      const message = failureText(error);
      this.#keep(
        model,
        sizes.map((size) => ({ size, figures: null, error: message })),
      );
    }
  }

  #keep({ id, version }: ComparedModel, rows: readonly SizedFigures[]): void {
    const known = this.#known.get(id);
    const kept = known?.version === version ? known : { version, rows: new Map<number, SizedFigures>() };
    for (const row of rows) kept.rows.set(row.size, row);
    this.#known.set(id, kept);
  }
}
