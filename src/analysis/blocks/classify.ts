import { maximumOf } from '../../data';
import { words } from '../../operators/meaning';
import type { BlockAttributes } from './draft';
import type { Flow } from './flow';
import type { BlockKind } from './kinds';
import { isPointwise, kernelOf, layersIn, type PlacedLayer, strideOf } from './layerKinds';
import { layerOf, productOf } from './layers';
import { mixesTokens } from './tokenMixing';
import { actOf, does } from './words';

/** What is known of a branch when its kind is decided. */
export interface BranchFacts {
  readonly flow: Flow;
  readonly nodes: readonly number[];
  /** Nodes of attentions and gates inside, whose layers do not count. */
  readonly inner: ReadonlySet<number>;
  readonly attentions: number;
  readonly gates: number;
  /** Nodes of activations and norms, by number. */
  isActivation(index: number): boolean;
  isNormalization(index: number): boolean;
}

/** What kind of block a set of nodes is, and what is said of it. */
export interface Verdict {
  readonly kind: BlockKind;
  readonly label: string;
  readonly attributes: BlockAttributes;
}

/** Curves of gated linear units (Dauphin et al. 2017; Shazeer 2020). */
const GATES = words('sigmoid', 'gelu', 'relu', 'tanh');
const SPLITS = words('split', 'slice');

/** True where a gated linear unit splits, squashes one half and multiplies it with the other. */
export function hasGlu(flow: Flow, nodes: readonly number[]): boolean {
  const inside = new Set(nodes);
  return nodes.some((index) => {
    const node = flow.nodes[index];
    if (!node || actOf(flow, index) !== 'multiply') return false;
    const producers = node.inputs.map((name) => flow.producer(name));
    if (producers.some((producer) => producer < 0 || !inside.has(producer))) return false;
    const squash = producers.find((producer) => does(flow, producer, GATES));
    if (squash === undefined) return false;
    const root = flow.producer(flow.nodes[squash]?.inputs[0] ?? '');
    const other = producers.find((producer) => producer !== squash) ?? -1;
    if (!does(flow, root, SPLITS) || !does(flow, other, SPLITS)) return false;
    return root === other || flow.nodes[root]?.inputs[0] === flow.nodes[other]?.inputs[0];
  });
}

function channels(flow: Flow, layers: readonly PlacedLayer[]): BlockAttributes {
  const last = layers[layers.length - 1]?.layer;
  const first = layers[0]?.layer;
  return last && first ? { channels: last.outputs, inputChannels: first.inputs, stride: strideOf(flow, layers) } : {};
}

function mbconv(facts: BranchFacts, layers: readonly PlacedLayer[], depthwise: PlacedLayer): Verdict {
  const input = layers[0]?.layer.inputs ?? 0;
  const expansion = input > 0 ? Math.round((depthwise.layer.outputs / input) * 100) / 100 : 0;
  const attributes = { ...channels(facts.flow, layers), kernel: kernelOf(depthwise.layer), expansion, squeezeExcite: facts.gates > 0 };
  return { kind: 'mbconv', label: 'MBConv', attributes };
}

function activationBetween(facts: BranchFacts, from: number, to: number): boolean {
  return facts.nodes.some((index) => index > from && index < to && facts.isActivation(index));
}

function normBetween(facts: BranchFacts, from: number, to: number): boolean {
  return facts.nodes.some((index) => index > from && index < to && facts.isNormalization(index));
}

