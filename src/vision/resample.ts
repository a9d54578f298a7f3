import { type Filter, KERNELS } from './filters';
import type { Raster, Rectangle } from './raster';

/** Bits after the point of a weight: 32 less 8 for the sample and 2 for overshoot, as in Pillow. */
const PRECISION = 32 - 8 - 2;
const HALF = 1 << (PRECISION - 1);

/** For each output position the first input position, how many follow, and their fixed-point weights (`stride` apart). */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  readonly stride: number;
}

/**
 * Pillow's `Image.resize(size, filter, box)`, bit for bit: the filter widens
 * when shrinking (antialias), rows before columns, 8 bits in between.
 * Channels are independent: four channels behave as Pillow's RGBX or CMYK
 * (its RGBA multiplies by alpha first).
 */
export function resample(image: Raster, width: number, height: number, filter: Filter, box?: Rectangle): Raster {
  const region = box ?? { x: 0, y: 0, width: image.width, height: image.height };
  if (filter === 'nearest') return pickNearest(image, width, height, region);
  const across = width !== image.width || region.x !== 0 || region.width !== width;
  const down = height !== image.height || region.y !== 0 || region.height !== height;
  let result = image;
  if (across) result = resampleRows(result, width, tapsFor(image.width, region.x, region.x + region.width, width, filter));
  if (down) result = resampleColumns(result, height, tapsFor(image.height, region.y, region.y + region.height, height, filter));
  return result;
}

function tapsFor(inputSize: number, start: number, end: number, outputSize: number, filter: Exclude<Filter, 'nearest'>): Taps {
  const kernel = KERNELS[filter];
  // Pillow holds the box in C floats.
  const from = Math.fround(start);
  const scale = Math.fround(Math.fround(end) - from) / outputSize;
  const stretch = Math.max(1, scale);
  const support = kernel.support * stretch;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputSize);
  const count = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * stride);
  const exact = new Float64Array(stride);
  const inverse = 1 / stretch;
  for (let i = 0; i < outputSize; i++) {
    const center = from + (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const taps = Math.min(inputSize, Math.trunc(center + support + 0.5)) - low;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const weight = kernel.weight((k + low - center + 0.5) * inverse);
      exact[k] = weight;
      sum += weight;
    }
    for (let k = 0; k < taps; k++) {
      const weight = ((exact[k] ?? 0) / (sum === 0 ? 1 : sum)) * (1 << PRECISION);
      weights[i * stride + k] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    first[i] = low;
    count[i] = taps;
  }
  return { first, count, weights, stride };
}

function clip(sum: number): number {
  const value = sum >> PRECISION;
  return value < 0 ? 0 : Math.min(value, 255);
}

function resampleRows(image: Raster, width: number, taps: Taps): Raster {
  const { channels, height } = image;
  const data = new Uint8Array(width * height * channels);
  const rowLength = image.width * channels;
  const row = channels === 3 ? rowOfThree : rowOfAny;
  for (let y = 0; y < height; y++) {
    row(
      image.data.subarray(y * rowLength, (y + 1) * rowLength),
      data.subarray(y * width * channels, (y + 1) * width * channels),
      taps,
      channels,
    );
  }
  return { width, height, channels, data };
}

// The common case, unrolled: about three times as fast as the general loop.
function rowOfThree(source: Uint8Array, target: Uint8Array, taps: Taps): void {
  const { first, count, weights, stride } = taps;
  for (let x = 0, to = 0; x < first.length; x++, to += 3) {
    let a = HALF;
    let b = HALF;
    let c = HALF;
    let from = (first[x] ?? 0) * 3;
    const end = x * stride + (count[x] ?? 0);
    for (let k = x * stride; k < end; k++, from += 3) {
      const weight = weights[k] as number;
      a += (source[from] as number) * weight;
      b += (source[from + 1] as number) * weight;
      c += (source[from + 2] as number) * weight;
    }
    target[to] = clip(a);
    target[to + 1] = clip(b);
    target[to + 2] = clip(c);
  }
}

function rowOfAny(source: Uint8Array, target: Uint8Array, taps: Taps, channels: number): void {
  const { first, count, weights, stride } = taps;
  for (let x = 0, to = 0; x < first.length; x++) {
    const end = x * stride + (count[x] ?? 0);
    for (let channel = 0; channel < channels; channel++, to++) {
      let sum = HALF;
      let from = (first[x] ?? 0) * channels + channel;
      for (let k = x * stride; k < end; k++, from += channels) sum += (source[from] as number) * (weights[k] as number);
      target[to] = clip(sum);
    }
  }
}

function resampleColumns(image: Raster, height: number, taps: Taps): Raster {
  const { channels, width } = image;
  const rowLength = width * channels;
  const data = new Uint8Array(rowLength * height);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    for (let k = 0; k < (taps.count[y] ?? 0); k++) {
      const weight = taps.weights[y * taps.stride + k] as number;
      const from = ((taps.first[y] ?? 0) + k) * rowLength;
      for (let i = 0; i < rowLength; i++) sums[i] = (sums[i] as number) + (image.data[from + i] as number) * weight;
    }
    const to = y * rowLength;
    for (let i = 0; i < rowLength; i++) data[to + i] = clip(sums[i] as number);
  }
  return { width, height, channels, data };
}

/** Positions step by repeated addition, as Pillow's affine scaling does: rounding included. */
function positions(size: number, start: number, extent: number, limit: number): Int32Array {
  const step = Math.fround(extent) / size;
  const result = new Int32Array(size);
  let at = Math.fround(start) + step * 0.5;
  for (let i = 0; i < size; i++, at += step) result[i] = Math.min(Math.trunc(at), limit - 1);
  return result;
}

function pickNearest(image: Raster, width: number, height: number, region: Rectangle): Raster {
  const { channels } = image;
  const columns = positions(width, region.x, region.width, image.width);
  const rows = positions(height, region.y, region.height, image.height);
  const data = new Uint8Array(width * height * channels);
  let to = 0;
  for (const y of rows) {
    for (const x of columns) {
      const from = (y * image.width + x) * channels;
      for (let channel = 0; channel < channels; channel++) data[to++] = image.data[from + channel] ?? 0;
    }
  }
  return { width, height, channels, data };
}
