import { append } from '../../data';
import { type Act, words } from '../../operators/meaning';
import type { Category } from '../profile';
import type { FoundAttention } from './attention';
import { downstream } from './attentionRegion';
import type { Composites } from './composites';
import { type Given, REACH } from './copies';
import type { Draft, DraftTree } from './draft';
import { type Flow, inputAt } from './flow';
import { traitsOf } from './kinds';
import { type LayerKind, layerKind } from './layerKinds';
import { layerOf, productOf } from './layers';
import { actOf, does, operandAt, operandsOf } from './words';

/** What operators are whose meaning alone tells it. */
const BY_MEANING: ReadonlyMap<Act['kind'], Category> = new Map([
  ['move', 'dataMovement'],
  ['activate', 'activation'],
  ['softmax', 'activation'],
  ['normalize', 'normalization'],
  ['pool', 'pooling'],
  ['embed', 'embedding'],
  ['recur', 'recurrent'],
  ['attend', 'attention.scores'],
]);
const POOLING_REDUCTIONS = words('reduceMean', 'reduceMax');
const ARITHMETIC = words('add', 'subtract', 'multiply', 'divide', 'select', 'maximum', 'minimum', 'clip', 'tanh');
const BY_KIND: Readonly<Record<LayerKind, Category>> = {
  pointwise: 'convolution.pointwise',
  depthwise: 'convolution.depthwise',
  spatial: 'convolution.standard',
  linear: 'feedForward',
};

interface Context {
  readonly flow: Flow;
  readonly composites: Composites;
  readonly tree: DraftTree;
}

/** Kinds of the blocks around a node, innermost first. */
function kindsAround(tree: DraftTree, index: number): readonly string[] {
  const kinds: string[] = [];
  for (let block: Draft | undefined = tree.blockOf(index); block; block = tree.parentOf(block)) kinds.push(block.kind);
  return kinds;
}

function layerCategory({ flow, tree }: Context, index: number): Category | null {
  const layer = layerOf(flow, index);
  if (!layer) return null;
  const kind = layerKind(layer);
  for (const around of kindsAround(tree, index)) {
    if (around === 'squeeze-excite' || around === 'gather-excite') return 'gate';
    if (around === 'feed-forward') return kind === 'depthwise' || kind === 'spatial' ? BY_KIND[kind] : 'feedForward';
    if (traitsOf(around).convolves && kind === 'linear') return 'convolution.pointwise';
    if (around === 'head' && kind === 'linear') return 'head';
    if ((around === 'patch-merging' || around === 'patch-embedding') && kind === 'linear') return 'embedding';
  }
  if (kind === 'linear' && endsModel(flow, index)) return 'head';
  return layer.group > 1 && kind !== 'depthwise' ? 'convolution.grouped' : BY_KIND[kind];
}

/** True where no weighted layer follows on the way to the model's outputs. */
function endsModel(flow: Flow, index: number): boolean {
  const seen = new Set<number>([index]);
  const pending = [...(flow.after[index] ?? [])];
  while (pending.length > 0) {
    const next = pending.pop() ?? -1;
    if (seen.has(next)) continue;
    seen.add(next);
    if (seen.size > 24 || layerOf(flow, next) || productOf(flow, next)) return false;
    append(pending, flow.after[next] ?? []);
  }
  return true;
}

function baseCategory(context: Context, index: number): Category {
  const { flow, composites } = context;
  const node = flow.nodes[index];
  if (!node) return 'other';
  const composite = composites.list[composites.of[index] ?? -1];
  if (composite) return composite.kind;
  const layer = layerCategory(context, index);
  if (layer) return layer;
  if (productOf(flow, index) && kindsAround(context.tree, index).some((kind) => traitsOf(kind).appliesKernels))
    return 'convolution.depthwise';
  const meaning = flow.meanings[index];
  if (!meaning) return 'other';
  if (meaning.does === 'embeddingNorm' || (meaning.does === 'gather' && looksUp(flow, index))) return 'embedding';
  const category = BY_MEANING.get(meaning.kind);
  if (category) return category;
  if (does(flow, index, POOLING_REDUCTIONS) && flow.visible[index]) return 'pooling';
  return isPositionSum(flow, index) ? 'embedding' : 'other';
}

