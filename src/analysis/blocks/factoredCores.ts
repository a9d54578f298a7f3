import { words } from '../../operators/meaning';
import type { Flow } from './flow';
import { layerOf, type Product, productOf } from './layers';
import type { RawCore } from './rawCore';
import { between } from './softmaxCores';
import { does } from './words';

const STEPS = words(...(['move', 'multiply', 'divide', 'add', 'subtract', 'relu', 'sigmoid', 'clip', 'power', 'softplus', 'elu'] as const));
const OPERAND_STEPS = words(
  ...(['move', 'multiply', 'divide', 'add', 'subtract', 'relu', 'elu', 'exponential', 'clip', 'softmax', 'root', 'negate'] as const),
  ...(['sigmoid', 'softplus', 'cosine', 'sine', 'reduceL2', 'reduceSum', 'reduceMean', 'reduceMax', 'greater', 'maximum'] as const),
  ...(['lpNorm', 'batchNorm', 'layerNorm', 'power'] as const),
);
const MAX_STEPS = 40;

/** True where a value comes from a weighted layer through nothing but movement, feature maps and normalisation. */
function isProjected(flow: Flow, value: string): boolean {
  const seen = new Set<number>();
  const queue = [value];
  for (let at = 0; at < queue.length && seen.size < MAX_STEPS; at++) {
    const index = flow.producer(queue[at] ?? '');
    const node = flow.nodes[index];
    if (!node || seen.has(index) || !flow.visible[index]) continue;
    if (layerOf(flow, index)) return true;
    if (!does(flow, index, OPERAND_STEPS)) continue;
    seen.add(index);
    for (const name of node.inputs) if (name !== '' && flow.origin(name) === 'data') queue.push(name);
  }
  return false;
}

/** The next product of data with data that takes this value, with the name it comes in under. */
function nextProduct(flow: Flow, value: string): { readonly index: number; readonly operand: string } | null {
  const seen = new Set<number>();
  const queue = flow.readers(value).map((index) => ({ index, operand: value }));
  for (let at = 0; at < queue.length && seen.size < MAX_STEPS; at++) {
    const step = queue[at];
    const node = step && flow.nodes[step.index];
    if (!node || seen.has(step.index) || !flow.visible[step.index]) continue;
    const product = productOf(flow, step.index);
    if (product) {
      if (flow.origin(product.left) === 'data' && flow.origin(product.right) === 'data') return step;
      continue;
    }
    if (!does(flow, step.index, STEPS) || layerOf(flow, step.index)) continue;
    seen.add(step.index);
    for (const name of node.outputs) for (const reader of flow.readers(name)) queue.push({ index: reader, operand: name });
  }
  return null;
}

/**
 * Attention without a softmax between two products of data: linear attention,
 * q (k^T v), whose first product sums over the keys, or scores that an
 * elementwise function weighs, f(q k^T) v. All three operands must be
 * projections. `taken` are nodes of other cores.
 */
export function factoredCore(flow: Flow, index: number, taken: ReadonlySet<number>): RawCore | null {
  const first = productOf(flow, index);
  if (!first || taken.has(index) || flow.origin(first.left) !== 'data' || flow.origin(first.right) !== 'data') return null;
  const next = nextProduct(flow, first.output);
  if (!next || taken.has(next.index)) return null;
  const second = productOf(flow, next.index) as Product;
  const other = second.left === next.operand ? second.right : second.left;
  const path = between(flow, index, next.index);
  if (path.some((step) => taken.has(step))) return null;
  if (![first.left, first.right, other].every((name) => isProjected(flow, name))) return null;
  return {
    kind: 'factored',
    scores: index,
    softmax: -1,
    weightedSum: next.index,
    query: other,
    key: first.left,
    value: first.right,
    weights: next.operand,
    output: second.output,
    path,
    mixesHeads: false,
  };
}
