import { maximumOf } from '../../data';
import type { Composites } from './composites';
import { type Draft, draft } from './draft';
import type { Flow } from './flow';
import type { Gate } from './gates';
import { kernelOf, layerKind } from './layerKinds';
import { type Layer, layerOf } from './layers';
import type { ResidualBlock } from './residualBlocks';
import { actOf } from './words';

/** Branches of one such convolution; MobileOne has at most six. */
const MAX_TERMS = 16;

/**
 * Convolutions of one value, and the value itself perhaps, added up to what one convolution could compute once
 * trained (RepVGG, arXiv 2101.03697; MobileOne, 2206.04040; RepViT's depthwise one, 2307.09283).
 */
export interface Reparameterised {
  readonly source: string;
  readonly output: string;
  readonly nodes: readonly number[];
  /** The convolution that stands for all of them, with the largest kernel. */
  readonly main: Layer;
  /** The other ones. */
  readonly others: readonly number[];
}

interface Term {
  readonly source: string;
  readonly nodes: readonly number[];
  readonly layer: number;
}

/** What is added: a convolution of a value with its norm, a norm of it, or the value itself. */
function termOf(flow: Flow, composites: Composites, value: string): Term {
  let index = flow.producer(value);
  const nodes: number[] = [];
  let at = value;
  if (composites.isNormalization(index) && (flow.after[index]?.length ?? 0) === 1) {
    nodes.push(index);
    at = flow.nodes[index]?.inputs[0] ?? '';
    index = flow.producer(at);
  }
  const layer = layerOf(flow, index);
  if (layer?.kind !== 'convolution' || layer.transposed || (flow.after[index]?.length ?? 0) !== 1) return { source: at, nodes, layer: -1 };
  return { source: layer.input, nodes: [...nodes, index], layer: index };
}

/** Operands of a tree of sums, none of which anything else reads. */
function termsOf(flow: Flow, add: number, sums: number[]): readonly string[] {
  sums.push(add);
  // Sums that begin with a constant 0 are a loop's.
  const inputs = (flow.nodes[add]?.inputs ?? []).filter((name) => name !== '' && flow.origin(name) === 'data');
  return inputs.flatMap((name) => {
    const producer = flow.producer(name);
    const inner = actOf(flow, producer) === 'add' && (flow.after[producer]?.length ?? 0) === 1 && sums.length < MAX_TERMS;
    return inner ? termsOf(flow, producer, sums) : [name];
  });
}

function readAt(flow: Flow, composites: Composites, add: number): Reparameterised | null {
  const sums: number[] = [];
  const values = termsOf(flow, add, sums);
  if (values.length < 2 || values.length > MAX_TERMS) return null;
  const terms = values.map((name) => termOf(flow, composites, name));
  const [first] = terms;
  const layers = terms.flatMap(({ layer }) => layerOf(flow, layer) ?? []);
  // A value beside one convolution of it is a residual.
  if (!first || layers.length === 0 || terms.filter(({ nodes }) => nodes.length > 0).length < 2) return null;
  if (terms.some(({ source }) => source !== first.source)) return null;
  const main = layers.reduce((best, layer) => (size(layer) > size(best) ? layer : best));
  const same = layers.every(
    (layer) => layer.outputs === main.outputs && layer.strides.join() === main.strides.join() && layer.group === main.group,
  );
  if (!same) return null;
  const tail = tailBehind(flow, composites, add);
  const nodes = [...sums, ...terms.flatMap((term) => term.nodes), ...tail];
  const others = terms.flatMap(({ layer }) => (layer >= 0 && layerOf(flow, layer) !== main ? [layer] : []));
  const last = tail[tail.length - 1] ?? add;
  return { source: first.source, output: flow.nodes[last]?.outputs[0] ?? '', nodes, main, others };
}

function size(layer: Layer): number {
  return layer.kernel.reduce((product, side) => product * side, 1);
}

/** The norm and the activation that alone read the sum. */
function tailBehind(flow: Flow, composites: Composites, add: number): readonly number[] {
  const nodes: number[] = [];
  let at = add;
  for (const fits of [composites.isNormalization, composites.isActivation]) {
    const [next, ...rest] = flow.after[at] ?? [];
    if (next === undefined || rest.length > 0 || (composites.of[next] ?? -1) >= 0 || !fits(next)) continue;
    nodes.push(next);
    at = next;
  }
  return nodes;
}

/** Every re-parameterised convolution of a scope, in topological order of its sums. */
export function findReparameterised(flow: Flow, composites: Composites): readonly Reparameterised[] {
  const found: Reparameterised[] = [];
  const taken = new Set<number>();
  for (const add of [...flow.shown].reverse()) {
    if (actOf(flow, add) !== 'add' || taken.has(add)) continue;
    const one = readAt(flow, composites, add);
    if (!one || one.nodes.some((index) => taken.has(index))) continue;
    found.push(one);
    for (const index of one.nodes) taken.add(index);
  }
  return found.reverse();
}

/** The block of one. */
export function reparameterisedDraft({ main, nodes, others }: Reparameterised): Draft {
  const attributes = { channels: main.outputs, inputChannels: main.inputs, kernel: kernelOf(main), stride: maximumOf(main.strides, 1) };
  const label = layerKind(main) === 'depthwise' ? 'Re-parameterised depthwise convolution' : 'Re-parameterised convolution';
  return draft('reparameterised', label, nodes, { ...attributes, branches: others.length + 1 });
}

/**
 * RepViT's blocks (arXiv 2307.09283): a depthwise convolution for tokens, re-parameterised or already one, a
 * squeeze-excite perhaps, and a residual of pointwise convolutions for channels.
 */
export function repvitDrafts(
  found: readonly Reparameterised[],
  gates: readonly Gate[],
  blocks: readonly ResidualBlock[],
): readonly Draft[] {
  const byOutput = new Map(found.map((one) => [one.output, one]));
  const gateOf = new Map(gates.map((gate) => [gate.output, gate]));
  return blocks.flatMap(({ kind, residual, nodes }) => {
    if (kind !== 'feed-forward') return [];
    const gate = gateOf.get(residual.source);
    const mixer = byOutput.get(gate?.input ?? residual.source);
    if (!mixer || layerKind(mixer.main) !== 'depthwise') return [];
    const attributes = { channels: mixer.main.outputs, kernel: kernelOf(mixer.main), squeezeExcite: gate !== undefined };
    return [draft('repvit', 'RepViT block', [...mixer.nodes, ...(gate?.nodes ?? []), ...nodes], attributes)];
  });
}