function withDepthwise(facts: BranchFacts, layers: readonly PlacedLayer[]): Verdict | null {
  const at = layers.findIndex((placed) => placed.kind === 'depthwise');
  const depthwise = layers[at];
  if (!depthwise) return null;
  const before = layers.slice(0, at).filter(isPointwise);
  const after = layers.slice(at + 1).filter(isPointwise);
  const spatial = layers.filter((placed) => placed.kind === 'spatial');
  const base = { ...channels(facts.flow, layers), kernel: kernelOf(depthwise.layer) };
  const several = layers.filter((placed) => placed.kind === 'depthwise').length > 1;
  if (hasSoftmaxKernel(facts.flow, depthwise)) return { kind: 'light-convolution', label: 'Lightweight convolution', attributes: base };
  if (before.length === 1 && after.length >= 1 && depthwise.layer.kernel.length === 1 && hasGlu(facts.flow, facts.nodes)) {
    return { kind: 'conformer-convolution', label: 'Convolution module', attributes: base };
  }
  if (spatial.length > 0) return null;
  if (before.length >= 1 && after.length >= 1) {
    if (before.every((one) => one.kind === 'linear') && after.every((one) => one.kind === 'linear'))
      return feedForward(layers, 'Feed-forward');
    return mbconv(facts, layers, depthwise);
  }
  if (several && after.length === 0 && before.length === 0) return depthwiseOnly(facts, layers, base);
  if (several && before.length === 0 && after.length > 1) return { kind: 'xception', label: 'Xception block', attributes: base };
  const [first, second] = after;
  if (before.length === 0 && first && second && activationBetween(facts, first.index, second.index)) {
    const expansion = first.layer.inputs > 0 ? first.layer.outputs / first.layer.inputs : 0;
    return { kind: 'convnext', label: 'ConvNeXt block', attributes: { ...base, expansion } };
  }
  if (before.length === 0 && after.length === 1 && first) {
    const linear =
      normBetween(facts, depthwise.index, first.index) || activationBetween(facts, depthwise.index, first.index) || facts.gates > 0;
    return linear ? mbconv(facts, layers, depthwise) : { kind: 'depthwise-separable', label: 'Depthwise separable', attributes: base };
  }
  return after.length === 0 && before.length === 0
    ? { kind: 'position-convolution', label: 'Depthwise convolution', attributes: base }
    : null;
}

/** Depthwise convolutions one behind the other: XCiT's local patch interaction (arXiv 2106.09681). */
function depthwiseOnly(facts: BranchFacts, layers: readonly PlacedLayer[], attributes: BlockAttributes): Verdict | null {
  const [first, second] = layers;
  if (!first || !second || layers.length !== 2 || !activationBetween(facts, first.index, second.index)) return null;
  return { kind: 'local-patch-interaction', label: 'Local patch interaction', attributes };
}

function predictedKernels(flow: Flow, layers: readonly PlacedLayer[]): Verdict {
  return { kind: 'dynamic-convolution', label: 'Dynamic convolution', attributes: channels(flow, layers) };
}

/** True where a product applies softmax-normalised kernels to neighbourhoods: slices shifted against each other. */
function appliesKernels(flow: Flow, index: number): boolean {
  const product = productOf(flow, index);
  if (!product) return false;
  const back = (value: string): ReadonlySet<string> => {
    const acts = new Set<string>();
    let at = value;
    for (let step = 0; step < 8; step++) {
      const producer = flow.producer(at);
      const node = flow.nodes[producer];
      if (!node || layerOf(flow, producer)) break;
      acts.add(actOf(flow, producer) ?? '');
      at = node.inputs[0] ?? '';
    }
    return acts;
  };
  const sides = [back(product.left), back(product.right)];
  return (
    sides.some((acts) => acts.has('softmax')) && sides.some((acts) => !acts.has('softmax') && (acts.has('concat') || acts.has('gather')))
  );
}

/** True for a depthwise layer whose weights are normalised by a softmax (lightweight convolution, arXiv 1901.10430). */
function hasSoftmaxKernel(flow: Flow, placed: PlacedLayer): boolean {
  let at = placed.layer.weight;
  for (let step = 0; step < 10; step++) {
    const index = flow.producer(at);
    const node = flow.nodes[index];
    if (!node) return false;
    if (actOf(flow, index) === 'softmax') return true;
    at = node.inputs[0] ?? '';
  }
  return false;
}

function feedForward(layers: readonly PlacedLayer[], label: string): Verdict {
  const [first] = layers;
  const width = first?.layer.inputs ?? 0;
  const hidden = maximumOf(
    layers.slice(0, -1).map((placed) => placed.layer.outputs),
    0,
  );
  return {
    kind: 'feed-forward',
    label,
    attributes: { channels: layers[layers.length - 1]?.layer.outputs ?? 0, hidden, expansion: width > 0 ? hidden / width : 0 },
  };
}

