import type { TokenGrid } from './layer';

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Tokens that models put before the patches: none, class, class and distillation, class and four registers, registers alone. */
const LEADING = [0, 1, 2, 5, 4, 8, 9];
/** How far from square a patch may be when the image does not divide evenly. */
const MAX_STRETCH = 1.2;

/**
 * Finds the grid that `tokens` tokens form over an image of the given size:
 * first one whose patches are square and divide the image, then one that has
 * its aspect ratio; the fewest leading tokens win. `null` when none fits.
 */
export function tokenGrid(tokens: number, image: ImageSize, leading: readonly number[] = LEADING): TokenGrid | null {
  return firstGrid(tokens, image, leading, true) ?? firstGrid(tokens, image, leading, false);
}

/** A square window's grid, or `null` when the number of tokens is no square. */
export function windowTokens(tokens: number): TokenGrid | null {
  const side = Math.round(Math.sqrt(tokens));
  return side > 1 && side * side === tokens ? { leading: 0, rows: side, columns: side } : null;
}

function firstGrid(tokens: number, image: ImageSize, leading: readonly number[], exact: boolean): TokenGrid | null {
  for (const count of leading) {
    const patches = tokens - count;
    if (patches < 4) continue;
    const rows = Math.round(Math.sqrt((patches * image.height) / image.width));
    for (const candidate of exact ? [rows] : [rows, rows - 1, rows + 1]) {
      const grid = gridWith(candidate, patches, count, image, exact);
      if (grid) return grid;
    }
  }
  return null;
}

function gridWith(rows: number, patches: number, leading: number, image: ImageSize, exact: boolean): TokenGrid | null {
  const columns = patches / rows;
  if (rows < 2 || columns < 2 || !Number.isInteger(columns)) return null;
  const high = image.height / rows;
  const wide = image.width / columns;
  const fits = exact ? high === wide && Number.isInteger(high) : Math.max(high / wide, wide / high) < MAX_STRETCH;
  return fits ? { leading, rows, columns } : null;
}
