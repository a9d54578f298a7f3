import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLES } from './support';

export const MODELS = ['conv', 'vit', 'hybrid'] as const;
export type ModelName = (typeof MODELS)[number];

interface Figures {
  readonly models: Readonly<
    Record<
      ModelName,
      {
        readonly parameters: number;
        readonly parametersInOnnx: number;
        readonly macs: Readonly<Record<string, number>> & { readonly total: number };
        readonly bytes: { readonly onnx: number };
      }
    >
  >;
  /** What PyTorch answers, by image and model. */
  readonly answers: Readonly<Record<string, Readonly<Record<ModelName, { readonly logits: readonly number[] }>>>>;
}

interface SampleObject {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** Left, top, right, bottom in pixels of the upright image. */
  readonly box: readonly [number, number, number, number];
}

/** Written by samples/train.py: counted and computed by PyTorch. */
export const figures: Figures = JSON.parse(readFileSync(join(SAMPLES, 'figures.json'), 'utf8'));
/** Where the object is in each sample image. */
export const objects: Readonly<Record<string, SampleObject>> = JSON.parse(readFileSync(join(SAMPLES, 'images', 'objects.json'), 'utf8'));

export function objectOf(image: string): SampleObject {
  const found = objects[image];
  if (!found) throw new Error(`samples/images/objects.json says nothing of ${image}.`);
  return found;
}

/** PyTorch's highest probability for an image. */
export function topProbability(image: string, model: ModelName): number {
  const logits = figures.answers[image]?.[model].logits ?? [];
  const highest = Math.max(...logits);
  return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
}
