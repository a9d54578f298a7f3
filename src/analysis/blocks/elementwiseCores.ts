import { type Word, words } from '../../operators/meaning';
import type { Flow } from './flow';
import { layerOf, productOf } from './layers';
import type { RawCore } from './rawCore';
import { reducedAxes } from './reductions';
import { between, softmaxAxis } from './softmaxCores';
import { actOf, does, MOVEMENT } from './words';

/**
 * Attention whose products are written elementwise: multiply, then sum.
 * Separable attention (MobileViTv2, arXiv 2206.02680) scores tokens with one
 * number each, sums the keys by it and gates the values with the sum; local
 * attention over unfolded neighbourhoods (arXiv 1906.05909) multiplies queries
 * with shifted keys.
 */

/** What may stand between an operand and the layer it comes from, and between scores and the softmax. */
const PROJECTED = words('move', 'add', 'multiply', 'divide', 'relu', 'batchNorm', 'sigmoid');
const SCALED = words('move', 'reduceSum', 'add', 'multiply', 'divide');
/** Neighbourhoods of 7 x 7 are 49 slices. */
const MAX_STEPS = 400;

/** The one reader of a node, skipping movement; -1 where it branches. */
function follow(flow: Flow, index: number, ...acts: readonly Word[]): number {
  const wanted = words(...acts);
  let at = index;
  for (let step = 0; step < 6; step++) {
    const next = flow.after[at] ?? [];
    const [only] = next;
    if (only === undefined || next.length > 1) return -1;
    if (does(flow, only, wanted)) return only;
    if (!does(flow, only, MOVEMENT)) return -1;
    at = only;
  }
  return -1;
}

/** Numbers of the weighted layers nearest behind a value. */
function layersBehind(flow: Flow, value: string): ReadonlySet<number> {
  const found = new Set<number>();
  const seen = new Set<number>();
  const queue = [value];
  for (let at = 0; at < queue.length && seen.size < MAX_STEPS; at++) {
    const index = flow.producer(queue[at] ?? '');
    if (index < 0 || seen.has(index) || !flow.visible[index]) continue;
    seen.add(index);
    if (layerOf(flow, index)) {
      found.add(index);
      continue;
    }
    if (!does(flow, index, PROJECTED)) continue;
    for (const name of flow.nodes[index]?.inputs ?? []) if (name !== '' && flow.origin(name) === 'data') queue.push(name);
  }
  return found;
}

function otherInput(flow: Flow, index: number, from: number): string {
  const names = flow.nodes[index]?.inputs ?? [];
  return names.find((name) => flow.origin(name) === 'data' && flow.producer(name) !== from) ?? '';
}

/** Inputs of the layers behind a value: two values project the same tensor when these meet. */
function sources(flow: Flow, value: string): ReadonlySet<string> {
  return new Set([...layersBehind(flow, value)].map((index) => layerOf(flow, index)?.input ?? ''));
}

function meet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return [...left].some((name) => right.has(name));
}

/**
 * Separable self-attention (Mehta and Rastegari 2022): one softmax over the tokens weighs a sum that is multiplied
 * back; `null` where the softmax at `index` does not.
 */
export function separableCore(flow: Flow, index: number): RawCore | null {
  const node = flow.nodes[index];
  if (!node || actOf(flow, index) !== 'softmax' || !flow.visible[index]) return null;
  const product = follow(flow, index, 'multiply');
  const sum = product < 0 ? -1 : follow(flow, product, 'reduceSum');
  const gate = sum < 0 ? -1 : follow(flow, sum, 'multiply');
  if (gate < 0 || !reducesSoftmaxAxis(flow, index, sum)) return null;
  const key = otherInput(flow, product, index);
  const value = flow.nodes[gate]?.inputs.find((name) => !between(flow, sum, gate).includes(flow.producer(name))) ?? '';
  const query = node.inputs[0] ?? '';
  const from = sources(flow, query);
  if (!meet(from, sources(flow, key)) || !meet(from, sources(flow, value))) return null;
  return {
    kind: 'separable',
    scores: -1,
    softmax: index,
    weightedSum: gate,
    query,
    key,
    value,
    weights: node.outputs[0] ?? '',
    output: flow.nodes[gate]?.outputs[0] ?? '',
    path: between(flow, index, gate),
    mixesHeads: false,
  };
}

function reducesSoftmaxAxis(flow: Flow, softmax: number, sum: number): boolean {
  const axes = reducedAxes(flow, sum);
  return axes.length === 0 || axes.includes(softmaxAxis(flow, softmax));
}

/** Scores made by multiplying two projections elementwise (and summing channels), weights applied likewise or by Einsum. */
export function localCore(flow: Flow, index: number): RawCore | null {
  const node = flow.nodes[index];
  if (!node || actOf(flow, index) !== 'softmax' || !flow.visible[index]) return null;
  const scores = scoresBefore(flow, node.inputs[0] ?? '');
  if (scores < 0) return null;
  const sum = weightedAfter(flow, index);
  const [query = '', key = ''] = flow.nodes[scores]?.inputs ?? [];
  if (sum < 0) return null;
  const path = between(flow, scores, sum);
  const product = productOf(flow, sum) ? sum : path.find((step) => step > index && isDataMul(flow, step));
  const value = product === undefined ? '' : (flow.nodes[product]?.inputs.find((name) => !path.includes(flow.producer(name))) ?? '');
  const from = sources(flow, query);
  if (!meet(from, sources(flow, key)) || !meet(from, sources(flow, value))) return null;
  return {
    kind: 'local',
    scores,
    softmax: index,
    weightedSum: sum,
    query,
    key,
    value,
    weights: node.outputs[0] ?? '',
    output: flow.nodes[sum]?.outputs[0] ?? '',
    path,
    mixesHeads: false,
  };
}

function isDataMul(flow: Flow, index: number): boolean {
  const node = flow.nodes[index];
  if (!node || actOf(flow, index) !== 'multiply') return false;
  return node.inputs.every((name) => flow.origin(name) === 'data') && node.inputs[0] !== node.inputs[1];
}

function scoresBefore(flow: Flow, value: string): number {
  let at = value;
  for (let step = 0; step < 8; step++) {
    const index = flow.producer(at);
    const node = flow.nodes[index];
    if (!node || layerOf(flow, index) || productOf(flow, index)) return -1;
    if (isDataMul(flow, index)) return index;
    if (!does(flow, index, SCALED)) return -1;
    at = node.inputs.find((name) => name !== '' && flow.origin(name) === 'data') ?? '';
  }
  return -1;
}

function weightedAfter(flow: Flow, softmax: number): number {
  const next = follow(flow, softmax, 'multiply', 'product');
  if (next < 0) return -1;
  if (flow.meanings[next]?.kind === 'product') return productOf(flow, next) ? next : -1;
  return isDataMul(flow, next) ? follow(flow, next, 'reduceSum') : -1;
}
