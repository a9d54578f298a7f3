import { words } from '../../operators/meaning';
import type { Composites } from './composites';
import type { Flow } from './flow';
import { type Layer, layerOf, productOf } from './layers';
import type { RawCore } from './rawCore';
import { commonScope, isWithin, scopeOf } from './scopes';
import { between } from './softmaxCores';
import { actOf, addsConstant, does, isTransparent, MOVEMENT } from './words';

/** The nodes of one attention with its projections. */
export interface AttentionRegion {
  readonly nodes: ReadonlySet<number>;
  readonly projections: { readonly query: readonly number[]; readonly key: readonly number[]; readonly value: readonly number[] };
  /** Output projection; -1 where the values go on as they are. */
  readonly outputProjection: number;
  readonly cross: boolean;
}

const OPERAND_STEPS = words(
  ...(['move', 'multiply', 'divide', 'relu', 'elu', 'exponential', 'clip', 'softmax', 'softplus', 'sigmoid', 'negate', 'root'] as const),
  ...(['reciprocal', 'power', 'maximum', 'subtract', 'greater', 'reduceL2', 'reduceSum', 'reduceMean', 'reduceMax'] as const),
  ...(['lpNorm', 'erf', 'gelu', 'rotate', 'cosine', 'sine', 'poolWindows'] as const),
);
/** Terms that a sum inside one operand adds: two products in rotary positions. */
const ROTATED = words('multiply', 'negate', 'concat');
const SUMS = words('add', 'subtract');
const PICKS = words('slice', 'gather', 'split');
const SCALES = words('multiply', 'divide');
/** What the attention's own module may do to the values on their way to its last layer. */
const OWN_STEPS = words('concat', 'multiply', 'add');
const MAX_STEPS = 120;

function isDepthwise(layer: Layer): boolean {
  return layer.kind === 'convolution' && layer.group > 1 && layer.group === layer.inputs;
}

/** A sum that stays inside one operand: with a constant, or of two products as in rotary positions. */
function isInnerSum(flow: Flow, index: number): boolean {
  const node = flow.nodes[index];
  const data = (node?.inputs ?? []).filter((name) => flow.origin(name) === 'data');
  return data.length === 1 || data.every((name) => does(flow, flow.producer(name), ROTATED));
}

/** The weighted layers nearest behind an operand of the core. Depthwise layers are passed when another stands behind them. */
export function projectionsOf(flow: Flow, composites: Composites, value: string): readonly number[] {
  const found = new Set<number>();
  const depthwise = new Set<number>();
  const seen = new Set<number>();
  const queue = [value];
  for (let at = 0; at < queue.length && seen.size < MAX_STEPS; at++) {
    const index = flow.producer(queue[at] ?? '');
    const node = flow.nodes[index];
    if (!node || seen.has(index) || !flow.visible[index]) continue;
    seen.add(index);
    const layer = layerOf(flow, index);
    if (layer) {
      if (!isDepthwise(layer)) {
        found.add(index);
        continue;
      }
      depthwise.add(index);
      queue.push(layer.input);
      continue;
    }
    if (productOf(flow, index)) continue;
    const sum = does(flow, index, SUMS);
    const passes =
      (sum && isInnerSum(flow, index)) ||
      does(flow, index, OPERAND_STEPS) ||
      composites.isNormalization(index) ||
      composites.isActivation(index);
    if (!passes || (sum && !isInnerSum(flow, index))) continue;
    for (const name of node.inputs) if (name !== '' && flow.origin(name) === 'data') queue.push(name);
  }
  return [...(found.size > 0 ? found : depthwise)];
}

/**
 * The layer that takes the merged heads, when nothing but movement, an activation (LeViT), the
 * normaliser of linear attention or, inside the attention's own module, a norm lies between.
 */
