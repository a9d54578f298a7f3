import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHalf, toHalf } from '../../../src/vision/float16';
import { preprocess } from '../../../src/vision/preprocess';
import type { Raster } from '../../../src/vision/raster';
import type { Recipe } from '../../../src/vision/recipe';
import { PYTHON_TIMEOUT, python, pythonHas, temporaryFolder } from './support/python';

const IMAGENET: Recipe = {
  resize: { mode: 'shorter', size: 256 },
  crop: { height: 224, width: 224 },
  filter: 'bilinear',
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  channels: 'RGB',
  layout: 'NCHW',
  dtype: 'float32',
  source: 'test',
};

interface Case {
  readonly name: string;
  readonly size: readonly [width: number, height: number];
  readonly recipe: Recipe;
}

const CASES: readonly Case[] = [
  { name: 'landscape', size: [500, 375], recipe: IMAGENET },
  { name: 'portrait, bicubic', size: [333, 471], recipe: { ...IMAGENET, filter: 'bicubic' } },
  {
    name: 'margins that halve to even',
    size: [97, 64],
    recipe: { ...IMAGENET, resize: { mode: 'shorter', size: 61 }, crop: { height: 56, width: 57 } },
  },
  {
    name: 'other odd margins',
    size: [63, 100],
    recipe: { ...IMAGENET, resize: { mode: 'shorter', size: 59 }, crop: { height: 56, width: 56 } },
  },
  { name: 'image smaller than the crop', size: [40, 31], recipe: { ...IMAGENET, resize: null, crop: { height: 48, width: 37 } } },
  {
    name: 'both edges, lanczos',
    size: [123, 77],
    recipe: { ...IMAGENET, resize: { mode: 'exact', height: 96, width: 64 }, crop: null, filter: 'lanczos' },
  },
  {
    name: 'gray',
    size: [200, 150],
    recipe: { ...IMAGENET, resize: { mode: 'exact', height: 28, width: 28 }, crop: null, channels: 'gray', mean: [0.1307], std: [0.3081] },
  },
  {
    name: 'Hugging Face rounding',
    size: [97, 64],
    recipe: { ...IMAGENET, resize: { mode: 'shorter', size: 61 }, crop: { height: 56, width: 57 }, cropRounding: 'floor' },
  },
  {
    name: 'Hugging Face padding',
    size: [40, 31],
    recipe: { ...IMAGENET, resize: null, crop: { height: 48, width: 37 }, cropRounding: 'floor' },
  },
  {
    name: 'Hugging Face scale',
    size: [64, 64],
    recipe: { ...IMAGENET, resize: null, crop: null, cropRounding: 'floor', scale: 1 / 127.5, mean: [1], std: [1] },
  },
];

/** torchvision's transforms, and for `floor` the arithmetic of Hugging Face's `image_transforms` (resize, center_crop, rescale, normalize) in NumPy. */
const SCRIPT = `
import json, sys
import numpy as np
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import InterpolationMode
def center_crop(image, height, width):
    h, w = image.shape[:2]
    top, left = (h - height) // 2, (w - width) // 2
    if top >= 0 and left >= 0 and top + height <= h and left + width <= w:
        return image[top:top + height, left:left + width]
    padded = np.zeros((max(height, h), max(width, w)) + image.shape[2:], image.dtype)
    y, x = -((h - padded.shape[0]) // 2), -((w - padded.shape[1]) // 2)
    padded[y:y + h, x:x + w] = image
    top, left = top + y, left + x
    return padded[max(0, top):min(padded.shape[0], top + height), max(0, left):min(padded.shape[1], left + width)]
for index, case in enumerate(json.load(sys.stdin)):
    width, height = case['size']
    recipe = case['recipe']
    pixels = np.random.RandomState(index).randint(0, 256, (height, width, 3)).astype(np.uint8)
    image = Image.fromarray(pixels)
    if recipe['channels'] == 'gray': image = image.convert('L')
    filter = InterpolationMode(recipe['filter'])
    resize, crop = recipe['resize'], recipe['crop']
    size = None if resize is None else resize['size'] if resize['mode'] == 'shorter' else (resize['height'], resize['width'])
    if size is not None: image = T.Resize(size, filter)(image)
    if recipe.get('cropRounding') == 'floor':
        array = np.asarray(image)
        if crop: array = center_crop(array, crop['height'], crop['width'])
        array = (array * recipe['scale']).astype(np.float32)
        array = (array - np.array(recipe['mean'], np.float32)) / np.array(recipe['std'], np.float32)
        result = np.ascontiguousarray(array.transpose(2, 0, 1))
    else:
        steps = [T.CenterCrop((crop['height'], crop['width']))] if crop else []
        result = T.Compose(steps + [T.ToTensor(), T.Normalize(recipe['mean'], recipe['std'])])(image).numpy()
    sys.stdout.buffer.write(pixels.tobytes())
    sys.stdout.buffer.write(np.array(result.shape, np.int32).tobytes())
    sys.stdout.buffer.write(result.astype(np.float32).tobytes())
`;

