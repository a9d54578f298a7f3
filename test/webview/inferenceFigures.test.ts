import { describe, expect, test } from 'vitest';
import type { AttentionLayer, AttentionMap, TokenGrid } from '../../src/protocol';
import { readState } from '../../webview/common/kept';
import { answerText, exportName, heatCsv, resultJson } from '../../webview/inference/exporting';
import { cellOf, centreOf, fitInto, placeIn, toCanvas } from '../../webview/inference/geometry';
import { heatPixels, smoothField } from '../../webview/inference/heatPixels';
import { attentionDistance, entropy, measuresOf } from '../../webview/inference/measures';
import { attentionOf, defaultQuery, type Heat, heatOf, patchesOf, queryAt, queryWeights } from '../../webview/inference/query';
import { fieldsOf, parseFields } from '../../webview/inference/recipeEdit';
import { recipeParts } from '../../webview/inference/recipeText';
import { canRollOut, rollout } from '../../webview/inference/rollout';
import { chosenLayer, clampTo, KEPT, layerLabels, shortLabels } from '../../webview/inference/selection';
import { fieldOf, inWindow, placeWindow, standsAlone } from '../../webview/inference/windows';
import { layer, RECIPE, result } from './support/inferenceData';

const GRID: TokenGrid = { leading: 0, rows: 2, columns: 2 };
const WITH_CLASS: TokenGrid = { leading: 1, rows: 2, columns: 2 };

function map(rows: readonly (readonly number[])[]): AttentionMap {
  return { block: 'b', queries: rows.length, keys: rows[0]?.length ?? 0, values: Float32Array.from(rows.flat()) };
}

describe('attention distance (Dosovitskiy et al. 2021)', () => {
  // Patch centres of a 2 x 2 grid on 4 x 4 pixels lie 2 pixels apart, the diagonal ones 2.8284.
  const row = Float32Array.of(0.4, 0.3, 0.2, 0.1);

  test('weights centre distances in pixels', () => {
    expect(attentionDistance(row, [0, 0], GRID, GRID, { width: 4, height: 4 })).toBeCloseTo(0.3 * 2 + 0.2 * 2 + 0.1 * 2 * Math.SQRT2, 6);
  });

  test('leaves the class token out', () => {
    const halved = Float32Array.of(0.5, 0.2, 0.15, 0.1, 0.05);
    expect(attentionDistance(halved, [0, 0], WITH_CLASS, WITH_CLASS, { width: 4, height: 4 })).toBeCloseTo(
      0.3 * 2 + 0.2 * 2 + 0.1 * 2 * Math.SQRT2,
      6,
    );
  });

  test('places the keys of a smaller grid by their own centres', () => {
    // One key that covers the image lies at its centre, (2, 2), from the patch centre (1, 1).
    expect(attentionDistance(Float32Array.of(1), [0, 0], { leading: 0, rows: 1, columns: 1 }, GRID, { width: 4, height: 4 })).toBeCloseTo(
      Math.SQRT2,
      6,
    );
  });

  test('of uniform attention tends to the mean distance between two points of a square', () => {
    const grid: TokenGrid = { leading: 0, rows: 24, columns: 24 };
    const tokens = 576;
    const uniform: AttentionMap = { block: 'b', queries: tokens, keys: tokens, values: new Float32Array(tokens * tokens).fill(1 / tokens) };
    const measures = measuresOf(
      uniform,
      { ...layer('b', 'b', grid), queries: tokens, keys: tokens },
      { kind: 'mean' },
      { width: 1, height: 1 },
    );
    expect(measures?.distance).toBeCloseTo((2 + Math.SQRT2 + 5 * Math.asinh(1)) / 15, 2);
    expect(measures?.entropy).toBeCloseTo(Math.log2(tokens), 4);
  });
});

test('entropy in bits', () => {
  expect(entropy(Float32Array.of(0, 1, 0, 0))).toBe(0);
  expect(entropy(Float32Array.of(0.5, 0.25, 0.25))).toBeCloseTo(1.5, 6);
  expect(entropy(new Float32Array(64).fill(1 / 64))).toBeCloseTo(6, 6);
});

