import type { AttentionLayer, AttentionMap, TokenGrid } from '../../src/protocol';
import type { Query } from './query';

/** Shannon entropy in bits of attention over all keys: 0 looks at one token, log2(keys) at all alike. */
export function entropy(row: Float32Array): number {
  let sum = 0;
  for (const value of row) sum += value;
  if (sum <= 0) return 0;
  let bits = 0;
  for (const value of row) if (value > 0) bits -= (value / sum) * Math.log2(value / sum);
  return Math.max(0, bits);
}

/** Width and height in pixels of the model's input. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Attention distance of one query patch: the distance in input pixels from its
 * centre to each key patch's centre, weighted by attention (Dosovitskiy et al.
 * 2021, An Image is Worth 16x16 Words, section 4.5). Tokens without a place (class,
 * distillation) are left out and the rest is weighted to 1.
 */
export function attentionDistance(
  row: Float32Array,
  from: readonly [number, number],
  keys: TokenGrid,
  queries: TokenGrid,
  size: PixelSize,
): number {
  const [queryRow, queryColumn] = from;
  const y = ((queryRow + 0.5) * size.height) / queries.rows;
  const x = ((queryColumn + 0.5) * size.width) / queries.columns;
  let weighted = 0;
  let sum = 0;
  for (let index = 0; index < keys.rows * keys.columns; index++) {
    const value = row[keys.leading + index] ?? 0;
    const dy = ((Math.floor(index / keys.columns) + 0.5) * size.height) / keys.rows - y;
    const dx = (((index % keys.columns) + 0.5) * size.width) / keys.columns - x;
    weighted += value * Math.hypot(dx, dy);
    sum += value;
  }
  return sum > 0 ? weighted / sum : 0;
}

/** What is said of a query: its distance in pixels (`null` for a query without a place) and its entropy in bits. */
export interface Measures {
  readonly distance: number | null;
  readonly entropy: number;
}

/** Above this many values the mean over all queries is not computed while the pointer moves. */
const MEAN_LIMIT = 4_000_000;

/**
 * Measures of `query`. For the mean of queries both are means over the patch
 * queries of each query's own figure, as in the paper's plots, not figures of the mean map.
 */
export function measuresOf(map: AttentionMap, layer: AttentionLayer, query: Query, size: PixelSize): Measures | null {
  const { queryGrid, keyGrid } = layer;
  const rowOf = (index: number) => map.values.subarray(index * map.keys, (index + 1) * map.keys);
  if (query.kind === 'class') return { distance: null, entropy: entropy(rowOf(0)) };
  if (query.kind === 'patch' && queryGrid) {
    const row = rowOf(queryGrid.leading + query.row * queryGrid.columns + query.column);
    return {
      distance: keyGrid ? attentionDistance(row, [query.row, query.column], keyGrid, queryGrid, size) : null,
      entropy: entropy(row),
    };
  }
  if (map.queries * map.keys > MEAN_LIMIT) return null;
  const first = queryGrid?.leading ?? 0;
  const count = queryGrid ? queryGrid.rows * queryGrid.columns : map.queries;
  let bits = 0;
  let distance = 0;
  for (let index = 0; index < count; index++) {
    const row = rowOf(first + index);
    bits += entropy(row);
    if (!queryGrid || !keyGrid) continue;
    const from = [Math.floor(index / queryGrid.columns), index % queryGrid.columns] as const;
    distance += attentionDistance(row, from, keyGrid, queryGrid, size);
  }
  return { distance: queryGrid && keyGrid ? distance / count : null, entropy: bits / count };
}

/** Mean of the windows' figures; `null` where one is missing. */
export function meanMeasures(all: readonly (Measures | null)[]): Measures | null {
  const known = all.filter((one) => one !== null);
  if (known.length === 0 || known.length < all.length) return null;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const distances = known.map(({ distance }) => distance).filter((distance) => distance !== null);
  return { distance: distances.length === known.length ? mean(distances) : null, entropy: mean(known.map((one) => one.entropy)) };
}
