import { append, maximumOf } from '../../data';
import { attributesOf } from '../../operators/attributes';
import type { FoundAttention } from './attention';
import type { AttentionCore, AttentionOver } from './attentionCore';
import { type AttentionRegion, downstream } from './attentionRegion';
import type { AxisTracker, Factor } from './axes';
import type { Flow } from './flow';
import { productOf } from './layers';
import { scoreTerms } from './mask';
import type { RawCore } from './rawCore';
import { softmaxAxis } from './softmaxCores';
import { actOf, does, MOVEMENT } from './words';

/** Heads, sizes and windows of a core, and where they stand in its matrices. */
export type Extents = Pick<
  AttentionCore,
  'heads' | 'keyValueHeads' | 'headSize' | 'queries' | 'keys' | 'batchWindows' | 'partition' | 'over' | 'headAxis' | 'queryAxis' | 'keyAxis'
>;

const UNKNOWN_EXTENTS: Extents = {
  heads: 0,
  keyValueHeads: 0,
  headSize: 0,
  queries: 0,
  keys: 0,
  batchWindows: 1,
  over: 'tokens',
  headAxis: -1,
  queryAxis: -1,
  keyAxis: -1,
  partition: 'none',
};

function sizeOf(factors: readonly Factor[]): number {
  return factors.reduce((total, factor) => total * factor.size, 1);
}

function features(factors: readonly Factor[]): number {
  return sizeOf(factors.filter((factor) => factor.label === 'c'));
}

/** Images per run: the first extent of the model's first input of rank 3 or more. */
export function batchOf(flow: Flow): number {
  let scope = flow.scope;
  while (scope.parent) scope = scope.parent;
  for (const name of scope.inputs) {
    const fact = scope.facts.get(name);
    const size = fact?.kind === 'tensor' && fact.shape && fact.shape.length >= 2 ? fact.shape[0] : undefined;
    if (typeof size === 'number' && size > 0) return size;
  }
  return 1;
}

/** Windows of neighbouring tokens, or a grid of distant ones, as MaxViT's two attentions differ (arXiv 2204.01697). */
function partitionOf(tokens: readonly Factor[], windows: number): 'window' | 'grid' | 'none' {
  if (windows <= 1) return 'none';
  const strides = tokens.filter((factor) => factor.label !== 'c').map((factor) => factor.stride);
  if (strides.length === 0) return 'window';
  return strides.every((stride) => stride > 1) ? 'grid' : 'window';
}

/** Extents of a core with products of matrices, from the operands of its scores. */
function productExtents(flow: Flow, core: RawCore, axes: AxisTracker): Extents | null {
  const scores = productOf(flow, core.scores);
  const shape = flow.shape(scores?.output ?? '');
  const queryAxes = axes.get(core.query);
  if (!scores?.indices || !shape || !queryAxes) return null;
  const { left, right, output } = scores.indices;
  const [queryLetters, keyLetters] = core.query === scores.left ? [left, right] : [right, left];
  const shared = [...queryLetters].filter((letter) => keyLetters.includes(letter));
  const contracted = shared.filter((letter) => !output.includes(letter));
  const batch = [...output].filter((letter) => left.includes(letter) && right.includes(letter));
  const at = (letter: string): readonly Factor[] => queryAxes[queryLetters.indexOf(letter)] ?? [];
  const extent = (letters: readonly string[]): number => letters.reduce((total, letter) => total * (shape[output.indexOf(letter)] ?? 1), 1);
  const queryOnly = [...output].filter((letter) => queryLetters.includes(letter) && !keyLetters.includes(letter));
  const keyOnly = [...output].filter((letter) => keyLetters.includes(letter) && !queryLetters.includes(letter));
  const inner = contracted.map(at);
  const size = inner.reduce((total, factors) => total * sizeOf(factors), 1);
  const followed = batch.some((letter) => features(at(letter)) > 1) || inner.some((factors) => features(factors) > 1);
  const fallback = shape.length >= 4 ? (shape[shape.length - 3] ?? 1) : 1;
  const over: AttentionOver = followed && size > 1 && inner.every((factors) => features(factors) === 1) ? 'channels' : 'tokens';
  const heads = followed ? batch.reduce((total, letter) => total * features(at(letter)), 1) : fallback;
  const groups = extent(batch) / Math.max(1, heads);
  const windows = groups / batchOf(flow);
  const headLetter = batch.find((letter) => features(at(letter)) === heads && sizeOf(at(letter)) === heads);
  const whole = Number.isInteger(windows) && windows >= 1 ? windows : 1;
  const queries = extent(queryOnly);
  return {
    heads,
    keyValueHeads: keyValueHeads(flow, core, axes, keyLetters, batch, heads),
    headSize: over === 'channels' ? queries : size,
    queries: queries,
    keys: extent(keyOnly),
    batchWindows: whole,
    over,
    headAxis: headLetter !== undefined && heads > 1 ? output.indexOf(headLetter) : !followed && fallback > 1 ? shape.length - 3 : -1,
    queryAxis: queryOnly.length === 1 ? output.indexOf(queryOnly[0] ?? '') : -1,
    keyAxis: keyOnly.length === 1 ? output.indexOf(keyOnly[0] ?? '') : -1,
    partition: over === 'tokens' ? partitionOf(queryOnly.flatMap(at), whole) : 'none',
  };
}

