import { FormatError, LimitError } from '../bytes';
import { toHalf } from './float16';
import { geometryOf, type Size } from './geometry';
import { crop, type Raster, type Rectangle, toGray, toRgb } from './raster';
import type { Recipe } from './recipe';
import { resample } from './resample';

/** A model's image input, row-major. float16 elements are their bits. */
export interface ImageTensor {
  readonly dtype: Recipe['dtype'];
  /** `[N, C, H, W]` or `[N, H, W, C]`; N copies of one image. */
  readonly shape: readonly [number, number, number, number];
  readonly data: Float32Array | Uint16Array | Uint8Array;
}

/** The input of the network, and what of the image is in it. */
export interface Preprocessed {
  readonly tensor: ImageTensor;
  /** Which rectangle of the image the tensor shows, in image pixels; passes the edges where black was added. */
  readonly seen: Rectangle;
  /** The resized and cropped image before scaling and normalisation. */
  readonly pixels: Raster;
}

/**
 * An upright image through a recipe: gray or RGB, resize, crop, then
 * `(value * scale - mean) / std` in float32 per channel, as torchvision's
 * ToTensor and Normalize or Hugging Face's image processors compute it.
 * A uint8 tensor holds the pixels as they are.
 * @throws FormatError when mean or std do not fit the channels, LimitError when sizes ask for more pixels than are made.
 */
export function preprocess(image: Raster, recipe: Recipe, batch = 1): Preprocessed {
  const geometry = geometryOf(image, recipe);
  checkRoom(geometry.resized, 1);
  checkRoom(geometry.crop, batch);
  const channels = recipe.channels === 'gray' ? toGray(image) : toRgb(image);
  const resized = resample(channels, geometry.resized.width, geometry.resized.height, recipe.filter);
  const pixels = crop(resized, geometry.crop);
  return { tensor: tensorOf(pixels, recipe, batch), seen: geometry.seen, pixels };
}

/** Pixels that one image may be made into, in all copies of a batch: 1.6 GB of float32. A recipe or a long strip of an image could ask for any number. */
export const PREPARED_PIXELS = 2 ** 27;

/** @throws LimitError when an image would become more pixels than are made. */
function checkRoom({ width, height }: Size, copies: number): void {
  if (width * height * copies <= PREPARED_PIXELS) return;
  const times = copies === 1 ? '' : `${copies} times `;
  throw new LimitError(
    `The preprocessing would make ${times}${width} x ${height} pixels of the image; up to ${PREPARED_PIXELS} are made. Change its sizes, or the image.`,
    { name: 'PREPARED_PIXELS', value: PREPARED_PIXELS },
  );
}

function tensorOf(pixels: Raster, recipe: Recipe, batch: number): ImageTensor {
  const { width, height, channels, data: source } = pixels;
  const planes = recipe.layout === 'NCHW';
  const area = width * height;
  const one = createData(recipe.dtype, area * channels * batch);
  for (let channel = 0; channel < channels; channel++) {
    const table = levels(recipe, channel, channels);
    const from = recipe.channels === 'BGR' ? channels - 1 - channel : channel;
    const step = planes ? 1 : channels;
    let to = planes ? channel * area : channel;
    for (let i = 0, at = from; i < area; i++, at += channels, to += step) one[to] = table[source[at] as number] as number;
  }
  for (let copy = 1; copy < batch; copy++) one.copyWithin(copy * area * channels, 0, area * channels);
  const shape: ImageTensor['shape'] = planes ? [batch, channels, height, width] : [batch, height, width, channels];
  return { dtype: recipe.dtype, shape, data: one };
}

function createData(dtype: Recipe['dtype'], length: number): ImageTensor['data'] {
  if (dtype === 'float32') return new Float32Array(length);
  return dtype === 'float16' ? new Uint16Array(length) : new Uint8Array(length);
}

/** What each of the 256 levels becomes in one channel of the tensor. */
function levels(recipe: Recipe, channel: number, channels: number): ImageTensor['data'] {
  const table = createData(recipe.dtype, 256);
  const mean = Math.fround(perChannel(recipe.mean, channel, channels, 'mean'));
  const std = Math.fround(perChannel(recipe.std, channel, channels, 'std'));
  for (let level = 0; level < 256; level++) {
    if (recipe.dtype === 'uint8') {
      table[level] = level;
      continue;
    }
    const value = Math.fround(Math.fround(Math.fround(level * recipe.scale) - mean) / std);
    table[level] = recipe.dtype === 'float16' ? toHalf(value) : value;
  }
  return table;
}

function perChannel(values: readonly number[], channel: number, channels: number, field: string): number {
  const value = values.length === 1 ? values[0] : values[channel];
  if (value === undefined || (values.length !== 1 && values.length !== channels)) {
    throw new FormatError(`The preprocessing has ${values.length} values of ${field} for ${channels} channels.`, { field });
  }
  return value;
}
