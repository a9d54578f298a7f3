import { CANCELLED, type Client, type ModelViewApi, type Progress, RemoteError } from '../../src/protocol';
import { Measured } from '../../src/report/measured';
import type { ProfileIndex } from './profileIndex';
import { t } from './strings';

/** What is measured: the view's model, once it was read. */
interface Shown {
  readonly api: Pick<Client<ModelViewApi>, 'measure'>;
  readonly index: ProfileIndex | null;
}

/** Measuring of the shown model: at most one at a time, given up when the model or its sizes change. */
export class Measuring {
  /** How far it is; `null` while nothing is measured. */
  progress: Progress | null = null;
  /** Why the last one failed; stays until dismissed or measured again. */
  error: unknown = null;
  #controller: AbortController | null = null;

  constructor(
    private readonly store: Shown,
    private readonly changed: (index: ProfileIndex | null) => void,
  ) {}

  async start(): Promise<void> {
    const { api, index } = this.store;
    if (!index || this.#controller) return;
    const controller = new AbortController();
    this.#controller = controller;
    const current = () => this.#controller === controller;
    this.error = null;
    this.#show(null);
    const onProgress = (progress: Progress) => current() && this.#show(progress);
    try {
      const report = await api.measure({}, { signal: controller.signal, onProgress });
      if (current()) this.#end(null, index.with(new Measured(report, index.profile)));
    } catch (error) {
      const stopped = error instanceof RemoteError && error.kind === CANCELLED;
      if (current()) this.#end(stopped ? null : error, null);
    }
  }

  cancel(): void {
    this.#controller?.abort();
  }

  /** For a model that is read again: what is under way concerns the old one. */
  drop(): void {
    this.cancel();
    this.#controller = null;
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
    this.#controller = null;
    this.progress = null;
    this.error = error;
    this.changed(index);
  }
}