/** Fewer than `heads` where keys were repeated for groups of queries (Expand, Tile or Concat leaves no features on that axis). */
function keyValueHeads(flow: Flow, core: RawCore, axes: AxisTracker, letters: string, batch: readonly string[], heads: number): number {
  const keyAxes = axes.get(core.key);
  if (!keyAxes || flow.origin(core.key) !== 'data') return heads;
  const found = batch.reduce((total, letter) => total * features(keyAxes[letters.indexOf(letter)] ?? []), 1);
  return found >= 1 && found < heads && heads % found === 0 && found * features(keyAxes.flat()) > 1 ? found : heads;
}

/** Linear attention: k^T v summed over the keys, then q times it. */
function factoredExtents(flow: Flow, core: RawCore, axes: AxisTracker): Extents | null {
  const first = productOf(flow, core.scores);
  const second = productOf(flow, core.weightedSum);
  const left = axes.get(core.key);
  const queryAxes = axes.get(core.query);
  const output = flow.shape(core.output);
  if (!first?.indices || !second?.indices || !left || !queryAxes || !output) return null;
  const letters = first.indices;
  const contracted = [...letters.left].filter((letter) => letters.right.includes(letter) && !letters.output.includes(letter));
  const batch = [...letters.output].filter((letter) => letters.left.includes(letter) && letters.right.includes(letter));
  const at = (letter: string): readonly Factor[] => left[letters.left.indexOf(letter)] ?? [];
  const summed = contracted.flatMap(at);
  const heads = batch.reduce((total, letter) => total * features(at(letter)), 1);
  const tokensFirst = features(summed) === 1;
  const keyFeatures = [...letters.left].filter((letter) => !letters.right.includes(letter));
  const total = queryAxes.reduce((product, factors) => product * sizeOf(factors), 1);
  const batchSize = batch.reduce((product, letter) => product * sizeOf(at(letter)), 1);
  const width = tokensFirst ? sizeOf(keyFeatures.flatMap(at)) : sizeOf(summed);
  const windows = batchSize / Math.max(1, heads) / batchOf(flow);
  const queries = Math.round(total / Math.max(1, batchSize * width));
  const keys = tokensFirst
    ? sizeOf(summed)
    : sizeOf([...letters.output].filter((l) => !letters.left.includes(l)).flatMap((l) => rightAxes(axes, core, letters.right, l)));
  return {
    ...UNKNOWN_EXTENTS,
    heads,
    keyValueHeads: heads,
    headSize: width,
    queries,
    keys,
    batchWindows: Number.isInteger(windows) && windows >= 1 ? windows : 1,
  };
}

