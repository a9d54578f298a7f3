import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILTERS, type Filter } from '../../../src/vision/filters';
import type { Raster } from '../../../src/vision/raster';
import { resample } from '../../../src/vision/resample';
import { PYTHON_TIMEOUT, python, pythonHas, temporaryFolder } from './support/python';

interface Case {
  readonly filter: Filter;
  readonly channels: 1 | 3 | 4;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly box?: readonly [number, number, number, number];
}

const SIZES: readonly (readonly [readonly [number, number], readonly [number, number]])[] = [
  [
    [640, 427],
    [384, 256],
  ],
  [
    [97, 53],
    [31, 64],
  ],
  [
    [16, 16],
    [224, 224],
  ],
  [
    [7, 5],
    [1, 1],
  ],
  [
    [1, 1],
    [5, 3],
  ],
  [
    [333, 500],
    [224, 336],
  ],
  [
    [64, 64],
    [64, 64],
  ],
  [
    [300, 200],
    [300, 20],
  ],
  [
    [1021, 11],
    [13, 11],
  ],
];
const BOXES: readonly Pick<Case, 'from' | 'to' | 'box'>[] = [
  { from: [100, 80], to: [40, 40], box: [10, 5, 90, 75] },
  { from: [100, 80], to: [100, 80], box: [0.5, 0.25, 99.1, 79.3] },
  { from: [100, 80], to: [33, 71], box: [3.3, 7.7, 61.9, 50.2] },
];

const cases: readonly Case[] = FILTERS.flatMap((filter) => [
  ...SIZES.flatMap(([from, to]) => ([1, 3, 4] as const).map((channels) => ({ filter, channels, from, to }))),
  ...BOXES.map((one) => ({ ...one, filter, channels: 3 as const })),
]);

const SCRIPT = `
import json, sys
import numpy as np
from PIL import Image
cases = json.load(sys.stdin)
modes = {1: 'L', 3: 'RGB', 4: 'CMYK'}
for index, case in enumerate(cases):
    width, height = case['from']
    rng = np.random.RandomState(index)
    # Noise with hard edges, so that overshoot meets both clips.
    pixels = rng.randint(0, 256, (height, width, case['channels'])).astype(np.uint8)
    pixels[: height // 2] = np.where(pixels[: height // 2] > 127, 255, 0)
    image = Image.fromarray(pixels[:, :, 0] if case['channels'] == 1 else pixels, modes[case['channels']])
    filter = Image.Resampling[case['filter'].upper()]
    result = image.resize(tuple(case['to']), filter, tuple(case['box']) if 'box' in case else None)
    sys.stdout.buffer.write(pixels.tobytes())
    sys.stdout.buffer.write(np.asarray(result).tobytes())
`;

describe.skipIf(!pythonHas('PIL', 'numpy'))('resample', () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);
  const pairs: { readonly source: Raster; readonly expected: Uint8Array }[] = [];

  beforeAll(() => {
    const bytes = python(SCRIPT, { folder: folder.path, input: Buffer.from(JSON.stringify(cases)) });
    let at = 0;
    const take = (length: number) => {
      at += length;
      return new Uint8Array(bytes.subarray(at - length, at));
    };
    for (const { from, to, channels } of cases) {
      const source = { width: from[0], height: from[1], channels, data: take(from[0] * from[1] * channels) };
      pairs.push({ source, expected: take(to[0] * to[1] * channels) });
    }
    expect(at).toBe(bytes.length);
  }, PYTHON_TIMEOUT);

  it.each(cases.map((one, index) => ({ ...one, index })))('equals Pillow: $filter, $channels channels, $from to $to, box $box', (one) => {
    const pair = pairs[one.index];
    if (!pair) throw new Error('no oracle');
    const box = one.box && { x: one.box[0], y: one.box[1], width: one.box[2] - one.box[0], height: one.box[3] - one.box[1] };
    const result = resample(pair.source, one.to[0], one.to[1], one.filter, box);
    expect([result.width, result.height]).toEqual(one.to);
    let worst = 0;
    for (let i = 0; i < pair.expected.length; i++) worst = Math.max(worst, Math.abs((pair.expected[i] ?? 0) - (result.data[i] ?? 256)));
    expect(worst).toBe(0);
  });
});