describe('rollout (Abnar and Zuidema 2020)', () => {
  const first = map([
    [0.6, 0.4],
    [0.2, 0.8],
  ]);
  const second = map([
    [0.5, 0.5],
    [1, 0],
  ]);

  test('of two layers, multiplied by hand', () => {
    // (0.5 W2 + 0.5 I)(0.5 W1 + 0.5 I) = [[.75 .25] [.5 .5]] [[.8 .2] [.1 .9]] = [[.625 .375] [.45 .55]]
    for (const [weights, expected] of [
      [
        [1, 0],
        [0.625, 0.375],
      ],
      [
        [0, 1],
        [0.45, 0.55],
      ],
      [
        [0.5, 0.5],
        [0.5375, 0.4625],
      ],
    ] as const) {
      const flow = rollout([first, second], Float32Array.from(weights));
      expected.forEach((value, index) => {
        expect(flow[index]).toBeCloseTo(value, 6);
      });
    }
  });

  test('is offered only where all layers share the same tokens', () => {
    const one = layer('a', 'a', WITH_CLASS);
    const shared: AttentionLayer[] = [one, { ...one, block: 'b' }];
    expect(canRollOut(shared)).toBe(true);
    expect(canRollOut([one])).toBe(false);
    expect(canRollOut([one, layer('b', 'b', GRID)])).toBe(false);
    expect(canRollOut([one, { ...one, keys: 4 }])).toBe(false);
    expect(canRollOut([one, { ...one, windows: 4 }])).toBe(false);
  });
});

describe('query', () => {
  const attention = map([
    [0.6, 0.1, 0.1, 0.1, 0.1],
    [0.2, 0.5, 0.1, 0.1, 0.1],
    [0.2, 0.1, 0.5, 0.1, 0.1],
    [0.2, 0.1, 0.1, 0.5, 0.1],
    [0.3, 0.2, 0.2, 0.2, 0.1],
  ]);

  test('takes the row of the class token, a patch, or the mean of all', () => {
    const row = (query: Parameters<typeof attentionOf>[2]) =>
      [...attentionOf(attention, WITH_CLASS, query)].map((value) => Number(value.toFixed(4)));
    expect(row({ kind: 'class' })).toEqual([0.6, 0.1, 0.1, 0.1, 0.1]);
    expect(row({ kind: 'patch', row: 1, column: 1 })).toEqual([0.3, 0.2, 0.2, 0.2, 0.1]);
    expect(row({ kind: 'mean' })).toEqual([0.3, 0.2, 0.2, 0.2, 0.1]);
    expect([...queryWeights(WITH_CLASS, 5, { kind: 'patch', row: 0, column: 1 })]).toEqual([0, 0, 1, 0, 0]);
  });

  test('is the class token by default where there is one', () => {
    expect(defaultQuery(layer('a', 'a', WITH_CLASS))).toEqual({ kind: 'class' });
    expect(defaultQuery(layer('a', 'a', GRID))).toEqual({ kind: 'mean' });
    expect(queryAt(layer('a', 'a', GRID), { x: 0.6, y: 0.2 })).toEqual({ kind: 'patch', row: 0, column: 1 });
  });

  test('lays the keys on the grid without the leading tokens', () => {
    const row = Float32Array.of(0.3, 0.25, 0.125, 0.0625, 0.25);
    const heat = heatOf(patchesOf(row, WITH_CLASS), 2, 2, row.subarray(0, 1));
    expect([...heat.values]).toEqual([0.25, 0.125, 0.0625, 0.25]);
    expect(heat.maximum).toBe(0.25);
    expect(heat.leading).toBeCloseTo(0.3, 6);
  });
});

describe('windows', () => {
  // A field of 4 x 4 patches, rolled up and left by one and cut into 2 x 2 windows, as Swin does in every second block.
  const swin: AttentionLayer = { ...layer('w', 'w', GRID), windows: 4, windowGrid: { rows: 2, columns: 2, shift: 1 } };

  test('are found by the patch they hold', () => {
    expect(fieldOf(swin, GRID)).toEqual({ rows: 4, columns: 4 });
    expect(inWindow(swin, GRID, 1, 1)).toEqual({ window: 0, row: 0, column: 0 });
    expect(inWindow(swin, GRID, 2, 3)).toEqual({ window: 1, row: 1, column: 0 });
    expect(inWindow(swin, GRID, 0, 0)).toEqual({ window: 3, row: 1, column: 1 });
    expect(queryAt(swin, { x: 0.9, y: 0.6 })).toEqual({ kind: 'patch', row: 2, column: 3 });
  });

  test('are placed where they were cut from', () => {
    const field = new Float32Array(16);
    placeWindow(swin, GRID, 3, Float32Array.of(1, 2, 3, 4), field);
    expect([...field]).toEqual([4, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1]);
    for (let row = 0; row < 4; row++)
      for (let column = 0; column < 4; column++) {
        const at = inWindow(swin, GRID, row, column);
        const one = new Float32Array(4);
        one[at.row * 2 + at.column] = 1;
        const back = new Float32Array(16);
        placeWindow(swin, GRID, at.window, one, back);
        expect(back.indexOf(1)).toBe(row * 4 + column);
      }
  });

  test('stand alone where their places are not known', () => {
    const { windowGrid: _unknown, ...lost } = swin;
    expect([standsAlone(swin), standsAlone(lost), standsAlone(layer('g', 'g', GRID))]).toEqual([false, true, false]);
    expect(fieldOf(lost, GRID)).toBeNull();
    expect(queryAt(lost, { x: 0.1, y: 0.1 })).toEqual({ kind: 'mean' });
  });
});