function rightAxes(axes: AxisTracker, core: RawCore, letters: string, letter: string): readonly Factor[] {
  return axes.get(core.value)?.[letters.indexOf(letter)] ?? [];
}

/** Scores [N, heads, 1, H, W, neighbours] of attention over neighbourhoods. */
function localExtents(flow: Flow, core: RawCore, shape: readonly number[], axis: number): Extents {
  const spatial = shape.filter((_, at) => at !== axis).slice(-2);
  const heads = shape.filter((_, at) => at !== axis && at > 0).slice(0, -2);
  const count = heads.reduce((total, size) => total * size, 1);
  const channels = flow.shape(core.query)?.[1] ?? 0;
  return {
    ...UNKNOWN_EXTENTS,
    heads: count,
    keyValueHeads: count,
    headSize: channels / Math.max(1, count),
    queries: spatial.reduce((total, size) => total * size, 1),
    keys: shape[axis] ?? 0,
    keyAxis: axis,
  };
}

/** Separable attention, whose scores have one number per token. */
function elementwiseExtents(flow: Flow, core: RawCore): Extents | null {
  const shape = flow.shape(flow.nodes[core.softmax]?.outputs[0] ?? '');
  const axis = softmaxAxis(flow, core.softmax);
  const output = flow.shape(core.output);
  if (!shape || axis < 0) return null;
  const keys = shape[axis] ?? 0;
  if (core.kind === 'local') return localExtents(flow, core, shape, axis);
  const rest = shape.reduce((total, size) => total * size, 1) / Math.max(1, keys) / batchOf(flow);
  return {
    ...UNKNOWN_EXTENTS,
    heads: 1,
    keyValueHeads: 1,
    headSize: output?.[1] ?? 0,
    queries: keys,
    keys,
    batchWindows: Number.isInteger(rest) && rest >= 1 ? rest : 1,
    keyAxis: axis,
    queryAxis: -1,
  };
}

function fusedExtents(flow: Flow, core: RawCore): Extents {
  const node = flow.nodes[core.softmax];
  if (!node) return UNKNOWN_EXTENTS;
  const attributes = attributesOf(node, flow.scope.attributes);
  const query = flow.shape(node.inputs[0] ?? '');
  const key = flow.shape(core.key) ?? query;
  const output = flow.shape(node.outputs[0] ?? '');
  const split = query?.length === 4;
  const heads = split ? (query[1] ?? 0) : attributes.int('num_heads', attributes.int('q_num_heads', 0));
  const groups = split && key?.length === 4 ? (key[1] ?? heads) : attributes.int('kv_num_heads', heads);
  const width = split ? (query[3] ?? 0) : (output?.[output.length - 1] ?? 0) / Math.max(1, heads);
  const queries = query?.[split ? 2 : query.length - 2] ?? 0;
  return {
    ...UNKNOWN_EXTENTS,
    heads,
    keyValueHeads: groups,
    headSize: heads > 0 ? width : 0,
    queries,
    keys: key?.[key.length === 4 ? 2 : key.length - 2] ?? queries,
    over: 'tokens',
  };
}

/** Two slices of one value put together again along the same axis in the other order. */
export function isRoll(flow: Flow, index: number): boolean {
  const node = flow.nodes[index];
  if (actOf(flow, index) !== 'concat' || node?.inputs.length !== 2) return false;
  const [first = -1, second = -1] = node.inputs.map((name) => flow.producer(name));
  if (actOf(flow, first) !== 'slice' || actOf(flow, second) !== 'slice') return false;
  return flow.nodes[first]?.inputs[0] === flow.nodes[second]?.inputs[0];
}

function isRotary(flow: Flow, region: AttentionRegion, core: RawCore): boolean {
  for (const index of region.nodes) {
    const act = actOf(flow, index);
    if (act === 'rotate') return true;
    if (act !== 'concat' || index > core.scores) continue;
    if (flow.nodes[index]?.inputs.some((name) => actOf(flow, flow.producer(name)) === 'negate')) return true;
  }
  return false;
}

