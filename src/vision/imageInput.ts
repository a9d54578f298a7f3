import { UserError } from '../bytes';
import { type Dim, formatShape, type Shape, type Value } from '../model';
import type { Recipe } from './recipe';

/** A model's input, seen as an image. */
export interface ImageInput {
  readonly name: string;
  readonly dtype: Recipe['dtype'];
  readonly layout: Recipe['layout'];
  /** Extent of the batch axis (1 where it is free); 0 when the input has none. */
  readonly batch: number;
  readonly channels: 1 | 3;
  /** `null` where the extent is free. */
  readonly height: number | null;
  readonly width: number | null;
}

const DTYPES: readonly string[] = ['float32', 'float16', 'uint8'];
/** A fixed batch larger than this is no model for one image. */
const MAX_BATCH = 64;
/** Pixels along one edge of a model's input; also what a preprocessing file may ask for. */
export const MAX_EDGE = 16384;

/**
 * The one input that takes an image: `[N, C, H, W]`, `[N, H, W, C]` or either without N, C being 1 or 3.
 * @param inputs what a caller must feed (`graphInputs`)
 * @throws UserError when the model takes something else, saying what.
 */
export function imageInput(inputs: readonly Value[], model: string): ImageInput {
  const images = inputs.map(asImage).filter((image) => image !== null);
  const [image] = images;
  if (inputs.length === 0) throw new UserError(`${model} takes no image: it has no inputs.`);
  if (!image || images.length > 1 || inputs.length > 1) throw new UserError(refusal(inputs, images, model));
  return image;
}

function refusal(inputs: readonly Value[], images: readonly ImageInput[], model: string): string {
  const list = inputs.map(describe).join(', ');
  if (images.length === 0) {
    return `${model} takes no image: its ${inputs.length === 1 ? 'input is' : 'inputs are'} ${list}; an image input is a float32, float16 or uint8 tensor [N, C, H, W] or [N, H, W, C] with 1 or 3 channels.`;
  }
  return `${model} takes more than an image: its inputs are ${list}; only models with an image as their one input can be run.`;
}

function describe({ name, type }: Value): string {
  if (type.kind !== 'tensor') return `${name} (${type.kind})`;
  return `${name} ${type.dtype} ${formatShape(type.shape)}`;
}

function asImage({ name, type }: Value): ImageInput | null {
  if (type.kind !== 'tensor' || !isDtype(type.dtype)) return null;
  const shape: Shape = type.shape ?? [null, null, null, null];
  if (shape.length !== 3 && shape.length !== 4) return null;
  const batch = shape.length === 4 ? batchOf(shape[0]) : 0;
  const [a, b, c] = shape.slice(-3);
  const image = planes(a, b, c) ?? planes(c, a, b, 'NHWC') ?? (typeof a === 'number' ? null : planes(3, b, c));
  return image && batch !== null ? { name, dtype: type.dtype, batch, ...image } : null;
}

function isDtype(dtype: string): dtype is Recipe['dtype'] {
  return DTYPES.includes(dtype);
}

function batchOf(dim: Dim | undefined): number | null {
  if (typeof dim !== 'number') return 1;
  return dim >= 1 && dim <= MAX_BATCH ? dim : null;
}

type Planes = Pick<ImageInput, 'layout' | 'channels' | 'height' | 'width'>;

function planes(
  channels: Dim | undefined,
  height: Dim | undefined,
  width: Dim | undefined,
  layout: Recipe['layout'] = 'NCHW',
): Planes | null {
  if (channels !== 1 && channels !== 3) return null;
  if (!isEdge(height) || !isEdge(width)) return null;
  return { layout, channels, height: typeof height === 'number' ? height : null, width: typeof width === 'number' ? width : null };
}

/** Free, or more than one pixel: `[N, 3, 1, 1]` is no image. */
function isEdge(dim: Dim | undefined): boolean {
  return typeof dim !== 'number' || (dim > 1 && dim <= MAX_EDGE);
}
