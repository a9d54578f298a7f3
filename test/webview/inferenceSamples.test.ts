import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createEngine } from '../../src/engine/engine';
import type { Handlers, InferenceViewApi } from '../../src/protocol';
import { closestPixel, settled } from './support/inferenceCanvas';
import { useView } from './support/useView';

interface Answer {
  readonly logits: readonly number[];
  /** Row and column of the patch with most of the last layer's attention. */
  readonly mostLookedAt?: readonly [number, number];
}

/** What PyTorch said of the sample images (samples/training). */
const { answers } = JSON.parse(readFileSync('samples/figures.json', 'utf8')) as { answers: Record<string, Record<string, Answer>> };
const objects = JSON.parse(readFileSync('samples/images/objects.json', 'utf8')) as Record<string, { readonly label: string }>;

const tested = useView('inference');

/** A host as the extension is one: it answers from the real engine. */
function engineHost(model: string, image: string): Handlers<InferenceViewApi> {
  const engine = createEngine();
  const file = (path: string) => ({ kind: 'file', path: resolve('samples', path) }) as const;
  const source = { model: file(`${model}.onnx`), image: file(`images/${image}`), provider: 'cpu', attention: true };
  return {
    run: ({ recipe }, context) => engine.run({ ...source, ...(recipe ? { recipe } : {}) }, context),
    image: ({ run, which }, context) =>
      which === 'seen' ? engine.seenImage({ run }, context) : engine.imagePreview({ run, limit: 1600 }, context),
    attention: (params, context) => engine.attention(params, context),
    chooseModel: async () => {},
    chooseProvider: async () => {},
    openModel: async () => {},
    copy: async () => {},
    save: async () => {},
  };
}

function softmax(logits: readonly number[]): readonly number[] {
  const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

// One of the images is a turned JPEG, one is grayscale.
const CASES = [
  ['hybrid', 'arrow_01.png'],
  ['hybrid', 'star_02.jpg'],
  ['vit', 'ring_01.png'],
  ['vit', 'heart_02.png'],
  ['conv', 'cross_01.png'],
] as const;

test.each(CASES)('%s on %s answers and looks as PyTorch does', async (model, image) => {
  const answer = answers[image]?.[model];
  if (!answer) throw new Error(`samples/figures.json says nothing of ${model} on ${image}`);
  const state = { look: { opacity: 1, smooth: false } };
  const { page, errors } = await tested.open({ handlers: engineHost(model, image) }, { height: 960, state });
  await page.locator('.label-list > li').first().waitFor();
  expect(await page.locator('.label-name').first().textContent()).toBe(objects[image]?.label);
  const best = Math.max(...softmax(answer.logits));
  const shown = Number.parseFloat((await page.locator('.label-list .number').first().textContent()) ?? '');
  expect(Math.abs(shown - best * 100)).toBeLessThan(0.15);
  if (answer.mostLookedAt) {
    await page.locator('.color-legend').waitFor();
    await settled(page);
    const [row, column] = answer.mostLookedAt;
    const hottest = await closestPixel(page, [253, 231, 37]);
    expect(hottest.x).toBeCloseTo((column + 0.5) / 8, 2);
    expect(hottest.y).toBeCloseTo((row + 0.5) / 8, 2);
  } else await page.getByText('This model has no attention layers that can be shown.').waitFor();
  await page.locator('inference-stage canvas').waitFor();
  await tested.screenshot(page, `sample-${model}-${image.replace(/\..*/, '')}`);
  expect(errors).toEqual([]);
  await page.close();
});