/** Products of the queries with a constant table inside the attention: decomposed relative positions. */
function hasRelativeProducts(flow: Flow, region: AttentionRegion, core: RawCore): boolean {
  const projections = new Set([
    ...region.projections.query,
    ...region.projections.key,
    ...region.projections.value,
    region.outputProjection,
  ]);
  for (const index of region.nodes) {
    const node = flow.nodes[index];
    if (!node || projections.has(index) || index === core.scores || index === core.weightedSum || index >= core.weightedSum) continue;
    const isProduct = flow.meanings[index]?.kind === 'product';
    if (isProduct && !core.mixesHeads && node.inputs.some((name) => flow.origin(name) !== 'data')) return true;
  }
  return false;
}

/** True where each query has keys of its own, as its neighbourhood (arXiv 1906.05909). */
export function isLocal({ queries, batchWindows, over }: Pick<AttentionCore, 'queries' | 'batchWindows' | 'over'>): boolean {
  return queries === 1 && batchWindows > 1 && over === 'tokens';
}

/** A learned table is added to a value right after the layer that made it. */
function addsTable(flow: Flow, value: string): boolean {
  let at = value;
  for (let step = 0; step < 8; step++) {
    const index = flow.producer(at);
    const node = flow.nodes[index];
    if (!node) return false;
    if (actOf(flow, index) === 'add')
      return node.inputs.some((name) => flow.origin(name) !== 'data' && (flow.shape(name) ?? []).filter((size) => size > 1).length > 1);
    if (!does(flow, index, MOVEMENT)) return false;
    at = node.inputs[0] ?? '';
  }
  return false;
}

function isGated(flow: Flow, core: RawCore): boolean {
  return core.path.some((index) => {
    const node = flow.nodes[index];
    if (actOf(flow, index) !== 'add' || index < core.softmax) return false;
    return node?.inputs.some((name) => flow.origin(name) !== 'data' && behindSoftmax(flow, name)) === true;
  });
}

function behindSoftmax(flow: Flow, value: string): boolean {
  const queue = [value];
  for (let at = 0; at < queue.length && at < 40; at++) {
    const index = flow.producer(queue[at] ?? '');
    const node = flow.nodes[index];
    if (!node) continue;
    if (actOf(flow, index) === 'softmax') return true;
    append(queue, node.inputs);
  }
  return false;
}

/** Everything known of one core but the id of its block. */
export function describeCore(flow: Flow, found: FoundAttention, measured: Extents): AttentionCore {
  const { core, region } = found;
  const extents = withPartition(flow, region, measured);
  const terms = scoreTerms(flow, core, ownNodes(flow, core, region));
  const node = flow.nodes[core.softmax];
  const meaning = flow.meanings[core.softmax];
  const attributes = node && core.kind === 'fused' ? attributesOf(node, flow.scope.attributes) : null;
  const fusedCausal = attributes !== null && (attributes.int('is_causal', 0) === 1 || attributes.int('unidirectional', 0) === 1);
  const scores = core.scores >= 0 && core.kind !== 'fused' && core.kind !== 'factored' ? (flow.nodes[core.scores]?.outputs[0] ?? '') : '';
  const probabilities = core.kind === 'fused' || core.softmax < 0 ? '' : (node?.outputs[0] ?? '');
  const shape = flow.shape(probabilities === '' ? scores : probabilities);
  const rotary = attributes?.int('do_rotary', 0) === 1;
  const offset = isLocal(extents) && addsTable(flow, core.key);
  const position = offset ? 'relative' : positionOf(flow, core, region, terms.bias, rotary);
  return {
    block: '',
    scoresNode: core.kind === 'fused' ? '' : (flow.ids[core.scores] ?? ''),
    softmaxNode: flow.ids[core.softmax] ?? '',
    weightedSumNode: flow.ids[core.weightedSum] ?? '',
    fused: core.kind === 'fused',
    scores,
    probabilities,
    weights: core.kind === 'fused' || core.kind === 'factored' ? '' : core.weights,
    query: core.query,
    key: core.key,
    value: core.value,
    output: core.output,
    shape,
    ...axesOf(extents, core, flow),
    ...extents,
    shifted: extents.batchWindows > 1 && [...region.nodes].some((index) => isRoll(flow, index)),
    linear: core.kind === 'separable' || (core.kind === 'factored' && !isQuadratic(flow, core)),
    causal: terms.causal || fusedCausal || (meaning?.kind === 'attend' && meaning.causal),
    masked: terms.masked || fusedCausal,
    cross: region.cross,
    position,
  };
}