describe('geometry', () => {
  test('fits an image into the room it has', () => {
    expect(fitInto({ width: 640, height: 480 }, { width: 400, height: 600 })).toEqual({ width: 400, height: 300 });
    expect(fitInto({ width: 64, height: 256 }, { width: 400, height: 512 })).toEqual({ width: 128, height: 512 });
  });

  test('places the seen rectangle, and patches in it', () => {
    // A 640 x 480 image, shorter edge resized and 480 x 480 cropped from its centre.
    const seen = toCanvas({ x: 80, y: 0, width: 480, height: 480 }, { width: 640, height: 480 }, { width: 320, height: 240 });
    expect(seen).toEqual({ x: 40, y: 0, width: 240, height: 240 });
    expect(placeIn(seen, { x: 40 + 120, y: 60 })).toEqual({ x: 0.5, y: 0.25 });
    expect(placeIn(seen, { x: 20, y: 60 })).toBeNull();
    expect(cellOf(seen, 8, 8, 2, 1)).toEqual({ x: 70, y: 60, width: 30, height: 30 });
    expect(centreOf(8, 8, 2, 1)).toEqual({ x: 1.5 / 8, y: 2.5 / 8 });
  });
});

describe('heat', () => {
  const heat: Heat = { rows: 2, columns: 3, values: Float32Array.of(0, 1, 0, 0.5, 0, 0.25), maximum: 1, leading: 0 };
  const ramp = Uint8ClampedArray.from({ length: 768 }, (_, index) => Math.floor(index / 3));

  test('has each cell\u2019s value at its centre and never leaves the range of the cells', () => {
    // Nine pixels a cell: the middle one lies on the cell's centre.
    const field = smoothField(heat, { width: 27, height: 18 });
    heat.values.forEach((value, index) => {
      expect(field[(Math.floor(index / 3) * 9 + 4) * 27 + (index % 3) * 9 + 4]).toBeCloseTo(value, 6);
    });
    expect(Math.min(...field)).toBe(0);
    expect(Math.max(...field)).toBe(1);
    // Catmull and Rom's weights halfway between two cells are -1, 9, 9 and -1 sixteenths.
    expect(smoothField({ ...heat, rows: 1, columns: 2, values: Float32Array.of(0, 1) }, { width: 1, height: 1 })[0]).toBeCloseTo(0.5, 6);
    expect(smoothField({ ...heat, rows: 1, columns: 4, values: Float32Array.of(0, 0, 1, 0) }, { width: 1, height: 1 })[0]).toBeCloseTo(
      9 / 16,
      6,
    );
  });

  test('draws one colour per cell, opaque on its own', () => {
    const pixels = heatPixels(heat, { width: 6, height: 4 }, ramp, false, false);
    const red = (x: number, y: number) => pixels[(y * 6 + x) * 4];
    expect([red(0, 0), red(2, 0), red(3, 1), red(4, 0)]).toEqual([0, 255, 255, 0]);
    expect([red(0, 2), red(1, 3), red(5, 3)]).toEqual([128, 128, 64]);
    expect(pixels[3]).toBe(255);
  });

  test('covers the image less where there is less attention', () => {
    const pixels = heatPixels(heat, { width: 3, height: 2 }, ramp, false, true);
    const alpha = (cell: number) => pixels[cell * 4 + 3] ?? 0;
    expect(alpha(1)).toBe(255);
    expect(alpha(0)).toBeLessThan(alpha(5));
    expect(alpha(5)).toBeLessThan(alpha(3));
  });
});

