import type { Size } from './geometry';
import type { Heat } from './query';

/** 256 colours, red, green and blue of each after another, from the map's low end to its high end. */
export type ColorTable = Uint8Array | Uint8ClampedArray;

/** Heat as one sees it through: the strongest attention is covered fully, the weakest by this part of that. */
const FAINTEST = 0.15;

/** Cubic through `b` and `c` at 0 and 1 (Catmull and Rom 1974), kept between them so that nothing is drawn that no cell holds. */
function between(a: number, b: number, c: number, d: number, t: number): number {
  const value = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  return Math.min(Math.max(b, c), Math.max(Math.min(b, c), value));
}

/** Value of the heat at a point given in cells: each cell's own at its centre, smooth between centres, flat beyond the outermost. */
export function sample(heat: Heat, column: number, row: number): number {
  const { rows, columns, values } = heat;
  const x = Math.min(columns - 1, Math.max(0, column - 0.5));
  const y = Math.min(rows - 1, Math.max(0, row - 0.5));
  const left = Math.floor(x);
  const top = Math.floor(y);
  const at = (r: number, c: number) => values[Math.min(rows - 1, Math.max(0, r)) * columns + Math.min(columns - 1, Math.max(0, c))] ?? 0;
  const along = (r: number) => between(at(r, left - 1), at(r, left), at(r, left + 1), at(r, left + 2), x - left);
  return between(along(top - 1), along(top), along(top + 1), along(top + 2), y - top);
}

/**
 * RGBA pixels of the heat, `size` large, coloured from 0 to the heat's maximum.
 * Smooth heat interpolates values and not colours, so that every pixel's colour is on the legend.
 */
export function heatPixels(heat: Heat, size: Size, colors: ColorTable, smooth: boolean, see: boolean): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(size.width * size.height * 4);
  const scale = heat.maximum > 0 ? 1 / heat.maximum : 0;
  for (let y = 0; y < size.height; y++) {
    const row = ((y + 0.5) * heat.rows) / size.height;
    for (let x = 0; x < size.width; x++) {
      const column = ((x + 0.5) * heat.columns) / size.width;
      const value = smooth ? sample(heat, column, row) : (heat.values[Math.floor(row) * heat.columns + Math.floor(column)] ?? 0);
      const part = value * scale;
      const color = Math.min(255, Math.round(part * 255)) * 3;
      const pixel = (y * size.width + x) * 4;
      pixels[pixel] = colors[color] ?? 0;
      pixels[pixel + 1] = colors[color + 1] ?? 0;
      pixels[pixel + 2] = colors[color + 2] ?? 0;
      pixels[pixel + 3] = see ? 255 * (FAINTEST + (1 - FAINTEST) * Math.sqrt(Math.min(1, Math.max(0, part)))) : 255;
    }
  }
  return pixels;
}
