import sharp from 'sharp';
import type { AttentionLayer, AttentionMap, Recipe, RunResult } from '../../../src/protocol';

/** Where the red disc of the test image lies: centre and radius in pixels of a 64 x 64 image. */
export const DISC = { x: 44, y: 20, radius: 11 };

/** A PNG of a red disc before a wall and a floor, with a tan square; `scale` pixels per unit of the 64 x 64 drawing. */
export function scenePng(options: { readonly scale?: number; readonly pad?: number } = {}): Promise<Buffer> {
  const { scale = 1, pad = 0 } = options;
  const width = 64 + 2 * pad;
  const pixels = Buffer.alloc(width * scale * 64 * scale * 3);
  for (let y = 0; y < 64 * scale; y++)
    for (let x = 0; x < width * scale; x++) pixels.set(colorAt((x + 0.5) / scale - pad, (y + 0.5) / scale), (y * width * scale + x) * 3);
  return sharp(pixels, { raw: { width: width * scale, height: 64 * scale, channels: 3 } })
    .png()
    .toBuffer();
}

function colorAt(x: number, y: number): readonly [number, number, number] {
  if (Math.hypot(x - DISC.x, y - DISC.y) < DISC.radius) return [214, 52, 44];
  if (x > 8 && x < 24 && y > 34 && y < 52) return [226, 180, 104];
  if (x < 0 || x > 64) return [120, 150, 120];
  return y < 42 ? [150, 160, 205] : [112, 110, 100];
}

export interface Tokens {
  readonly leading: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Attention [queries, keys] that sums to 1 per query: patches look near themselves
 * in early layers (`depth` 0) and at the disc in late ones (1); heads differ in reach.
 */
export function attentionMap(block: string, tokens: Tokens, depth: number, head: number | 'mean', heads: number): AttentionMap {
  const count = tokens.leading + tokens.rows * tokens.columns;
  const values = new Float32Array(count * count);
  if (head === 'mean') {
    for (let one = 0; one < heads; one++) {
      const map = attentionMap(block, tokens, depth, one, heads);
      for (let index = 0; index < values.length; index++) values[index] = (values[index] ?? 0) + (map.values[index] ?? 0) / heads;
    }
    return { block, queries: count, keys: count, values };
  }
  const reach = 0.08 + 0.1 * (head / heads) + 0.25 * (1 - depth);
  const object = [DISC.y / 64 + 0.14 * (head - 1.5) * (1 - depth), DISC.x / 64] as const;
  for (let query = 0; query < count; query++) {
    const own = query < tokens.leading ? object : placeOf(query - tokens.leading, tokens);
    const row = values.subarray(query * count, (query + 1) * count);
    for (let key = 0; key < count; key++) {
      if (key < tokens.leading) {
        row[key] = 0.4;
        continue;
      }
      const [y, x] = placeOf(key - tokens.leading, tokens);
      const near = (place: readonly [number, number]) => Math.exp(-((y - place[0]) ** 2 + (x - place[1]) ** 2) / (2 * reach * reach));
      row[key] = depth * near(object) + (1 - depth) * near(own) + 0.01;
    }
    const sum = row.reduce((total, value) => total + value, 0);
    for (let key = 0; key < count; key++) row[key] = (row[key] ?? 0) / sum;
  }
  return { block, queries: count, keys: count, values };
}

function placeOf(patch: number, tokens: Tokens): readonly [number, number] {
  return [(Math.floor(patch / tokens.columns) + 0.5) / tokens.rows, ((patch % tokens.columns) + 0.5) / tokens.columns];
}

export function layer(block: string, label: string, tokens: Tokens, heads = 4): AttentionLayer {
  const count = tokens.leading + tokens.rows * tokens.columns;
  return { block, label, heads, queries: count, keys: count, windows: 1, queryGrid: tokens, keyGrid: tokens };
}

export const RECIPE: Recipe = {
  resize: { mode: 'shorter', size: 64 },
  crop: { height: 64, width: 64 },
  filter: 'bicubic',
  scale: 1 / 255,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  channels: 'RGB',
  layout: 'NCHW',
  dtype: 'float32',
  source: 'model metadata',
};

const PROBABILITIES = [
  ['red circle', 0.94217],
  ['red square', 0.03104],
  ['orange circle', 0.01433],
  ['red triangle', 0.00812],
  ['magenta circle', 0.00301],
  ['tan square', 0.00081],
  ['blue triangle', 0.00033],
  ['green circle', 0.00012],
  ['green square', 0.00006],
  ['blue circle', 0.00001],
] as const;

const CLASSES = PROBABILITIES.map(([label, probability], index) => ({ index: (index * 7) % 10, label, probability }));

/** A classifier's result without attention. */
export function result(change: Partial<RunResult> = {}): RunResult {
  return {
    schema: 1,
    run: 'run-1',
    model: 'hybrid.onnx',
    image: { name: 'shapes_07.png', width: 64, height: 64 },
    provider: 'cpu',
    providerNote: '',
    timings: { decode: 0.42, preprocess: 0.31, session: 12.4, run: 2.13 },
    recipe: RECIPE,
    seen: { x: 0, y: 0, width: 64, height: 64 },
    answers: [{ kind: 'classes', output: 'logits', classes: CLASSES }],
    labels: CLASSES,
    outputs: [{ name: 'logits', dtype: 'float32', shape: [1, 10] }],
    attention: [],
    warnings: [],
    ...change,
  };
}