describe('recipe', () => {
  test('reads as one line', () => {
    const text = (parts: readonly string[]) => parts.join(' | ').replaceAll('\u2009', ' ');
    expect(text(recipeParts({ ...RECIPE, crop: null }))).toBe('resize 64, bicubic, antialias | mean 0.5, std 0.5 | RGB, NCHW float32');
    expect(
      text(
        recipeParts({
          ...RECIPE,
          resize: { mode: 'exact', height: 224, width: 256 },
          crop: { height: 224, width: 224 },
          filter: 'nearest',
          scale: 1,
          mean: [0.485, 0.456, 0.406],
          channels: 'BGR',
          layout: 'NHWC',
        }),
      ),
    ).toBe('resize 224 \u00d7 256, nearest, crop 224 \u00d7 224 | mean 0.485, 0.456, 0.406, std 0.5, scale 1 | BGR, NHWC float32');
  });

  test('gives only what was changed', () => {
    const fields = fieldsOf(RECIPE);
    expect(parseFields(fields, RECIPE)).toEqual({ changes: {}, errors: {} });
    expect(parseFields({ ...fields, size: '224', crop: '' }, RECIPE).changes).toEqual({
      resize: { mode: 'shorter', size: 224 },
      crop: null,
    });
    expect(parseFields({ ...fields, resize: 'exact', size: '96 x 128', mean: '0.485, 0.456 0.406' }, RECIPE).changes).toEqual({
      resize: { mode: 'exact', height: 96, width: 128 },
      mean: [0.485, 0.456, 0.406],
    });
    expect(parseFields({ ...fields, scale: '1', channels: 'gray' }, RECIPE).changes).toEqual({
      scale: 1,
      channels: 'gray',
      mean: [0.5],
      std: [0.5],
    });
  });

  test('keeps figures that nobody touched exact', () => {
    const clip = { ...RECIPE, mean: [0.48145466, 0.4578275, 0.40821073] };
    expect(parseFields({ ...fieldsOf(clip), filter: 'bilinear' }, clip).changes).toEqual({ filter: 'bilinear' });
  });

  test('says what is wrong in which field', () => {
    const fields = fieldsOf(RECIPE);
    const wrong = (change: Partial<typeof fields>) => Object.keys(parseFields({ ...fields, ...change }, RECIPE).errors);
    expect(wrong({ size: '0' })).toEqual(['size']);
    expect(wrong({ size: '12.5' })).toEqual(['size']);
    expect(wrong({ resize: 'exact', size: '64 x' })).toEqual(['size']);
    expect(wrong({ crop: 'centre' })).toEqual(['crop']);
    expect(wrong({ mean: '0.5, 0.5' })).toEqual(['mean']);
    expect(wrong({ std: '0.2, 0, 0.2' })).toEqual(['std']);
    expect(wrong({ scale: '1/0' })).toEqual(['scale']);
    expect(parseFields({ ...fields, size: '0', mean: 'x' }, RECIPE).changes).toEqual({});
  });
});

describe('what is kept and chosen', () => {
  const layers = [layer('a', 'Attention', GRID), layer('b', 'Attention', GRID, 2), layer('c', 'Head', GRID)];

  test('restores a look and mends what is of another shape', () => {
    const restore = (kept: unknown) => readState(kept, KEPT.first, KEPT.readers);
    const look = { ...KEPT.first, opacity: 0.25, colorMap: 'cividis' as const, head: 2, block: 'b' };
    expect(restore(JSON.parse(JSON.stringify(look)))).toEqual(look);
    expect(restore({ opacity: 7, colorMap: 'jet', window: -1, head: 'x' })).toEqual(KEPT.first);
    expect(restore(undefined)).toEqual(KEPT.first);
  });

  test('begins at the last layer and fits the head to the layer', () => {
    expect(chosenLayer(layers, KEPT.first)?.block).toBe('c');
    expect(chosenLayer([], KEPT.first)).toBeNull();
    const [, second] = layers;
    expect(second && clampTo(second, { ...KEPT.first, head: 3, window: 5 }, false)).toMatchObject({
      block: 'b',
      head: 'mean',
      window: 0,
    });
  });

  test('numbers layers of the same label', () => {
    expect(layerLabels(layers)).toEqual(['Attention 1', 'Attention 2', 'Head']);
  });

  test('shortens labels to what tells them apart', () => {
    expect(shortLabels(['Transformer stage 0', 'Transformer stage 1'])).toEqual(['stage 0', 'stage 1']);
    expect(shortLabels(['stages.2.blocks.0.attn', 'stages.2.blocks.1.attn', 'stages.3.blocks.0.attn'])).toEqual([
      'stages.2.blocks.0',
      'stages.2.blocks.1',
      'stages.3.blocks.0',
    ]);
    expect(shortLabels(['S3.0', 'S3.1'])).toEqual(['S3.0', 'S3.1']);
    expect(shortLabels(['A long label alone'])).toEqual(['A long label alone']);
  });
});

test('exports', () => {
  const heat: Heat = { rows: 2, columns: 2, values: Float32Array.of(0.1, 0.25, 0, 1e-5), maximum: 0.25, leading: 0 };
  expect(heatCsv(heat)).toBe('0.100000001,0.25\n0,0.00000999999975\n');
  expect(answerText(result(), 2)).toBe('red circle\t0.94217\nred square\t0.03104');
  expect(JSON.parse(resultJson(result()))).not.toHaveProperty('run');
  expect(exportName(result(), ['S3.0 / attn', '1', 'patch-2-5'], 'csv')).toBe('shapes_07.S3-0-attn.1.patch-2-5.csv');
});
