import { append } from '../../data';
import { attributesOf } from '../../operators/attributes';
import { words } from '../../operators/meaning';
import type { Flow } from './flow';
import { type Layer, layerOf, type Product, productOf } from './layers';
import type { RawCore } from './rawCore';
import { actOf, does } from './words';

const SCORE_STEPS = words(
  ...(['move', 'add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum', 'clip', 'tanh', 'negate', 'root', 'batchNorm'] as const),
);
const WEIGHT_STEPS = words(...SCORE_STEPS, 'isNaN', 'reduceSum', 'not', 'instanceNorm', 'layerNorm');
const MAX_STEPS = 80;
/** More heads than this and a square matrix is a layer, not a mixing of heads. */
const MAX_HEADS = 128;

interface Walk {
  /** First product met, by distance. */
  readonly product: number;
  readonly operand: string;
  readonly mixesHeads: boolean;
}

/** A layer that mixes heads: as many outputs as inputs, few of both, on a value with two axes of tokens. */
function mixesHeads(flow: Flow, layer: Layer): boolean {
  if (layer.inputs !== layer.outputs || layer.inputs < 1 || layer.inputs > MAX_HEADS || layer.kernel.some((size) => size !== 1))
    return false;
  return (flow.shape(layer.input)?.length ?? 0) >= 4;
}

/** A stack of learned queries, one matrix per head, and no weight matrix. */
function isLearnedQuery(flow: Flow, product: Product): boolean {
  const constant = flow.origin(product.left) === 'data' ? product.right : product.left;
  return (flow.shape(constant)?.length ?? 0) >= 3;
}

/**
 * Nearest query-key product behind a softmax, through scale, mask, bias and
 * talking heads; one with learned queries only where there is no other.
 */
function findScores(flow: Flow, start: string): Walk | null {
  const seen = new Set<number>();
  const queue = [start];
  let mixes = false;
  let learned: Walk | null = null;
  for (let at = 0; at < queue.length && seen.size < MAX_STEPS; at++) {
    const operand = queue[at] ?? '';
    const index = flow.producer(operand);
    const node = flow.nodes[index];
    if (!node || seen.has(index) || !flow.visible[index]) continue;
    const product = productOf(flow, index);
    if (product) {
      const walk = { product: index, operand, mixesHeads: mixes };
      if (flow.origin(product.left) === 'data' && flow.origin(product.right) === 'data') return walk;
      if (isLearnedQuery(flow, product)) learned ??= walk;
      continue;
    }
    const layer = layerOf(flow, index);
    const mixing = layer !== null && mixesHeads(flow, layer);
    if (!mixing && !does(flow, index, SCORE_STEPS)) continue;
    mixes ||= mixing;
    seen.add(index);
    for (const name of node.inputs) if (name !== '' && flow.origin(name) === 'data') queue.push(name);
  }
  return learned;
}

/** The product of the weights with the values, through dropout, re-weighting and talking heads. */
function findWeightedSum(flow: Flow, start: number, value: string): Walk | null {
  const seen = new Set<number>();
  const queue: { readonly index: number; readonly operand: string }[] = flow.readers(value).map((index) => ({ index, operand: value }));
  let mixes = false;
  for (let at = 0; at < queue.length && seen.size < MAX_STEPS; at++) {
    const { index, operand } = queue[at] ?? { index: -1, operand: '' };
    const node = flow.nodes[index];
    if (!node || seen.has(index) || index === start || !flow.visible[index]) continue;
    const product = productOf(flow, index);
    if (product) {
      const other = product.left === operand ? product.right : product.left;
      if (flow.origin(other) === 'data') return { product: index, operand, mixesHeads: mixes };
      continue;
    }
    const layer = layerOf(flow, index);
    const mixing = layer !== null && mixesHeads(flow, layer);
    if (!mixing && !does(flow, index, WEIGHT_STEPS)) continue;
    mixes ||= mixing;
    seen.add(index);
    for (const name of node.outputs) for (const reader of flow.readers(name)) queue.push({ index: reader, operand: name });
  }
  return null;
}

/** The steps that lie on a way from `from` to `to`: the walk visits dead ends as well. */
export function between(flow: Flow, from: number, to: number, limit = 400): readonly number[] {
  const back = new Set<number>();
  const pending = [to];
  while (pending.length > 0 && back.size < limit) {
    const index = pending.pop() ?? -1;
    if (back.has(index) || index < from) continue;
    back.add(index);
    if (index !== from) append(pending, flow.before[index] ?? []);
  }
  if (!back.has(from)) return [];
  const forward = new Set([from]);
  for (const index of [...back].sort((a, b) => a - b)) {
    if ((flow.before[index] ?? []).some((source) => forward.has(source))) forward.add(index);
  }
  return [...forward].sort((a, b) => a - b);
}

