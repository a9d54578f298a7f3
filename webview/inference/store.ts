import type { Client, InferenceViewApi } from '../../src/protocol';
import { ViewStore } from '../common/store';
import { RunController } from './runController';
import { KEPT, type Look } from './selection';

/** The state behind the panel: the look the person chose, and the run. */
export class InferenceStore extends ViewStore<Client<InferenceViewApi>, Look> {
  readonly runs: RunController;
  #frame = 0;

  constructor(api: Client<InferenceViewApi>) {
    super(api, KEPT);
    this.runs = new RunController(api, () => this.#later());
  }

  /** Runs with the present recipe; what could not be done before is forgotten. */
  run(another = false): void {
    this.problem = null;
    void this.runs.run(another);
  }

  /** Waits for what the host does, so that a failure is seen. */
  wait(done: Promise<void>): void {
    void this.act(() => done);
  }

  /** Many maps arrive at once; one frame draws them all. */
  #later(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.changed();
    });
  }
}
