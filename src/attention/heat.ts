import type { AttentionLayer, TokenGrid } from './layer';
import { placeOf } from './places';

/** Heat over the whole of what the network saw, row-major; each cell covers an equal part of it. */
export interface Heat {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** The query that answers "where did the network look": the class token's where there is one, else the mean over all queries. */
export function defaultQuery(layer: AttentionLayer): number | 'mean' {
  return layer.queries === 1 || (layer.queryGrid?.leading ?? 0) > 0 ? 0 : 'mean';
}

/** One row of a [queries, keys] map, or the mean over its rows: attention to each key. */
export function attentionRow(map: Float32Array, keys: number, query: number | 'mean'): Float32Array {
  if (query !== 'mean') return map.slice(query * keys, (query + 1) * keys);
  const queries = map.length / keys;
  const row = new Float32Array(keys);
  for (let at = 0; at < map.length; at++) row[at % keys] = (row[at % keys] as number) + (map[at] as number) / queries;
  return row;
}

/** Attention to the patches alone, in the grid's order: leading tokens left out. */
export function patchHeat(row: Float32Array, grid: TokenGrid): Heat {
  return { rows: grid.rows, columns: grid.columns, values: row.slice(grid.leading, grid.leading + grid.rows * grid.columns) };
}

/**
 * Where a layer looked, over the whole image: by its default query for global
 * attention, by the mean over queries of every window for windowed attention.
 * @param map reads the layer's map of one window
 * @returns `null` where the keys form no grid on the image
 */
export function layerHeat(layer: AttentionLayer, map: (window: number) => Float32Array): Heat | null {
  const { keyGrid, windowGrid, keys } = layer;
  if (!keyGrid) return null;
  if (layer.windows === 1) return patchHeat(attentionRow(map(0), keys, defaultQuery(layer)), keyGrid);
  if (!windowGrid) return null;
  const rows = windowGrid.rows * keyGrid.rows;
  const columns = windowGrid.columns * keyGrid.columns;
  const values = new Float32Array(rows * columns);
  for (let window = 0; window < layer.windows; window++) {
    const { values: part } = patchHeat(attentionRow(map(window), keys, 'mean'), keyGrid);
    for (let i = 0; i < part.length; i++) {
      const { row, column } = placeOf(keyGrid, windowGrid, window, { row: Math.floor(i / keyGrid.columns), column: i % keyGrid.columns });
      values[row * columns + column] = part[i] as number;
    }
  }
  return { rows, columns, values };
}
