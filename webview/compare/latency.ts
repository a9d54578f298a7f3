import type { Client, ComparedFigures, ComparedModel, CompareViewApi, MeasuredLatency, Progress } from '../../src/protocol';
import { failureText } from '../common/failure';
import { isCancelled } from '../common/result';

/** A row's figures, counted and measured. */
export interface RowFigures extends ComparedFigures {
  /** `null` until the person asked for it. */
  readonly latency: MeasuredLatency | null;
}

/** Measures models on request: one at a time, for two at once would slow each other down. */
export class LatencyQueue {
  current: ComparedModel | null = null;
  progress: Progress | null = null;
  /** Why a model could not be measured, by its id. */
  readonly failed = new Map<string, string>();
  #waiting: readonly ComparedModel[] = [];
  #work: AbortController | null = null;

  constructor(
    private readonly api: Pick<Client<CompareViewApi>, 'measure'>,
    private readonly measured: (model: ComparedModel, latency: MeasuredLatency) => void,
    private readonly changed: () => void,
  ) {}

  /** Models still to be measured, the current one not among them. */
  get left(): number {
    return this.#waiting.length;
  }

  isWaiting({ id }: ComparedModel): boolean {
    return this.#waiting.some((model) => model.id === id);
  }

  add(models: readonly ComparedModel[]): void {
    for (const { id } of models) this.failed.delete(id);
    const fresh = models.filter((model) => model.id !== this.current?.id && !this.isWaiting(model));
    this.#waiting = [...this.#waiting, ...fresh];
    this.changed();
    void this.#measure();
  }

  /** Stops the current one and forgets the rest. */
  cancel(): void {
    this.#waiting = [];
    this.#work?.abort();
    this.changed();
  }

  async #measure(): Promise<void> {
    if (this.#work) return;
    for (let [model] = this.#waiting; model; [model] = this.#waiting) {
      this.#waiting = this.#waiting.slice(1);
      this.#work = new AbortController();
      this.current = model;
      this.progress = null;
      this.changed();
      await this.#ask(model, this.#work.signal);
      this.#work = null;
    }
    this.current = null;
    this.changed();
  }

  async #ask(model: ComparedModel, signal: AbortSignal): Promise<void> {
    const onProgress = (progress: Progress) => {
      this.progress = progress;
      this.changed();
    };
    try {
      this.measured(model, await this.api.measure({ model: model.id }, { signal, onProgress }));
    } catch (error) {
      if (!isCancelled(error)) this.failed.set(model.id, failureText(error));
    }
  }
}