/** Layers along tokens: token mixing (MLP-Mixer, arXiv 2105.01601; ResMLP, 2105.03404), or all of gMLP's block (2105.08050). */
function alongTokens(facts: BranchFacts, layers: readonly PlacedLayer[]): Verdict | null {
  const branch = new Set(facts.nodes);
  const along = layers.filter((placed) => mixesTokens(facts.flow, branch, placed));
  if (along.length === 0) return null;
  if (along.length < layers.length) {
    const gates = facts.nodes.some((index) => actOf(facts.flow, index) === 'multiply');
    if (!gates || along.length !== 1 || layers.length !== 3 || along[0] !== layers[1]) return null;
    return {
      kind: 'gmlp',
      label: 'gMLP block',
      attributes: { channels: layers[2]?.layer.outputs ?? 0, hidden: layers[0]?.layer.outputs ?? 0 },
    };
  }
  const hidden = layers.length > 1 ? (layers[0]?.layer.outputs ?? 0) : 0;
  return {
    kind: 'token-mixing',
    label: 'Token mixing',
    attributes: { tokens: layers[0]?.layer.inputs ?? 0, layers: layers.length, hidden },
  };
}

/** A map less its own neighbourhood's mean, and no layer (PoolFormer, arXiv 2111.11418). */
function poolMixing({ flow, nodes }: BranchFacts): Verdict | null {
  const pools = nodes.filter((index) => does(flow, index, POOLS));
  if (pools.length !== 1) return null;
  return { kind: 'token-mixing', label: 'Pooling as token mixing', attributes: { layers: 0 } };
}

const POOLS = words('poolWindows');

function pointwiseOnly(facts: BranchFacts, layers: readonly PlacedLayer[]): Verdict | null {
  const mixing = alongTokens(facts, layers);
  if (mixing) return mixing;
  const [first, second, third] = layers;
  if (!first || !second || layers.length > 3) return null;
  const gated = third !== undefined || (hasGlu(facts.flow, facts.nodes) && second.layer.inputs * 2 === first.layer.outputs);
  const last = third ?? second;
  if (!facts.nodes.some((index) => index > first.index && index < last.index && facts.isActivation(index))) return null;
  return feedForward(layers, gated ? 'Gated feed-forward' : 'Feed-forward');
}

function withSpatial(facts: BranchFacts, layers: readonly PlacedLayer[]): Verdict | null {
  const spatial = layers.filter((placed) => placed.kind === 'spatial');
  const pointwise = layers.filter((placed) => placed.kind === 'pointwise');
  const [main] = spatial;
  if (!main) return null;
  const attributes: BlockAttributes = { ...channels(facts.flow, layers), kernel: kernelOf(main.layer) };
  if (facts.gates > 0) attributes['squeezeExcite'] = true;
  if (main.layer.group > 1) attributes['groups'] = main.layer.group;
  const firstIsPointwise = layers[0]?.kind === 'pointwise';
  const lastIsPointwise = layers[layers.length - 1]?.kind === 'pointwise';
  if (pointwise.length >= 2 && firstIsPointwise && lastIsPointwise) {
    attributes['width'] = main.layer.outputs;
    return { kind: 'residual-bottleneck', label: 'Bottleneck', attributes };
  }
  if (spatial.length === 1 && layers.length <= 2 && main.index === layers[0]?.index) {
    const expansion = main.layer.inputs > 0 ? main.layer.outputs / main.layer.inputs : 0;
    return { kind: 'fused-mbconv', label: 'Fused MBConv', attributes: { ...attributes, expansion: layers.length === 2 ? expansion : 1 } };
  }
  // A convolution of a part of the channels, then all of them mixed (FasterNet, arXiv 2303.03667).
  const joins = facts.nodes.some((index) => actOf(facts.flow, index) === 'concat');
  if (spatial.length === 1 && layers.length === 3 && main.index === layers[0]?.index && joins) {
    return { kind: 'fasternet', label: 'FasterNet block', attributes };
  }
  return spatial.length >= 2 || pointwise.length > 0 ? { kind: 'residual-basic', label: 'Residual block', attributes } : null;
}

/** Kind of a residual branch, attention apart, by its layers in order. */
export function classifyBranch(facts: BranchFacts): Verdict | null {
  const layers = layersIn(facts.flow, facts.nodes, facts.inner);
  if (layers.length === 0) return poolMixing(facts);
  const products = facts.nodes.filter((index) => !facts.inner.has(index) && productOf(facts.flow, index));
  if (products.length > 0) return products.some((index) => appliesKernels(facts.flow, index)) ? predictedKernels(facts.flow, layers) : null;
  if (layers.some((placed) => placed.kind === 'depthwise')) {
    const verdict = withDepthwise(facts, layers);
    if (verdict) return verdict;
  }
  if (layers.every(isPointwise)) return pointwiseOnly(facts, layers);
  return withSpatial(facts, layers);
}
