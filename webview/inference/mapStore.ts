import type { AttentionMap, Client, InferenceViewApi } from '../../src/protocol';

/** A head's number, or the mean over all of a layer. */
export type Head = number | 'mean';

/** Most bytes of maps kept; the ones looked at longest ago go first and are asked for again. */
export const KEPT_BYTES = 256 * 1024 * 1024;
/** Requests under way at once: enough to hide the way to the engine, few enough that the pointed-at map comes soon. */
const CONCURRENT = 6;

interface Wanted {
  readonly key: string;
  readonly block: string;
  readonly head: Head;
  readonly window: number;
}

/** Fetches attention maps of one run when they are first wanted and keeps them. */
export class MapStore {
  private readonly maps = new Map<string, AttentionMap>();
  private readonly errors = new Map<string, unknown>();
  private readonly asked = new Set<string>();
  private queue: Wanted[] = [];
  private underWay = 0;
  private bytes = 0;
  private readonly stop = new AbortController();
  /** Asks for nothing while another run is made: the engine lets go of the old run then. */
  paused = false;

  /** `changed` is called whenever a map or an error has arrived. */
  constructor(
    private readonly api: Client<InferenceViewApi>,
    private readonly run: string,
    private readonly changed: () => void,
  ) {}

  /** The map, or `null` while it is on its way; asks for it if nobody has. `urgent` goes before all that waits. */
  get(block: string, head: Head, window: number, urgent = false): AttentionMap | null {
    const key = `${block}\n${head}\n${window}`;
    const known = this.maps.get(key);
    if (known) {
      // Reinserted, so that the first key is always the one used longest ago.
      this.maps.delete(key);
      this.maps.set(key, known);
      return known;
    }
    if (this.errors.has(key) || this.paused) return null;
    const wanted = { key, block, head, window };
    if (!this.asked.has(key)) {
      this.asked.add(key);
      this.queue.push(wanted);
    }
    if (urgent) this.queue.sort((a, b) => Number(b.key === key) - Number(a.key === key));
    this.pump();
    return null;
  }

  /** Why a map could not be had; `undefined` when nothing failed. */
  error(block: string, head: Head, window: number): unknown {
    return this.errors.get(`${block}\n${head}\n${window}`);
  }

  /** Ends all requests; the store must not be asked again. */
  close(): void {
    this.stop.abort();
    this.queue = [];
  }

  private pump(): void {
    while (this.underWay < CONCURRENT && !this.paused && !this.stop.signal.aborted) {
      const next = this.queue.shift();
      if (!next) return;
      this.underWay += 1;
      void this.fetch(next);
    }
  }

  private async fetch({ key, block, head, window }: Wanted): Promise<void> {
    try {
      const map = await this.api.attention({ run: this.run, block, head, window }, { signal: this.stop.signal });
      this.keep(key, map);
    } catch (error) {
      this.errors.set(key, error);
    }
    this.asked.delete(key);
    this.underWay -= 1;
    if (this.stop.signal.aborted) return;
    this.changed();
    this.pump();
  }

  private keep(key: string, map: AttentionMap): void {
    this.maps.set(key, map);
    this.bytes += map.values.byteLength;
    for (const [oldest, { values }] of this.maps) {
      if (this.bytes <= KEPT_BYTES || oldest === key) return;
      this.maps.delete(oldest);
      this.bytes -= values.byteLength;
    }
  }
}
