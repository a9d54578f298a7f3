import type { Client, ModelViewApi, Progress } from '../../src/protocol';
import { Measured } from '../../src/report/measured';
import { isCancelled, Latest } from '../common/result';
import type { ProfileIndex } from './profileIndex';
import { t } from './strings';

/** Whose model is measured. */
interface Measurable {
  readonly api: Pick<Client<ModelViewApi>, 'measure'>;
  readonly index: ProfileIndex | null;
}

/** Measuring of the shown model: at most one at a time, given up when the model or its sizes change. */
export class Measuring {
  /** How far it is; `null` while nothing is measured. */
  progress: Progress | null = null;
  /** Why the last one failed; stays until dismissed or measured again. */
  error: unknown = null;
  readonly #work = new Latest();

  constructor(
    private readonly store: Measurable,
    private readonly changed: (index: ProfileIndex | null) => void,
  ) {}

  async start(): Promise<void> {
    const { api, index } = this.store;
    if (!index?.complete || this.#work.busy) return;
    const turn = this.#work.begin();
    this.error = null;
    this.#show(null);
    const onProgress = (progress: Progress) => turn.isCurrent() && this.#show(progress);
    try {
      const report = await api.measure({}, { signal: turn.signal, onProgress });
      if (turn.isCurrent()) this.#end(null, index.with(new Measured(report, { nodes: index.rows })));
    } catch (error) {
      if (turn.isCurrent()) this.#end(isCancelled(error) ? null : error, null);
    } finally {
      turn.end();
    }
  }

  cancel(): void {
    this.#work.cancel();
  }

  /** For a model that is read again: what is under way concerns the old one. */
  drop(): void {
    this.#work.drop();
    this.progress = null;
    this.error = null;
  }

  dismiss(): void {
    this.error = null;
    this.changed(null);
  }

  #show(progress: Progress | null): void {
    this.progress = { stage: t.measuring(progress?.stage ?? ''), fraction: progress?.fraction ?? null };
    this.changed(null);
  }

  #end(error: unknown, index: ProfileIndex | null): void {
    this.progress = null;
    this.error = error;
    this.changed(index);
  }
}
