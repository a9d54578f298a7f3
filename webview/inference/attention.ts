import type { AttentionLayer, AttentionMap, RunResult } from '../../src/protocol';
import { KEPT_BYTES, type MapStore } from './mapStore';
import { type Measures, measuresOf, type PixelSize } from './measures';
import { attentionOf, defaultQuery, type Heat, heatOf, matrixOf, type Place, type Query, queryAt, queryWeights } from './query';
import { canRollOut, rollout } from './rollout';

/** The row of a strip or the picture itself: one layer, and what of it. */
export interface Subject {
  readonly layer: AttentionLayer;
  readonly head: number | 'mean' | 'rollout';
  readonly window: number;
}

/** True where a layer's attention cannot be laid over the image: its keys form no grid, or a window's place is not known. */
export function standsAlone(layer: AttentionLayer): boolean {
  return layer.keyGrid === null || layer.windows > 1;
}

/** Small heats kept, so that a strip redraws without its maps. */
const KEPT_HEATS = 1024;
/** Rollout needs the maps of all layers at once; they must fit into what the store keeps. */
const ROLLOUT_BYTES = KEPT_BYTES / 2;

/** Turns the maps of one run into what the panel draws. */
export class AttentionFindings {
  readonly rolloutOffered: boolean;
  private readonly heats = new Map<string, Heat>();
  private readonly measured = new Map<string, Measures | null>();

  constructor(
    private readonly result: RunResult,
    private readonly maps: MapStore,
  ) {
    const layers = result.attention;
    const values = layers.reduce((sum, layer) => sum + layer.queries * layer.keys, 0);
    this.rolloutOffered = canRollOut(layers) && values * 4 <= ROLLOUT_BYTES;
  }

  /** The query a subject is shown for: the patch at `place`, else the layer's default. */
  queryOf({ layer }: Subject, place: Place | null): Query {
    return standsAlone(layer) ? defaultQuery(layer) : queryAt(layer, place);
  }

  /** `null` while a map is on its way. */
  heat(subject: Subject, query: Query, urgent: boolean): Heat | null {
    const key = JSON.stringify([subject.layer.block, subject.head, subject.window, query]);
    const known = this.heats.get(key);
    if (known) return known;
    const made = subject.head === 'rollout' ? this.rolled(subject.layer, query, urgent) : this.single(subject, query, urgent);
    if (!made) return null;
    for (const oldest of this.heats.keys()) {
      if (this.heats.size < KEPT_HEATS) break;
      this.heats.delete(oldest);
    }
    this.heats.set(key, made);
    return made;
  }

  /** The map behind a subject; `null` while it is on its way, and for rollout, which has none of its own. */
  map({ layer, head, window }: Subject, urgent: boolean): AttentionMap | null {
    return head === 'rollout' ? null : this.maps.get(layer.block, head, window, urgent);
  }

  /** Distance and entropy of a query; `null` while the map is on its way, for rollout, and where counting would take too long. */
  measures(subject: Subject, query: Query, size: PixelSize): Measures | null {
    const key = JSON.stringify([subject.layer.block, subject.head, subject.window, query, size]);
    const known = this.measured.get(key);
    if (known !== undefined) return known;
    const map = this.map(subject, false);
    if (!map) return null;
    const measures = measuresOf(map, subject.layer, query, size);
    this.measured.set(key, measures);
    return measures;
  }

  error({ layer, head, window }: Subject): unknown {
    const mean = head === 'rollout' ? 'mean' : head;
    const blocks = head === 'rollout' ? this.upTo(layer) : [layer];
    return blocks.map((one) => this.maps.error(one.block, mean, window)).find((error) => error !== undefined);
  }

  private single(subject: Subject, query: Query, urgent: boolean): Heat | null {
    const map = this.map(subject, urgent);
    const { keyGrid, queryGrid } = subject.layer;
    if (!map) return null;
    return keyGrid ? heatOf(attentionOf(map, queryGrid, query), keyGrid) : matrixOf(map);
  }

  private rolled(layer: AttentionLayer, query: Query, urgent: boolean): Heat | null {
    const maps: AttentionMap[] = [];
    for (const { block } of this.upTo(layer)) {
      const map = this.maps.get(block, 'mean', 0, urgent);
      if (map) maps.push(map);
    }
    if (maps.length < this.upTo(layer).length || !layer.keyGrid) return null;
    return heatOf(rollout(maps, queryWeights(layer.queryGrid, layer.queries, query)), layer.keyGrid);
  }

  private upTo(layer: AttentionLayer): readonly AttentionLayer[] {
    return this.result.attention.slice(0, this.result.attention.indexOf(layer) + 1);
  }
}