function outputProjection(
  flow: Flow,
  composites: Composites,
  core: RawCore,
  scope: readonly string[],
): { readonly layer: number; readonly steps: readonly number[] } | null {
  const steps: number[] = [];
  let at = core.weightedSum;
  for (let step = 0; step < 24; step++) {
    const next = (flow.after[at] ?? []).filter((index) => !steps.includes(index));
    const index = next.find((candidate) => continues(flow, composites, candidate, scope, core.kind === 'factored')) ?? -1;
    if (index < 0) return null;
    const layer = layerOf(flow, index);
    if (layer) return layer.kernel.some((size) => size !== 1) ? null : { layer: index, steps };
    steps.push(index);
    at = index;
  }
  return null;
}

function continues(flow: Flow, composites: Composites, index: number, scope: readonly string[], normalizes: boolean): boolean {
  const node = flow.nodes[index];
  if (!node) return false;
  if (layerOf(flow, index) || isTransparent(flow, index) || does(flow, index, PICKS)) return true;
  const data = node.inputs.filter((name) => name !== '' && flow.origin(name) === 'data');
  if (does(flow, index, SCALES) && (data.length === 1 || normalizes)) return true;
  if (composites.isActivation(index) && actOf(flow, index) !== 'softmax') return true;
  if (scope.length === 0 || !isWithin(scopeOf(node), scope)) return false;
  return does(flow, index, OWN_STEPS) || composites.isNormalization(index);
}

function addBias(flow: Flow, layer: number): number {
  const [only, ...rest] = flow.after[layer] ?? [];
  return only !== undefined && rest.length === 0 && addsConstant(flow, only) ? only : -1;
}

/** Grows a region over movement that only it reads or only it feeds: window partition, rolls, merges of heads. */
function close(flow: Flow, region: Set<number>): void {
  const pending = [...region];
  while (pending.length > 0) {
    const index = pending.pop() ?? -1;
    for (const other of flow.before[index] ?? []) {
      if (region.has(other) || !does(flow, other, MOVEMENT)) continue;
      const escapes = (flow.nodes[other]?.outputs ?? []).some((name) => flow.isOutput(name));
      if (escapes || !(flow.after[other] ?? []).every((reader) => region.has(reader))) continue;
      region.add(other);
      pending.push(other);
    }
    for (const other of flow.after[index] ?? []) {
      if (region.has(other) || !does(flow, other, MOVEMENT)) continue;
      if (!(flow.before[other] ?? []).every((source) => region.has(source))) continue;
      region.add(other);
      pending.push(other);
    }
  }
}

/** Values on the way back from a projection's input through steps with one data input: where self-attention's operands meet. */
function chainBack(flow: Flow, composites: Composites, value: string): ReadonlyMap<string, readonly number[]> {
  const chain = new Map<string, readonly number[]>([[value, []]]);
  let at = value;
  let nodes: readonly number[] = [];
  for (let step = 0; step < 14; step++) {
    const index = flow.producer(at);
    const node = flow.nodes[index];
    if (!node || !flow.visible[index]) break;
    const composite = composites.list[composites.of[index] ?? -1];
    const data = node.inputs.filter((name) => name !== '' && flow.origin(name) === 'data');
    if (composite) {
      nodes = [...nodes, ...composite.nodes];
      at = composite.input;
    } else if (data.length === 1 || (actOf(flow, index) === 'add' && data.length === 2) || actOf(flow, index) === 'concat') {
      nodes = [...nodes, index];
      at = data[0] ?? '';
    } else break;
    chain.set(at, nodes);
  }
  return chain;
}

/** Nodes between the value that all projections go back to and the projections (spatial reduction, convolutional projection). */
function commonEntry(flow: Flow, composites: Composites, inputs: readonly string[]): readonly number[] | null {
  const chains = inputs.map((input) => chainBack(flow, composites, input));
  for (const [value, nodes] of chains[0] ?? []) {
    if (chains.every((chain) => chain.has(value))) return [...new Set([...nodes, ...chains.flatMap((chain) => chain.get(value) ?? [])])];
  }
  return null;
}