/** Reads rows of a float table: token embeddings, relative position biases. */
function looksUp(flow: Flow, index: number): boolean {
  const table = inputAt(flow, index, 0);
  const shape = flow.shapeAt(table);
  return flow.originAt(table) === 'constant' && flow.isFloat(flow.nodes[index]?.inputs[0] ?? '') && shape !== null && shape.length >= 2;
}

/** How many axes of a value have more than one place; 0 where that is not known. */
function wideAxes(flow: Flow, value: number): number {
  let count = 0;
  for (const size of flow.shapeAt(value) ?? []) if (size > 1) count++;
  return count;
}

/** Adds one learned vector per token: a constant with several tokens and channels. */
function isPositionSum(flow: Flow, index: number): boolean {
  if (actOf(flow, index) !== 'add' || !flow.visible[index]) return false;
  const { starts, items } = flow.scope.wiring.inputs;
  for (let at = starts[index] as number; at < (starts[index + 1] as number); at++) {
    const value = items[at] as number;
    if (flow.originAt(value) === 'constant' && wideAxes(flow, value) >= 2) return true;
  }
  return false;
}

/** True where a constant product ends in a value through nothing but constants. */
function feeds(flow: Flow, index: number, value: string): boolean {
  const pending = [...(flow.nodes[index]?.outputs ?? [])];
  for (let at = 0; at < pending.length && at < 40; at++) {
    const name = pending[at] ?? '';
    if (name === value) return true;
    for (const reader of flow.readers(name)) if (!flow.visible[reader]) append(pending, flow.nodes[reader]?.outputs ?? []);
  }
  return false;
}

/** Multiplied with (or added to) a table of positions, as rotary embeddings are. */
function hasTable(flow: Flow, index: number): boolean {
  if (!does(flow, index, ARITHMETIC)) return false;
  const { starts, items } = flow.scope.wiring.inputs;
  for (let at = starts[index] as number; at < (starts[index + 1] as number); at++) {
    const value = items[at] as number;
    if (flow.originAt(value) !== 'data' && wideAxes(flow, value) >= 2) return true;
  }
  return false;
}

/** Roles within one attention; `nodes` are those of its block, the hidden ones included. */
function attentionRoles(context: Context, found: FoundAttention, assign: (index: number, category: Category) => void): void {
  const { flow, composites } = context;
  const nodes = context.tree.around(found.core.weightedSum, 'attention')?.nodes ?? found.region.nodes;
  const { core, region } = found;
  const projections = new Set([...region.projections.query, ...region.projections.key, ...region.projections.value]);
  const path = new Set(core.path);
  const inner = downstream(flow, projections, region.nodes);
  for (const index of nodes) {
    const node = flow.nodes[index];
    if (!node || (composites.of[index] ?? -1) >= 0) continue;
    const layer = layerOf(flow, index);
    if (index === region.outputProjection) assign(index, 'attention.output');
    else if (projections.has(index)) assign(index, 'attention.projection');
    else if (layer && (path.has(index) || (layer.kind === 'linear' && inner.has(index) && index < core.weightedSum)))
      assign(index, 'attention.scores');
    else if (layer) assign(index, index < core.weightedSum ? 'attention.projection' : 'attention.output');
    else if (!flow.visible[index] && flow.meanings[index]?.kind === 'product')
      assign(index, feeds(flow, index, core.query) ? 'attention.projection' : 'attention.scores');
    else if (inner.has(index) && !path.has(index) && index < core.weightedSum && hasTable(flow, index)) assign(index, 'embedding');
    else if (productOf(flow, index)) assign(index, index < core.softmax || core.softmax < 0 ? 'attention.scores' : 'attention.weightedSum');
    else if (path.has(index) && does(flow, index, ARITHMETIC)) assign(index, 'attention.scores');
  }
  if (core.scores >= 0) assign(core.scores, 'attention.scores');
  if (core.weightedSum >= 0) assign(core.weightedSum, 'attention.weightedSum');
  if (core.softmax >= 0) assign(core.softmax, core.kind === 'fused' ? 'attention.scores' : 'attention.softmax');
}