/** Axis that a softmax normalises, counted from the front; -1 where the rank is unknown. */
export function softmaxAxis(flow: Flow, index: number): number {
  const node = flow.nodes[index];
  const rank = flow.shape(node?.outputs[0] ?? '')?.length ?? 0;
  const meaning = flow.meanings[index];
  if (!node || meaning?.kind !== 'softmax' || rank === 0) return -1;
  const axis = attributesOf(node, flow.scope.attributes).int('axis', meaning.defaultAxis);
  // Before opset 13 everything from the axis on was normalised as one row.
  return axis < 0 ? axis + rank : axis;
}

/** Index letter of the operand's axis that the weights were normalised over is summed away: the mark of a weighted sum. */
function sumsOver(product: Product, operand: string): boolean {
  if (!product.indices) return true;
  const letters = product.left === operand ? product.indices.left : product.indices.right;
  const contracted = [...letters].filter((letter) => !product.indices?.output.includes(letter));
  return contracted.length > 0;
}

/** Extent of the axis of the weights that the weighted sum sums away; `null` where that is not one known axis. */
function summedExtent(flow: Flow, { indices, left }: Product, weights: string): number | null {
  if (!indices) return null;
  const letters = [...(left === weights ? indices.left : indices.right)];
  const summed = letters.filter((letter) => !indices.output.includes(letter));
  const shape = flow.shape(weights);
  return summed.length === 1 && shape?.length === letters.length ? (shape[letters.indexOf(summed[0] ?? '')] ?? null) : null;
}

/**
 * The operand of the scores whose own axis the weighted sum sums away, where extents tell: the keys, whatever the
 * softmax normalises. Slot attention (Locatello et al. 2020) normalises over its queries, the slots.
 */
function keyBySum(flow: Flow, scores: Product, summed: number | null): string | null {
  const { indices } = scores;
  const shape = flow.shape(scores.output);
  if (!indices || summed === null || shape?.length !== [...indices.output].length) return null;
  const own = (mine: string, other: string) =>
    [...indices.output].flatMap((letter, axis) => (mine.includes(letter) && !other.includes(letter) ? (shape[axis] ?? []) : []));
  const [left, right] = [own(indices.left, indices.right), own(indices.right, indices.left)];
  if (left.length !== 1 || right.length !== 1 || left[0] === right[0]) return null;
  return left[0] === summed ? scores.left : right[0] === summed ? scores.right : null;
}

/** Which operand of the scores is the query: the one whose own axis is not summed away, or else not normalised. */
function queryAndKey(flow: Flow, scores: Product, softmax: number, summed: number | null): readonly [string, string] {
  const key = keyBySum(flow, scores, summed);
  if (key !== null) return key === scores.left ? [scores.right, scores.left] : [scores.left, scores.right];
  const axis = softmaxAxis(flow, softmax);
  const same = flow.shape(scores.output)?.join() === flow.shape(flow.nodes[softmax]?.outputs[0] ?? '')?.join();
  const letter = scores.indices && same ? scores.indices.output[axis] : undefined;
  if (letter !== undefined && scores.indices?.left.includes(letter) && !scores.indices.right.includes(letter)) {
    return [scores.right, scores.left];
  }
  return [scores.left, scores.right];
}

/**
 * The attention core around a softmax: a product of two values that come from
 * data before it (scale, mask, bias between), and a product of its result with
 * a third after it. A softmax that gates channels, pools tokens by a learned
 * score or classifies has no such products, and yields `null`.
 */
export function softmaxCore(flow: Flow, index: number): RawCore | null {
  const node = flow.nodes[index];
  if (!node || actOf(flow, index) !== 'softmax' || !flow.visible[index]) return null;
  const before = findScores(flow, node.inputs[0] ?? '');
  const output = node.outputs[0] ?? '';
  const after = before && findWeightedSum(flow, index, output);
  if (!before || !after) return null;
  const scores = productOf(flow, before.product);
  const sum = productOf(flow, after.product);
  if (!scores || !sum || !sumsOver(sum, after.operand)) return null;
  const [query, key] = queryAndKey(flow, scores, index, summedExtent(flow, sum, after.operand));
  return {
    kind: 'softmax',
    scores: before.product,
    softmax: index,
    weightedSum: after.product,
    query,
    key,
    value: sum.left === after.operand ? sum.right : sum.left,
    weights: after.operand,
    output: sum.output,
    path: between(flow, before.product, after.product),
    mixesHeads: before.mixesHeads || after.mixesHeads,
  };
}
