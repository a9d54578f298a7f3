import { type AttentionLayer, placeOf, type TokenGrid, windowAt } from '../../src/protocol';

/** Windows of a layer that are fetched for a picture of all of them; a layer with more shows one at a time. */
const MOST_WINDOWS = 1024;

/** Patches over all that the network saw: those of the grid, or of all windows together. */
export interface Field {
  readonly rows: number;
  readonly columns: number;
}

/** True where a layer's attention cannot be laid over the image: its keys form no grid, or its windows' places are not known. */
export function standsAlone(layer: AttentionLayer): boolean {
  return layer.keyGrid === null || (layer.windows > 1 && (!layer.windowGrid || layer.windows > MOST_WINDOWS));
}

/** The field of a layer's queries or keys; `null` where they have no place on the image. */
export function fieldOf(layer: AttentionLayer, grid: TokenGrid | null): Field | null {
  if (!grid || standsAlone(layer)) return null;
  const { windowGrid } = layer;
  if (layer.windows === 1 || !windowGrid) return { rows: grid.rows, columns: grid.columns };
  return { rows: grid.rows * windowGrid.rows, columns: grid.columns * windowGrid.columns };
}

/** A patch of the field as the window that holds it and its place inside, however the map was cut. */
export function inWindow(
  layer: AttentionLayer,
  grid: TokenGrid,
  row: number,
  column: number,
): { window: number; row: number; column: number } {
  const { windowGrid } = layer;
  if (layer.windows === 1 || !windowGrid) return { window: 0, row, column };
  return windowAt(grid, windowGrid, { row, column });
}

/** Writes the values of one window's patches, row-major, to their places in the field. */
export function placeWindow(layer: AttentionLayer, grid: TokenGrid, window: number, part: Float32Array, field: Float32Array): void {
  const { windowGrid } = layer;
  if (layer.windows === 1 || !windowGrid) {
    field.set(part);
    return;
  }
  const columns = grid.columns * windowGrid.columns;
  part.forEach((value, index) => {
    const { row, column } = placeOf(grid, windowGrid, window, { row: Math.floor(index / grid.columns), column: index % grid.columns });
    field[row * columns + column] = value;
  });
}
