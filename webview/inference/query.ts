import type { AttentionLayer, AttentionMap, TokenGrid } from '../../src/protocol';
import { fieldOf } from './windows';

/** Whose attention is looked at. Rows and columns count from 0 in the field of the layer's queries. */
export type Query =
  | { readonly kind: 'class' }
  | { readonly kind: 'mean' }
  | { readonly kind: 'patch'; readonly row: number; readonly column: number };

/** A place on the image the network saw, in parts of its width and height; it names a patch in layers of any grid. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Attention over a field of key patches, row-major, and what is needed to read it. */
export interface Heat {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  /** Largest value of the field. */
  readonly maximum: number;
  /** Share of the attention that goes to tokens before the grid (class, distillation, registers). */
  readonly leading: number;
}

/** Leading tokens of models that have registers but no class token (four or eight). */
const REGISTERS_ALONE = [4, 8];

/** True where the first of the leading tokens is a class token. */
export function hasClassToken(grid: TokenGrid | null): boolean {
  return grid !== null && grid.leading > 0 && !REGISTERS_ALONE.includes(grid.leading);
}

/** The class token where the layer has one, else the mean over all queries. */
export function defaultQuery(layer: AttentionLayer): Query {
  return hasClassToken(layer.queryGrid) ? { kind: 'class' } : { kind: 'mean' };
}

/** The patch of `layer` at `place`, or the default query where the layer's queries have no place on the image. */
export function queryAt(layer: AttentionLayer, place: Place | null): Query {
  const field = fieldOf(layer, layer.queryGrid);
  if (!place || !field) return defaultQuery(layer);
  return {
    kind: 'patch',
    row: Math.min(field.rows - 1, Math.max(0, Math.floor(place.y * field.rows))),
    column: Math.min(field.columns - 1, Math.max(0, Math.floor(place.x * field.columns))),
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

/** The attention [keys] of one query of the map's own grid, or the mean over the queries. */
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

/** Attention to the patches of a grid, the tokens before them left out. */
export function patchesOf(row: Float32Array, grid: TokenGrid): Float32Array {
  return row.slice(grid.leading, grid.leading + grid.rows * grid.columns);
}

/** A heat of values [rows, columns]; `before` holds what went to tokens without a place. */
export function heatOf(values: Float32Array, rows: number, columns: number, before: Float32Array): Heat {
  let maximum = 0;
  for (const value of values) if (value > maximum) maximum = value;
  return { rows, columns, values, maximum, leading: before.reduce((sum, value) => sum + value, 0) };
}
