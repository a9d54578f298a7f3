import { attributesOf } from '../../operators/attributes';
import type { Flow } from './flow';
import { layerOf, productOf } from './layers';
import { MOVEMENT } from './operatorSets';
import type { RawCore } from './rawCore';
import { between, softmaxAxis } from './softmaxCores';

/**
 * Attention whose products are written elementwise: multiply, then sum.
 * Separable attention (MobileViTv2, arXiv 2206.02680) scores tokens with one
 * number each, sums the keys by it and gates the values with the sum; local
 * attention over unfolded neighbourhoods (arXiv 1906.05909) multiplies queries
 * with shifted keys.
 */

/** Neighbourhoods of 7 x 7 are 49 slices. */
const MAX_STEPS = 400;

/** The one reader of a node, skipping movement; -1 where it branches. */
function follow(flow: Flow, index: number, ops: readonly string[]): number {
  let at = index;
  for (let step = 0; step < 6; step++) {
    const next = flow.after[at] ?? [];
    const [only] = next;
    if (only === undefined || next.length > 1) return -1;
    const op = flow.nodes[only]?.op ?? '';
    if (ops.includes(op)) return only;
    if (!MOVEMENT.has(op)) return -1;
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
    const op = flow.nodes[index]?.op ?? '';
    if (!MOVEMENT.has(op) && !['Add', 'Mul', 'Div', 'Relu', 'BatchNormalization', 'Sigmoid'].includes(op)) continue;
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
  if (node?.op !== 'Softmax' || !flow.visible[index]) return null;
  const product = follow(flow, index, ['Mul']);
  const sum = product < 0 ? -1 : follow(flow, product, ['ReduceSum']);
  const gate = sum < 0 ? -1 : follow(flow, sum, ['Mul']);
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

function reducedAxes(flow: Flow, index: number): readonly number[] {
  const node = flow.nodes[index];
  const rank = flow.shape(node?.inputs[0] ?? '')?.length ?? 0;
  if (!node) return [];
  const fact = node.inputs[1] ? flow.constants(node.inputs[1]) : attributesOf(node, flow.scope.attributes).ints('axes');
  return (fact ?? []).map((axis) => (axis < 0 ? axis + rank : axis));
}

function reducesSoftmaxAxis(flow: Flow, softmax: number, sum: number): boolean {
  const axes = reducedAxes(flow, sum);
  return axes.length === 0 || axes.includes(softmaxAxis(flow, softmax));
}

/** Scores made by multiplying two projections elementwise (and summing channels), weights applied likewise or by Einsum. */
export function localCore(flow: Flow, index: number): RawCore | null {
  const node = flow.nodes[index];
  if (node?.op !== 'Softmax' || !flow.visible[index]) return null;
  const scores = scoresBefore(flow, node.inputs[0] ?? '');
  if (scores < 0) return null;
  const sum = weightedAfter(flow, index);
  const [query = '', key = ''] = flow.nodes[scores]?.inputs ?? [];
  if (sum < 0) return null;
  const path = between(flow, scores, sum);
  const product = flow.nodes[sum]?.op === 'Einsum' ? sum : path.find((step) => step > index && isDataMul(flow, step));
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
  return node?.op === 'Mul' && node.inputs.every((name) => flow.origin(name) === 'data') && node.inputs[0] !== node.inputs[1];
}

function scoresBefore(flow: Flow, value: string): number {
  let at = value;
  for (let step = 0; step < 8; step++) {
    const index = flow.producer(at);
    const node = flow.nodes[index];
    if (!node || layerOf(flow, index) || productOf(flow, index)) return -1;
    if (isDataMul(flow, index)) return index;
    if (!MOVEMENT.has(node.op) && !['ReduceSum', 'Add', 'Mul', 'Div'].includes(node.op)) return -1;
    at = node.inputs.find((name) => name !== '' && flow.origin(name) === 'data') ?? '';
  }
  return -1;
}

function weightedAfter(flow: Flow, softmax: number): number {
  const next = follow(flow, softmax, ['Mul', 'Einsum']);
  if (next < 0) return -1;
  if (flow.nodes[next]?.op === 'Einsum') return productOf(flow, next) ? next : -1;
  return isDataMul(flow, next) ? follow(flow, next, ['ReduceSum']) : -1;
}