describe.skipIf(!pythonHas('torchvision', 'PIL', 'numpy'))('preprocess against torchvision and NumPy', () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);
  const oracle: { readonly image: Raster; readonly shape: readonly number[]; readonly values: Float32Array }[] = [];

  beforeAll(() => {
    const bytes = python(SCRIPT, { folder: folder.path, input: Buffer.from(JSON.stringify(CASES)) });
    let at = 0;
    const take = (length: number) => {
      at += length;
      return new Uint8Array(bytes.subarray(at - length, at));
    };
    for (const { size } of CASES) {
      const image = { width: size[0], height: size[1], channels: 3 as const, data: take(size[0] * size[1] * 3) };
      const shape = [...new Int32Array(take(12).buffer)];
      const values = new Float32Array(take(shape.reduce((product, extent) => product * extent, 4)).buffer);
      oracle.push({ image, shape, values });
    }
  }, PYTHON_TIMEOUT);

  it.each(CASES.map((one, index) => ({ ...one, index })))('$name', ({ recipe, index }) => {
    const expected = oracle[index];
    if (!expected) throw new Error('no oracle');
    const { tensor } = preprocess(expected.image, recipe);
    expect(tensor.shape).toEqual([1, ...expected.shape]);
    expect(largestDifference(tensor.data, expected.values)).toBeLessThan(1e-6);
  });
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < b.length; i++) worst = Math.max(worst, Math.abs((a[i] ?? Number.NaN) - (b[i] ?? 0)));
  return worst;
}

/** Two pixels, red-ish and blue-ish, side by side. */
const PAIR: Raster = { width: 2, height: 1, channels: 3, data: Uint8Array.of(255, 51, 0, 0, 102, 204) };
const PLAIN: Recipe = { ...IMAGENET, resize: null, crop: null, mean: [0], std: [1] };

describe('preprocess layouts and types', () => {
  it('NHWC keeps pixels together', () => {
    const { tensor } = preprocess(PAIR, { ...PLAIN, layout: 'NHWC' });
    expect(tensor.shape).toEqual([1, 1, 2, 3]);
    expect([...tensor.data].map((value) => Math.round(value * 255))).toEqual([255, 51, 0, 0, 102, 204]);
  });

  it('BGR applies each mean to the channel at its place', () => {
    const { tensor } = preprocess(PAIR, { ...PLAIN, channels: 'BGR', scale: 1, mean: [1, 2, 3] });
    expect([...tensor.data]).toEqual([0 - 1, 204 - 1, 51 - 2, 102 - 2, 255 - 3, 0 - 3]);
  });

  it('uint8 holds the pixels as they are', () => {
    const { tensor } = preprocess(PAIR, { ...IMAGENET, resize: null, crop: null, dtype: 'uint8' });
    expect(tensor.data).toEqual(Uint8Array.of(255, 0, 51, 102, 0, 204));
  });

  it('float16 holds the bits of the rounded values', () => {
    const { tensor } = preprocess(PAIR, { ...PLAIN, dtype: 'float16' });
    // NumPy: np.float16(np.float32([255, 0, 51, 102, 0, 204]) / 255).view(np.uint16)
    expect(tensor.data).toEqual(Uint16Array.of(0x3c00, 0, 0x3266, 0x3666, 0, 0x3a66));
  });

  it('a fixed batch holds copies of the image', () => {
    const { tensor } = preprocess(PAIR, PLAIN, 2);
    expect(tensor.shape).toEqual([2, 3, 1, 2]);
    expect(tensor.data.slice(6)).toEqual(tensor.data.slice(0, 6));
  });

  it('says which part of the image is seen', () => {
    const image: Raster = { width: 400, height: 200, channels: 3, data: new Uint8Array(400 * 200 * 3) };
    const { seen, pixels } = preprocess(image, { ...PLAIN, resize: { mode: 'shorter', size: 100 }, crop: { height: 80, width: 80 } });
    expect(seen).toEqual({ x: 120, y: 20, width: 160, height: 160 });
    expect([pixels.width, pixels.height]).toEqual([80, 80]);
  });

  it('refuses sizes that would fill the memory: of a strip of an image, of a crop, of a batch', () => {
    const strip: Raster = { width: 1, height: 20_000, channels: 1, data: new Uint8Array(20_000) };
    const wide: Recipe = { ...IMAGENET, resize: { mode: 'shorter', size: 16_384 } };
    expect(() => preprocess(strip, wide)).toThrow(/16384 x 327680000 pixels of the image; up to 134217728 are made/);
    expect(() => preprocess(PAIR, { ...PLAIN, crop: { height: 32_768, width: 32_768 } })).toThrow(/32768 x 32768 pixels/);
    expect(() => preprocess(PAIR, { ...PLAIN, crop: { height: 224, width: 224 } }, 1_000_000)).toThrow(/1000000 times 224 x 224/);
  });

  it('refuses a mean that does not fit the channels', () => {
    expect(() => preprocess(PAIR, { ...PLAIN, mean: [0.5, 0.5] })).toThrow(/2 values of mean for 3 channels/);
  });
});

describe('float16', () => {
  // IEEE 754-2008 binary16: largest, smallest normal, smallest subnormal, ties to even.
  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [65519, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [3 * 2 ** -25, 0x0002],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [-0, 0x8000],
  ])('%d is %i', (value, bits) => {
    expect(toHalf(value)).toBe(bits);
  });

  it('reads back every finite pattern it writes', () => {
    for (let bits = 0; bits < 0x7c00; bits++) expect(toHalf(fromHalf(bits))).toBe(bits);
  });
});
