import type { AttentionLayer, AttentionMap, RunResult } from '../../src/protocol';
import { KEPT_BYTES, type MapStore } from './mapStore';
import { type Measures, meanMeasures, measuresOf, type PixelSize } from './measures';
import { attentionOf, defaultQuery, type Heat, heatOf, type Place, patchesOf, type Query, queryAt, queryWeights } from './query';
import { canRollOut, rollout } from './rollout';
import { fieldOf, inWindow, placeWindow, standsAlone } from './windows';

/** What a thumbnail or the picture shows: one layer, and what of it. */
export interface Subject {
  readonly layer: AttentionLayer;
  readonly head: number | 'mean' | 'rollout';
  /** The window of a layer whose windows have no known place. */
  readonly window: number;
}

/** The maps a query needs, and the query in each map's own grid. */
interface Needed {
  readonly windows: readonly number[];
  readonly inner: Query;
}

/** Small heats kept, so that a strip redraws without its maps. */
const KEPT_HEATS = 1024;
/** Rollout needs the maps of all layers at once; they must fit into what the store keeps. */
const ROLLOUT_BYTES = KEPT_BYTES / 2;
const NOTHING = new Float32Array(0);

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
    return queryAt(layer, place);
  }

  /** `null` while a map is on its way. */
  heat(subject: Subject, query: Query, urgent: boolean): Heat | null {
    const key = JSON.stringify([subject.layer.block, subject.head, subject.window, query]);
    const known = this.heats.get(key);
    if (known) return known;
    const made = subject.head === 'rollout' ? this.rolled(subject.layer, query, urgent) : this.laid(subject, query, urgent);
    if (!made) return null;
    for (const oldest of this.heats.keys()) {
      if (this.heats.size < KEPT_HEATS) break;
      this.heats.delete(oldest);
    }
    this.heats.set(key, made);
    return made;
  }

  /** Distance and entropy of a query; `null` while a map is on its way, for rollout, and where counting would take too long. */
  measures(subject: Subject, query: Query, size: PixelSize): Measures | null {
    const key = JSON.stringify([subject.layer.block, subject.head, subject.window, query, size]);
    const known = this.measured.get(key);
    if (known !== undefined) return known;
    const { layer } = subject;
    const { windows, inner } = needed(subject, query);
    const maps = this.all(subject, windows, false);
    if (!maps) return null;
    const grid = layer.windowGrid ?? { rows: 1, columns: 1 };
    const own = { width: size.width / grid.columns, height: size.height / grid.rows };
    const measures = meanMeasures(maps.map((map) => measuresOf(map, layer, inner, own)));
    this.measured.set(key, measures);
    return measures;
  }

  /** Why a subject's map could not be had; `undefined` when nothing failed. */
  error({ layer, head, window }: Subject): unknown {
    const mean = head === 'rollout' ? 'mean' : head;
    const blocks = head === 'rollout' ? this.upTo(layer) : [layer];
    return blocks.map((one) => this.maps.error(one.block, mean, window)).find((error) => error !== undefined);
  }

  /** The maps of some windows, once all are here. */
  private all({ layer, head }: Subject, windows: readonly number[], urgent: boolean): readonly AttentionMap[] | null {
    if (head === 'rollout') return null;
    const maps = windows.map((window) => this.maps.get(layer.block, head, window, urgent));
    const here = maps.filter((map) => map !== null);
    return here.length === maps.length ? here : null;
  }

  /** Each window's attention at its place in the field; the whole matrix where there is no place. */
  private laid(subject: Subject, query: Query, urgent: boolean): Heat | null {
    const { layer } = subject;
    const { keyGrid, queryGrid } = layer;
    const { windows, inner } = needed(subject, query);
    const maps = this.all(subject, windows, urgent);
    const [first] = maps ?? [];
    if (!maps || !first) return null;
    if (!keyGrid) return heatOf(first.values, first.queries, first.keys, NOTHING);
    const field = fieldOf(layer, keyGrid) ?? keyGrid;
    const values = new Float32Array(field.rows * field.columns);
    let before: Float32Array = NOTHING;
    maps.forEach((map, index) => {
      const row = attentionOf(map, queryGrid, inner);
      before = row.subarray(0, keyGrid.leading);
      if (standsAlone(layer)) values.set(patchesOf(row, keyGrid));
      else placeWindow(layer, keyGrid, windows[index] ?? 0, patchesOf(row, keyGrid), values);
    });
    return heatOf(values, field.rows, field.columns, before);
  }

  private rolled(layer: AttentionLayer, query: Query, urgent: boolean): Heat | null {
    const layers = this.upTo(layer);
    const maps = layers.map(({ block }) => this.maps.get(block, 'mean', 0, urgent)).filter((map) => map !== null);
    const { keyGrid } = layer;
    if (maps.length < layers.length || !keyGrid) return null;
    const row = rollout(maps, queryWeights(layer.queryGrid, layer.queries, query));
    return heatOf(patchesOf(row, keyGrid), keyGrid.rows, keyGrid.columns, row.subarray(0, keyGrid.leading));
  }

  private upTo(layer: AttentionLayer): readonly AttentionLayer[] {
    return this.result.attention.slice(0, this.result.attention.indexOf(layer) + 1);
  }
}

function needed({ layer, window }: Subject, query: Query): Needed {
  if (standsAlone(layer)) return { windows: [window], inner: defaultQuery(layer) };
  if (query.kind === 'patch' && layer.queryGrid) {
    const at = inWindow(layer, layer.queryGrid, query.row, query.column);
    return { windows: [at.window], inner: { kind: 'patch', row: at.row, column: at.column } };
  }
  return { windows: Array.from({ length: layer.windows }, (_, index) => index), inner: query };
}
