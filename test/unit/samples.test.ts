import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/engine/engine';
import { needsModel } from '../../src/engine/needsModel';
import type { AttentionLayer, AttentionMap } from '../../src/protocol';

const SAMPLES = resolve(import.meta.dirname, '../../samples');
const MODELS = ['conv', 'vit', 'hybrid'] as const;

interface Answer {
  readonly logits: readonly number[];
  /** Row and column of the cell that gets most of the last layer's attention. */
  readonly mostLookedAt?: readonly [number, number];
}

/** Counted and computed by PyTorch in samples/train.py. */
const figures: {
  readonly models: Readonly<Record<string, { readonly parametersInOnnx: number; readonly macs: { readonly total: number } }>>;
  readonly answers: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
} = JSON.parse(readFileSync(join(SAMPLES, 'figures.json'), 'utf8'));

const engine = createEngine();
const context = { signal: new AbortController().signal, progress: () => {} };

describe.each(MODELS)('samples/%s.onnx against PyTorch', (name) => {
  const model = { kind: 'file', path: join(SAMPLES, `${name}.onnx`) } as const;

  test('parameters and multiply-adds', async () => {
    const { profile } = needsModel(await engine.open({ model }, context));
    const { totals } = profile;
    expect(totals.trainableParameters).toBe(figures.models[name]?.parametersInOnnx);
    expect(totals.macs).toBe(figures.models[name]?.macs.total);
  });

  test.each(Object.keys(figures.answers))('probabilities and attention on %s', async (image) => {
    const answer = figures.answers[image]?.[name];
    const logits = answer?.logits ?? [];
    const path = join(SAMPLES, 'images', image);
    const result = await engine.run({ model, image: { kind: 'file', path }, provider: 'cpu', attention: true }, context);
    const highest = Math.max(...logits);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
    // A JPEG decoder may differ by a level from Pillow's; PNG pixels are exact.
    const digits = image.endsWith('.jpg') ? 2 : 4;
    for (const { index, probability } of result.labels)
      expect(probability).toBeCloseTo(Math.exp((logits[index] ?? 0) - highest) / sum, digits);
    expect(result.labels).toHaveLength(10);
    const layer = result.attention.at(-1);
    expect(layer !== undefined).toBe(answer?.mostLookedAt !== undefined);
    if (layer && answer?.mostLookedAt) {
      const map = await engine.attention({ run: result.run, block: layer.block, head: 'mean', window: 0 }, context);
      expect(mostLookedAt(layer, map)).toEqual(answer.mostLookedAt);
    }
    await engine.closeRun({ run: result.run }, context);
  });
});

/** By the class token where there is one, else by all queries together. */
function mostLookedAt(layer: AttentionLayer, { values, queries, keys }: AttentionMap): readonly [number, number] {
  const grid = layer.keyGrid;
  if (!grid) throw new Error('The layer has no grid.');
  const asked = grid.leading > 0 ? 1 : queries;
  let best = -1;
  let cell = -1;
  for (let key = grid.leading; key < keys; key++) {
    let weight = 0;
    for (let query = 0; query < asked; query++) weight += values[query * keys + key] ?? 0;
    if (weight > best) [best, cell] = [weight, key - grid.leading];
  }
  return [Math.floor(cell / grid.columns), cell % grid.columns];
}
