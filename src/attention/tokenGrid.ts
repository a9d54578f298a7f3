import type { TokenGrid } from './layer';

/** In pixels, as the network saw the image. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Tokens that models put before the patches: none, class, class and distillation, class and four registers, registers alone. */
const LEADING = [0, 1, 2, 5, 4, 8, 9];
/** Fewer are no picture: a 2 x 2 grid is the smallest. */
const MIN_PATCHES = 4;

type Cells = Pick<TokenGrid, 'rows' | 'columns'>;

/**
 * Finds the grid that `tokens` tokens form over an image of the given size:
 * first one whose patches are square and divide the image, then one of a stride
 * that does not divide it; the fewest leading tokens win. `null` when none fits.
 */
export function tokenGrid(tokens: number, image: ImageSize, leading: readonly number[] = LEADING): TokenGrid | null {
  return (
    firstGrid(tokens, leading, (patches) => exactGrid(patches, image)) ??
    firstGrid(tokens, leading, (patches) => roundedGrid(patches, image))
  );
}

/** A square window's grid, or `null` when the number of tokens is no square. */
export function windowTokens(tokens: number): TokenGrid | null {
  const side = Math.round(Math.sqrt(tokens));
  return side > 1 && side * side === tokens ? { leading: 0, rows: side, columns: side } : null;
}

function firstGrid(tokens: number, leading: readonly number[], find: (patches: number) => Cells | null): TokenGrid | null {
  for (const count of leading) {
    const cells = tokens - count < MIN_PATCHES ? null : find(tokens - count);
    if (cells) return { leading: count, ...cells };
  }
  return null;
}

/** Square patches that divide the image. */
function exactGrid(patches: number, image: ImageSize): Cells | null {
  const rows = Math.round(Math.sqrt((patches * image.height) / image.width));
  const columns = patches / rows;
  const stride = image.height / rows;
  return isGrid(rows, columns) && Number.isInteger(stride) && stride === image.width / columns ? { rows, columns } : null;
}

/** Some stride whose rest at the edges was padded or cut off. */
function roundedGrid(patches: number, image: ImageSize): Cells | null {
  for (const round of [Math.ceil, Math.floor]) {
    for (let stride = 1; stride <= Math.max(image.height, image.width) / 2; stride++) {
      const rows = round(image.height / stride);
      const columns = round(image.width / stride);
      if (rows * columns === patches && isGrid(rows, columns)) return { rows, columns };
    }
  }
  return null;
}

function isGrid(rows: number, columns: number): boolean {
  return rows > 1 && columns > 1 && Number.isInteger(columns);
}
