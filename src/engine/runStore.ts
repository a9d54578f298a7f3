import type { TappedLayer } from '../attention/maps';
import { UserError } from '../bytes';
import type { Raster } from '../vision/raster';

/** What is kept of a run so that its views can ask for more. */
export interface StoredRun {
  /** The upright image. */
  readonly image: Raster;
  /** What the network saw: resized and cropped. */
  readonly seen: Raster;
  readonly layers: readonly TappedLayer[];
  /** Of the image and the tapped tensors. */
  readonly bytes: number;
}

/** Runs kept; one panel shows one. */
const KEPT_RUNS = 16;
/** Images and attention maps kept together. */
const KEPT_BYTES = 2 ** 30;

/** Holds the last runs within a number and a size; the newest always stays. */
export class RunStore {
  private readonly runs = new Map<string, StoredRun>();

  constructor(
    private readonly maxRuns = KEPT_RUNS,
    private readonly maxBytes = KEPT_BYTES,
  ) {}

  add(id: string, run: StoredRun): void {
    this.runs.set(id, run);
    for (const oldest of this.runs.keys()) {
      if (oldest === id || (this.runs.size <= this.maxRuns && this.total() <= this.maxBytes)) return;
      this.runs.delete(oldest);
    }
  }

  /** @throws UserError when the run was closed or had to make room. */
  get(id: string): StoredRun {
    const run = this.runs.get(id);
    if (!run) throw new UserError('This run is no longer kept. Run the model on the image again.');
    this.runs.delete(id);
    this.runs.set(id, run);
    return run;
  }

  close(id: string): void {
    this.runs.delete(id);
  }

  private total(): number {
    let bytes = 0;
    for (const run of this.runs.values()) bytes += run.bytes;
    return bytes;
  }
}