function inputOf(flow: Flow, index: number): string {
  return layerOf(flow, index)?.input ?? '';
}

/** The nodes of a core with its query, key, value and output projections, scale, mask, position and window handling. */
export function attentionRegion(flow: Flow, composites: Composites, core: RawCore): AttentionRegion {
  const region = new Set<number>(core.path);
  const empty = { query: [], key: [], value: [] };
  for (const index of [core.scores, core.softmax, core.weightedSum]) if (index >= 0) region.add(index);
  if (core.kind === 'fused') {
    const projections = fusedProjections(flow, composites, core);
    finish(flow, composites, core, region, projections);
    return { nodes: region, projections, outputProjection: lastLayer(flow, region, core), cross: isCross(flow, composites, projections) };
  }
  const projections = {
    ...empty,
    query: projectionsOf(flow, composites, core.query),
    key: projectionsOf(flow, composites, core.key),
    value: projectionsOf(flow, composites, core.value),
  };
  const out = finish(flow, composites, core, region, projections);
  return { nodes: region, projections, outputProjection: out, cross: isCross(flow, composites, projections) };
}

/** The module that holds the core itself; `[]` where names tell none. */
function coreScope(flow: Flow, core: RawCore): readonly string[] {
  const scopes: (readonly string[])[] = [];
  for (const index of [core.scores, core.softmax, core.weightedSum]) {
    const node = flow.nodes[index];
    if (node) scopes.push(scopeOf(node));
  }
  return scopes.reduce((left, right) => commonScope(left, right), scopes[0] ?? []);
}

function fusedProjections(flow: Flow, composites: Composites, core: RawCore): AttentionRegion['projections'] {
  const of = (value: string): readonly number[] => (value === '' ? [] : projectionsOf(flow, composites, value));
  return { query: of(core.query), key: of(core.key), value: of(core.value) };
}

function lastLayer(flow: Flow, region: ReadonlySet<number>, core: RawCore): number {
  return [...region].find((index) => index > core.weightedSum && layerOf(flow, index) !== null) ?? -1;
}

/** Adds projections and their surroundings to the region; returns the output projection. */
function finish(
  flow: Flow,
  composites: Composites,
  core: RawCore,
  region: Set<number>,
  projections: AttentionRegion['projections'],
): number {
  const layers = [...new Set([...projections.query, ...projections.key, ...projections.value])];
  for (const layer of layers) for (const index of between(flow, layer, core.weightedSum)) region.add(index);
  const scope = coreScope(flow, core);
  const entry =
    layers.length > 0
      ? commonEntry(
          flow,
          composites,
          layers.map((layer) => inputOf(flow, layer)),
        )
      : null;
  const extra = new Set(entry ?? []);
  for (const index of [...extra].sort((a, b) => b - a)) {
    if ((flow.after[index] ?? []).every((reader) => region.has(reader))) region.add(index);
  }
  const out = outputProjection(flow, composites, core, scope);
  if (out) {
    for (const index of [...out.steps, out.layer]) region.add(index);
    for (const layer of layers) for (const index of between(flow, layer, out.layer)) region.add(index);
    const bias = addBias(flow, out.layer);
    if (bias >= 0) region.add(bias);
  }
  close(flow, region);
  return out?.layer ?? -1;
}

function isCross(flow: Flow, composites: Composites, projections: AttentionRegion['projections']): boolean {
  const { query, key } = projections;
  if (query[0] === key[0]) return false;
  if (query.length === 0 || key.length === 0) return false;
  return commonEntry(flow, composites, [inputOf(flow, query[0] ?? -1), inputOf(flow, key[0] ?? -1)]) === null;
}

/** Nodes of a region that lie behind some of its nodes. */
export function downstream(flow: Flow, from: ReadonlySet<number>, region: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set<number>();
  for (const index of [...region].sort((a, b) => a - b)) {
    if ((flow.before[index] ?? []).some((source) => from.has(source) || found.has(source))) found.add(index);
  }
  return found;
}
