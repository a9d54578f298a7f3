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

/** For each of `length` pixels over `cells` cells: the cell whose centre lies before it, and how far behind that it is. */
function steps(length: number, cells: number): { readonly before: Int32Array; readonly part: Float32Array } {
  const before = new Int32Array(length);
  const part = new Float32Array(length);
  for (let pixel = 0; pixel < length; pixel++) {
    const at = Math.min(cells - 1, Math.max(0, ((pixel + 0.5) * cells) / length - 0.5));
    before[pixel] = Math.floor(at);
    part[pixel] = at - Math.floor(at);
  }
  return { before, part };
}

/**
 * The heat at each pixel of `size`, row-major: each cell's own value at its
 * centre, smooth between centres, flat beyond the outermost. Along the rows first, then along the columns.
 */
export function smoothField(heat: Heat, size: Size): Float32Array {
  const { rows, columns, values } = heat;
  const across = steps(size.width, columns);
  const down = steps(size.height, rows);
  const wide = new Float32Array(rows * size.width);
  for (let row = 0; row < rows; row++) {
    const at = (column: number) => values[row * columns + Math.min(columns - 1, Math.max(0, column))] ?? 0;
    for (let x = 0; x < size.width; x++) {
      const left = across.before[x] ?? 0;
      wide[row * size.width + x] = between(at(left - 1), at(left), at(left + 1), at(left + 2), across.part[x] ?? 0);
    }
  }
  const field = new Float32Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const top = down.before[y] ?? 0;
    const start = (row: number) => Math.min(rows - 1, Math.max(0, row)) * size.width;
    const [a, b, c, d] = [start(top - 1), start(top), start(top + 1), start(top + 2)];
    const part = down.part[y] ?? 0;
    for (let x = 0; x < size.width; x++)
      field[y * size.width + x] = between(wide[a + x] ?? 0, wide[b + x] ?? 0, wide[c + x] ?? 0, wide[d + x] ?? 0, part);
  }
  return field;
}

/** The heat at each pixel of `size`, row-major, one value per cell. */
function cellField(heat: Heat, size: Size): Float32Array {
  const field = new Float32Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const row = Math.floor(((y + 0.5) * heat.rows) / size.height) * heat.columns;
    for (let x = 0; x < size.width; x++)
      field[y * size.width + x] = heat.values[row + Math.floor(((x + 0.5) * heat.columns) / size.width)] ?? 0;
  }
  return field;
}

/**
 * RGBA pixels of the heat, `size` large, coloured from 0 to the heat's maximum.
 * Smooth heat interpolates values and not colours, so that every pixel's colour is on the legend.
 * @param see lets an image be seen through where there is little attention
 */
export function heatPixels(heat: Heat, size: Size, colors: ColorTable, smooth: boolean, see: boolean): Uint8ClampedArray<ArrayBuffer> {
  const field = smooth ? smoothField(heat, size) : cellField(heat, size);
  const pixels = new Uint8ClampedArray(field.length * 4);
  const scale = heat.maximum > 0 ? 1 / heat.maximum : 0;
  for (let index = 0; index < field.length; index++) {
    const part = Math.min(1, Math.max(0, (field[index] ?? 0) * scale));
    const color = Math.round(part * 255) * 3;
    const pixel = index * 4;
    pixels[pixel] = colors[color] ?? 0;
    pixels[pixel + 1] = colors[color + 1] ?? 0;
    pixels[pixel + 2] = colors[color + 2] ?? 0;
    pixels[pixel + 3] = see ? 255 * (FAINTEST + (1 - FAINTEST) * Math.sqrt(part)) : 255;
  }
  return pixels;
}