/** How `[N, rows, rows, columns, columns, C]`, or the same with C second, was cut: one grid cell a pixel, or one window. */
function cutOf(shape: readonly number[]): 'window' | 'grid' {
  return [shape.slice(1, 5), shape.slice(2, 6)].some(([a, b, c, d]) => b === 1 && d === 1 && a === c) ? 'grid' : 'window';
}

/** One window that covers the whole map is still an attention by windows: told by how its tokens are cut, or by names. */
function withPartition(flow: Flow, region: AttentionRegion, extents: Extents): Extents {
  if (extents.over !== 'tokens' || extents.batchWindows > 1) return extents;
  let name: Extents['partition'] = 'none';
  for (const index of region.nodes) {
    const node = flow.nodes[index];
    if (!node || !flow.visible[index]) continue;
    const cut =
      actOf(flow, index) === 'reshape' && index < maximumOf(region.projections.query, -1) ? flow.shape(node.outputs[0] ?? '') : null;
    if (cut?.length === 6) return { ...extents, partition: cutOf(cut) };
    if (/grid/i.test(node.name)) name = 'grid';
    else if (name === 'none' && /window/i.test(node.name)) name = 'window';
  }
  return { ...extents, partition: name };
}

/** Nodes that queries, keys or values run through. */
function ownNodes(flow: Flow, core: RawCore, { projections, nodes }: AttentionRegion): ReadonlySet<number> {
  const from = new Set([...projections.query, ...projections.key, ...projections.value, ...core.path]);
  return new Set([...from, ...downstream(flow, from, nodes)]);
}

function axesOf(extents: Extents, core: RawCore, flow: Flow): Partial<AttentionCore> {
  return core.softmax >= 0 && core.kind === 'softmax' && extents.keyAxis < 0 ? { keyAxis: softmaxAxis(flow, core.softmax) } : {};
}

/** Scores [queries, keys] do exist: f(q k^T) v. */
function isQuadratic(flow: Flow, core: RawCore): boolean {
  const first = productOf(flow, core.scores);
  const shape = flow.shape(first?.output ?? '');
  const second = flow.shape(core.output);
  if (!shape || !second) return false;
  return shape[shape.length - 2] === second[second.length - 2] && shape[shape.length - 1] !== second[second.length - 1];
}

/** What the axes of a core's operands, followed up to it, say of its extents. */
export function extentsOf(flow: Flow, core: RawCore, axes: AxisTracker): Extents {
  if (core.kind === 'fused') return fusedExtents(flow, core);
  if (core.kind === 'factored') return factoredExtents(flow, core, axes) ?? UNKNOWN_EXTENTS;
  if (core.kind === 'softmax') return productExtents(flow, core, axes) ?? UNKNOWN_EXTENTS;
  return elementwiseExtents(flow, core) ?? UNKNOWN_EXTENTS;
}

function positionOf(flow: Flow, core: RawCore, region: AttentionRegion, bias: boolean, rotary: boolean): AttentionCore['position'] {
  if (rotary || isRotary(flow, region, core)) return 'rotary';
  if (core.kind === 'softmax' && isGated(flow, core)) return 'gated';
  if (core.kind === 'softmax' && hasRelativeProducts(flow, region, core)) return 'relative';
  return bias ? 'relative bias' : 'none';
}
