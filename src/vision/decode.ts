import { fitLabels, type Labels } from './labels';

/** A model's output with its elements as numbers, row-major. */
export interface OutputTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface ClassScore {
  readonly index: number;
  readonly label: string;
  readonly probability: number;
}

export interface Decoded {
  /** Best first, at most `MAX_LABELS`; empty when no output is a class vector. */
  readonly labels: readonly ClassScore[];
  readonly warnings: readonly string[];
}

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
  if (!chosen) {
    const list = outputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
    return { labels: [], warnings: [`No output is a vector of classes (${list}), so no labels are shown.`] };
  }
  const classes = classCount(chosen) ?? 0;
  const scores = chosen.values.subarray(0, classes);
  if (!scores.every(Number.isFinite)) {
    return { labels: [], warnings: [`The output ${chosen.name} holds values that are not finite, so no labels are shown.`] };
  }
  const names = fitLabels(labels.names, classes);
  const warnings =
    labels.names.length > 0 && !names
      ? [`${labels.source} names ${labels.names.length} classes but the output ${chosen.name} has ${classes}; numbers are shown.`]
      : [];
  return { labels: rank(toProbabilities(scores), names), warnings };
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
function classCount({ shape, dtype }: OutputTensor): number | null {
  if (!dtype.includes('float')) return null;
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
