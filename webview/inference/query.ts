import type { AttentionLayer, AttentionMap, TokenGrid } from '../../src/protocol';

/** Whose attention is looked at. Rows and columns count from 0 in the layer's query grid. */
export type Query =
  | { readonly kind: 'class' }
  | { readonly kind: 'mean' }
  | { readonly kind: 'patch'; readonly row: number; readonly column: number };

/** A place on the image the network saw, in parts of its width and height; it names a patch in layers of any grid. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Attention over a grid of key patches, row-major, and what is needed to read it. */
export interface Heat {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  /** Largest value of the grid. */
  readonly maximum: number;
  /** Share of the attention that goes to tokens before the grid (class, distillation). */
  readonly leading: number;
}

/** The class token where the layer has one, else the mean over all queries. */
export function defaultQuery(layer: AttentionLayer): Query {
  return layer.queryGrid && layer.queryGrid.leading > 0 ? { kind: 'class' } : { kind: 'mean' };
}

/** The patch of `layer` at `place`, or the default query where the layer's queries form no grid. */
export function queryAt(layer: AttentionLayer, place: Place | null): Query {
  const grid = layer.queryGrid;
  if (!place || !grid) return defaultQuery(layer);
  return {
    kind: 'patch',
    row: Math.min(grid.rows - 1, Math.max(0, Math.floor(place.y * grid.rows))),
    column: Math.min(grid.columns - 1, Math.max(0, Math.floor(place.x * grid.columns))),
  };
}

/** Weights [queries] that sum to 1 and say which rows of an attention map `query` stands for. */
export function queryWeights(grid: TokenGrid | null, queries: number, query: Query): Float32Array {
  const weights = new Float32Array(queries);
  if (query.kind === 'class') weights[0] = 1;
  else if (query.kind === 'patch' && grid) weights[grid.leading + query.row * grid.columns + query.column] = 1;
  else weights.fill(1 / queries);
  return weights;
}

/** The attention [keys] of one query, or the mean over the queries. */
export function attentionOf(map: AttentionMap, grid: TokenGrid | null, query: Query): Float32Array {
  const { queries, keys, values } = map;
  if (query.kind === 'class') return values.slice(0, keys);
  if (query.kind === 'patch' && grid) {
    const row = grid.leading + query.row * grid.columns + query.column;
    return values.slice(row * keys, (row + 1) * keys);
  }
  const sum = new Float64Array(keys);
  for (let row = 0; row < queries; row++) for (let key = 0; key < keys; key++) sum[key] = (sum[key] ?? 0) + (values[row * keys + key] ?? 0);
  return Float32Array.from(sum, (value) => value / queries);
}

/** Lays attention [keys] on the grid of patches. */
export function heatOf(row: Float32Array, grid: TokenGrid): Heat {
  const values = row.slice(grid.leading, grid.leading + grid.rows * grid.columns);
  return { rows: grid.rows, columns: grid.columns, values, maximum: largest(values), leading: total(row.subarray(0, grid.leading)) };
}

/** The whole map [queries, keys] as a picture, for layers whose tokens cannot be placed on the image. */
export function matrixOf(map: AttentionMap): Heat {
  return { rows: map.queries, columns: map.keys, values: map.values, maximum: largest(map.values), leading: 0 };
}

function largest(values: Float32Array): number {
  let maximum = 0;
  for (const value of values) if (value > maximum) maximum = value;
  return maximum;
}

function total(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