/** A bias added to a layer's result counts with the layer. */
function biasOf(flow: Flow, index: number): number {
  if (actOf(flow, index) !== 'add') return -1;
  const count = operandsOf(flow, index).length;
  let only = -1;
  let data = 0;
  let constant = -1;
  for (let at = 0; at < count; at++) {
    const value = operandAt(flow, index, at);
    const origin = flow.originAt(value);
    if (origin === 'data') {
      only = value;
      data++;
    } else if (origin === 'constant' && constant < 0) constant = value;
  }
  if (data !== 1 || only < 0 || constant < 0) return -1;
  const producer = flow.scope.wiring.producer[only] as number;
  return producer >= 0 && wideAxes(flow, constant) <= 1 && layerOf(flow, producer) ? producer : -1;
}

/** A bias counts with the layer whose result it is added to, once that has its category. */
function biasCategory({ flow, composites }: Context, index: number, categories: readonly Category[]): Category | undefined {
  if ((composites.of[index] ?? -1) >= 0 || categories[index] === 'attention.scores') return undefined;
  const layer = biasOf(flow, index);
  return layer < 0 ? undefined : categories[layer];
}

/** One category for every node of a scope, by number. Copies that were given the blocks of another are given its categories. */
export function categorize(context: Context, attention: readonly FoundAttention[], given: readonly Given[]): Category[] {
  const copies = areAround(context, given) ? given.map(inner) : [];
  const isCopied = new Uint8Array(context.flow.nodes.length);
  for (const { first, period, copies: count } of copies) isCopied.fill(1, first, first + count * period);
  const categories: Category[] = new Array(isCopied.length).fill('other');
  const each = (find: (index: number) => Category | undefined): void => {
    for (let index = 0; index < isCopied.length; index++) {
      if (isCopied[index] === 1) continue;
      const category = find(index);
      if (category !== undefined) categories[index] = category;
    }
    for (const copy of copies) giveAll(categories, copy);
  };
  each((index) => baseCategory(context, index));
  for (const found of attention) {
    if (copies.some((copy) => isDeepInside(copy, found.core.weightedSum))) continue;
    attentionRoles(context, found, (index, category) => {
      categories[index] = category;
    });
  }
  each((index) => biasCategory(context, index, categories));
  return categories;
}

/** The copies without the last ones, which what begins behind them may lie in. */
function inner(given: Given): Given {
  return { ...given, copies: Math.max(0, given.copies - REACH) };
}

/** True for a node so far from both ends that what is around it lies in the run. */
function isDeepInside({ first, period, copies }: Given, index: number): boolean {
  return index >= first + REACH * period && index < first + (copies - REACH) * period;
}

function giveAll(categories: Category[], { first, period, copies, model }: Given): void {
  for (let copy = 0; copy < copies; copy++) {
    for (let at = 0; at < period; at++) categories[first + copy * period + at] = categories[model + at] as Category;
  }
}

/** True where blocks of the same kinds stand around each copy's nodes as around the model's: stages and modules are found later than copies. */
function areAround({ tree }: Context, given: readonly Given[]): boolean {
  const known = new Map<Draft | undefined, string>();
  const around = (index: number): string => {
    const block = tree.blockOf(index);
    const text = known.get(block) ?? kindsAround(tree, index).join();
    known.set(block, text);
    return text;
  };
  return given.every(({ first, period, copies, model }) => {
    const kinds = Array.from({ length: period }, (_, at) => around(model + at));
    for (let copy = 0; copy < copies; copy++) {
      for (let at = 0; at < period; at++) if (around(first + copy * period + at) !== kinds[at]) return false;
    }
    return true;
  });
}
