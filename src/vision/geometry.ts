import type { Rectangle } from './raster';
import type { Recipe } from './recipe';

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a recipe's steps put the pixels of one image. */
export interface Geometry {
  /** The whole image after resizing. */
  readonly resized: Size;
  /** What is cut out of the resized image; passes its edges where the image is too small. */
  readonly crop: Rectangle;
  /** The same cut in pixels of the original image. */
  readonly seen: Rectangle;
}

/** Sizes and offsets as torchvision (`Resize`, `CenterCrop`) or Hugging Face round them. */
export function geometryOf(image: Size, recipe: Pick<Recipe, 'resize' | 'crop' | 'cropRounding'>): Geometry {
  const resized = resizedSize(image, recipe.resize);
  const height = recipe.crop?.height ?? resized.height;
  const width = recipe.crop?.width ?? resized.width;
  const offset = recipe.cropRounding === 'floor' ? floorOffset : evenOffset;
  const crop = { x: offset(resized.width, width), y: offset(resized.height, height), width, height };
  const across = image.width / resized.width;
  const down = image.height / resized.height;
  return { resized, crop, seen: { x: crop.x * across, y: crop.y * down, width: width * across, height: height * down } };
}

function resizedSize(image: Size, resize: Recipe['resize']): Size {
  if (resize === null) return { width: image.width, height: image.height };
  if (resize.mode === 'exact') return { width: resize.width, height: resize.height };
  const { size } = resize;
  // Both libraries truncate the longer edge.
  if (image.width <= image.height) return { width: size, height: Math.max(1, Math.trunc((size * image.height) / image.width)) };
  return { width: Math.max(1, Math.trunc((size * image.width) / image.height)), height: size };
}

/** torchvision: pads a short edge first (`(crop - edge) // 2` before, the rest behind), else `int(round((edge - crop) / 2))`. */
function evenOffset(edge: number, crop: number): number {
  if (edge < crop) return -Math.floor((crop - edge) / 2);
  const half = (edge - crop) / 2;
  const floor = Math.floor(half);
  if (half === floor) return floor;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Hugging Face `center_crop`: `(edge - crop) // 2`; padding puts `ceil((crop - edge) / 2)` before a short edge. */
function floorOffset(edge: number, crop: number): number {
  return Math.floor((edge - crop) / 2);
}
