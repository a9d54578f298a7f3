import type { Client, InferenceViewApi, Progress, Recipe, RunResult } from '../../src/protocol';
import { isCancelled, Latest, type Turn } from '../common/result';
import { MapStore } from './mapStore';

/** What is on the screen between two runs of the same panel. */
export interface RunState {
  readonly running: boolean;
  readonly progress: Progress | null;
  /** Why the last run gave nothing; kept until the next one. */
  readonly error: unknown;
  readonly cancelled: boolean;
  readonly result: RunResult | null;
  readonly original: ImageBitmap | null;
  readonly seen: ImageBitmap | null;
}

const INITIAL: RunState = { running: false, progress: null, error: null, cancelled: false, result: null, original: null, seen: null };

/** Runs the model for the panel and holds what came of it; `changed` is called after every change of `state` or `maps`. */
export class RunController {
  state: RunState = INITIAL;
  maps: MapStore | null = null;
  /** What the person changed of the recipe; it belongs to the model it was edited for. */
  overrides: Partial<Recipe> = {};
  private readonly work = new Latest();
  /** What is on the screen came of another model than the one that is asked for now. */
  private isAnothers = false;

  constructor(
    private readonly api: Client<InferenceViewApi>,
    private readonly changed: () => void,
  ) {}

  /**
   * Runs with the present overrides, with `another` model perhaps. A run under way is cancelled; the old result stays in
   * sight until the new one is here, or until that fails where it was to be another model's.
   */
  async run(another = false): Promise<void> {
    this.isAnothers ||= another;
    const turn = this.work.begin();
    this.set({ running: true, progress: null, error: null, cancelled: false });
    try {
      const result = await this.runOnce(turn.signal);
      if (turn.isCurrent()) await this.show(result, turn);
    } catch (error) {
      if (!turn.isCurrent()) return;
      const cancelled = isCancelled(error);
      if (!cancelled && this.isAnothers) this.drop();
      this.set({ cancelled, error: cancelled ? null : error });
    } finally {
      if (turn.isCurrent()) {
        turn.end();
        this.set({ running: false, progress: null });
      }
    }
  }

  /** Ends the run at once for the person, whenever the engine comes to it. */
  cancel(): void {
    if (!this.work.busy) return;
    this.work.drop();
    this.set({ running: false, progress: null, cancelled: true });
  }

  private async runOnce(signal: AbortSignal): Promise<RunResult> {
    const model = this.state.result?.model;
    const edited = Object.keys(this.overrides).length > 0;
    const onProgress = (progress: Progress) => {
      if (!signal.aborted) this.set({ progress });
    };
    const result = await this.api.run(edited ? { recipe: this.overrides } : {}, { signal, onProgress });
    if (!edited || model === undefined || model === result.model) return result;
    // Another model was chosen since the recipe was edited: it starts from its own.
    this.overrides = {};
    return this.api.run({}, { signal, onProgress });
  }

  private async show(result: RunResult, turn: Turn): Promise<void> {
    this.maps?.close();
    this.maps = new MapStore(this.api, result.run, this.changed);
    this.isAnothers = false;
    this.set({ result, running: false, progress: null });
    const load = async (which: 'original' | 'seen') => bitmap(await this.api.image({ run: result.run, which }, { signal: turn.signal }));
    const [original, seen] = await Promise.all([load('original'), load('seen')]);
    if (turn.isCurrent()) this.set({ original, seen });
  }

  private drop(): void {
    this.maps?.close();
    this.maps = null;
    this.set({ result: null, original: null, seen: null });
  }

  private set(part: Partial<RunState>): void {
    this.state = { ...this.state, ...part };
    if (this.maps) this.maps.paused = this.state.running;
    this.changed();
  }
}

function bitmap(png: Uint8Array): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([new Uint8Array(png)], { type: 'image/png' }));
}
