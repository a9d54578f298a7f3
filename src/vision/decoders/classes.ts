import type { ClassScore } from '../answer';
import { fitLabels, type Labels } from '../labels';
import type { Decoded, Decoder, OutputTensor } from './decoder';

/** One class among many, from a vector of scores or probabilities. */
export const classes: Decoder = { kind: 'classes', decode: decodeClasses };

/** Classes listed in a result. */
export const MAX_LABELS = 1000;
/** A "class vector" longer than this is something else (a flattened map). */
const MAX_CLASSES = 200_000;
/** How far probabilities may miss a sum of 1: float16 sums of thousands of classes stray this far. */
const SUM_TOLERANCE = 0.01;
const NO_CLASSES = /embed|hidden|feature|pool|box|mask|anchor|keypoint/i;
const CLASSES = /logit|prob|class|score|pred|softmax/i;

/** Reads class probabilities off a model's outputs: softmax unless they are probabilities already. */
export function decodeClasses(outputs: readonly OutputTensor[], labels: Labels): Decoded {
  const chosen = chooseOutput(outputs, labels);
  if (!chosen?.values) {
    const list = outputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
    return { answers: [], warnings: [`No output is a vector of classes (${list}), so no labels are shown.`] };
  }
  const count = classCount(chosen) ?? 0;
  const scores = chosen.values.subarray(0, count);
  if (!scores.every(Number.isFinite)) {
    return { answers: [], warnings: [`The output ${chosen.name} holds values that are not finite, so no labels are shown.`] };
  }
  const names = fitLabels(labels.names, count);
  const warnings =
    labels.names.length > 0 && !names
      ? [`${labels.source} names ${labels.names.length} classes but the output ${chosen.name} has ${count}; numbers are shown.`]
      : [];
  return { answers: [{ kind: 'classes', output: chosen.name, classes: rank(toProbabilities(scores), names) }], warnings };
}

function rank(probabilities: Float64Array, names: readonly string[] | null): readonly ClassScore[] {
  const order = Array.from(probabilities.keys()).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b);
  return order
    .slice(0, MAX_LABELS)
    .map((index) => ({ index, label: names?.[index] ?? String(index), probability: probabilities[index] ?? 0 }));
}

/** Values that are not negative and sum to 1 are probabilities; all else goes through softmax. */
export function toProbabilities(scores: Float32Array): Float64Array {
  const values = Float64Array.from(scores);
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.every((value) => value >= 0) && Math.abs(sum - 1) < SUM_TOLERANCE) return values;
  const top = values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
  const powers = values.map((value) => Math.exp(value - top));
  const total = powers.reduce((all, value) => all + value, 0);
  return powers.map((value) => value / total);
}

/** Number of classes of `[K]`, `[N, K]`, `[N, K, 1, 1]` or `[N, 1, 1, K]`; `null` for other shapes. */
function classCount({ shape, dtype, values }: OutputTensor): number | null {
  if (!dtype.includes('float') || !values) return null;
  const extents = shape.length > 1 ? shape.slice(1) : shape;
  const [classes, ...more] = extents.filter((extent) => extent !== 1);
  return classes !== undefined && more.length === 0 && classes <= MAX_CLASSES ? classes : null;
}

function chooseOutput(outputs: readonly OutputTensor[], labels: Labels): OutputTensor | null {
  const vectors = outputs.filter((output) => classCount(output) !== null);
  const named = vectors.find((output) => labels.names.length > 0 && fitLabels(labels.names, classCount(output) ?? 0));
  const plausible = vectors.filter(({ name }) => !NO_CLASSES.test(name));
  return named ?? plausible.find(({ name }) => CLASSES.test(name)) ?? plausible[0] ?? null;
}
