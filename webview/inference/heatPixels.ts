import type { Size } from './geometry';
import type { Heat } from './query';

/** 256 colours, red, green and blue of each after another, from the map's low end to its high end. */
export type ColorTable = Uint8Array | Uint8ClampedArray;

/** Heat as one sees it through: the strongest attention is covered fully, the weakest by this part of that. */
const FAINTEST = 0.3;

/** Value of the heat at a point given in cells, bilinear between cell centres and flat beyond the outermost. */
export function sample(heat: Heat, column: number, row: number): number {
  const x = Math.min(heat.columns - 1, Math.max(0, column - 0.5));
  const y = Math.min(heat.rows - 1, Math.max(0, row - 0.5));
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = Math.min(heat.columns - 1, left + 1);
  const bottom = Math.min(heat.rows - 1, top + 1);
  const at = (r: number, c: number) => heat.values[r * heat.columns + c] ?? 0;
  const upper = at(top, left) + (at(top, right) - at(top, left)) * (x - left);
  const lower = at(bottom, left) + (at(bottom, right) - at(bottom, left)) * (x - left);
  return upper + (lower - upper) * (y - top);
}

/**
 * RGBA pixels of the heat, `size` large, coloured from 0 to the heat's maximum.
 * Interpolates values and not colours, so that every pixel's colour is on the legend.
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
