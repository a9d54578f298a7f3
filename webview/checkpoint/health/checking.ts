import type { CheckpointViewApi, Client, HealthReport, Progress } from '../../../src/protocol';
import { isCancelled, Latest } from '../../common/result';
import { t } from '../strings';

/** Checking of a file's values: one at a time, given up when the file is read anew. */
export class Checking {
  report: HealthReport | null = null;
  /** How far it is; `null` while nothing is checked. */
  progress: Progress | null = null;
  /** Why the last one failed. */
  error: unknown = null;
  /** True once this file's check was begun, however it ended: only the person begins it again. */
  asked = false;
  readonly #work = new Latest();

  constructor(
    private readonly api: Pick<Client<CheckpointViewApi>, 'health'>,
    private readonly changed: () => void,
  ) {}

  async start(): Promise<void> {
    if (this.#work.busy) return;
    const turn = this.#work.begin();
    this.asked = true;
    this.error = null;
    this.#show(null);
    try {
      const onProgress = (progress: Progress) => turn.isCurrent() && this.#show(progress);
      const report = await this.api.health({}, { signal: turn.signal, onProgress });
      if (turn.isCurrent()) this.report = report;
    } catch (error) {
      if (turn.isCurrent() && !isCancelled(error)) this.error = error;
    } finally {
      if (turn.isCurrent()) this.progress = null;
      turn.end();
      this.changed();
    }
  }

  cancel(): void {
    this.#work.cancel();
  }

  /** The file was read anew: what is known is of the one before. */
  drop(): void {
    this.#work.drop();
    this.report = null;
    this.progress = null;
    this.error = null;
    this.asked = false;
  }

  #show(progress: Progress | null): void {
    this.progress = { ...(progress ?? { fraction: null }), stage: t.checking };
    this.changed();
  }
}
