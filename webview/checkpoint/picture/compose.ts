/** Numbers on a grid, row-major [rows, columns]; NaN where nothing is drawn. */
export interface Field {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Red, green and blue of each pixel; alpha 0 where nothing is drawn. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Tiles [down, across] of [height, width] numbers each, beside one another with a line of nothing between. */
export function tiled(
  values: Float32Array,
  grid: { readonly down: number; readonly across: number },
  height: number,
  width: number,
): Field {
  const rows = grid.down * (height + 1) - 1;
  const columns = grid.across * (width + 1) - 1;
  const made = new Float32Array(rows * columns).fill(Number.NaN);
  const tiles = Math.min(grid.down * grid.across, Math.floor(values.length / (height * width)));
  for (let tile = 0; tile < tiles; tile++) {
    const top = Math.floor(tile / grid.across) * (height + 1);
    const left = (tile % grid.across) * (width + 1);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) made[(top + y) * columns + left + x] = values[(tile * height + y) * width + x] ?? Number.NaN;
    }
  }
  return { rows, columns, values: made };
}

/**
 * Filters [filters, 3, height, width] as images, `across` in a row. Each is scaled by its own largest element, so that
 * grey is 0.
 */
export function colourFilters(values: Float32Array, filters: number, height: number, width: number, across: number): Pixels {
  const down = Math.ceil(filters / across);
  const [pixelsWide, pixelsHigh] = [across * (width + 1) - 1, down * (height + 1) - 1];
  const data = new Uint8ClampedArray(4 * pixelsWide * pixelsHigh);
  const area = height * width;
  for (let filter = 0; filter < filters; filter++) {
    const first = filter * 3 * area;
    let most = 0;
    for (let at = first; at < first + 3 * area; at++) most = Math.max(most, Math.abs(values[at] ?? 0));
    const top = Math.floor(filter / across) * (height + 1);
    const left = (filter % across) * (width + 1);
    for (let place = 0; place < area; place++) {
      const pixel = 4 * ((top + Math.floor(place / width)) * pixelsWide + left + (place % width));
      for (let channel = 0; channel < 3; channel++) {
        const value = values[first + channel * area + place] ?? 0;
        data[pixel + channel] = 127.5 + (most === 0 ? 0 : (value / most) * 127.5);
      }
      data[pixel + 3] = 255;
    }
  }
  return { width: pixelsWide, height: pixelsHigh, data };
}

/** Row-major elements of a block with its axes in another order. */
export function permuted(values: Float32Array, extents: readonly number[], order: readonly number[]): Float32Array {
  const strides = extents.map((_, axis) => extents.slice(axis + 1).reduce((product, extent) => product * extent, 1));
  const made = new Float32Array(values.length);
  const shape = order.map((axis) => extents[axis] ?? 1);
  const at = shape.map(() => 0);
  for (let index = 0; index < made.length; index++) {
    made[index] = values[at.reduce((sum, place, axis) => sum + place * (strides[order[axis] ?? 0] ?? 0), 0)] ?? Number.NaN;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) < (shape[axis] ?? 1)) break;
      at[axis] = 0;
    }
  }
  return made;
}

/** Smallest and largest finite number; 0 and 0 where there is none. */
export function rangeOf(values: Float32Array): { readonly low: number; readonly high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}
