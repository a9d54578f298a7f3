import { append, maximumOf } from '../../data';
import { classifyBranch } from './classify';
import type { Composites } from './composites';
import { type Draft, draft } from './draft';
import type { Flow } from './flow';
import type { Gate } from './gates';
import { isPointwise, kernelOf, layerKind, type PlacedLayer } from './layerKinds';
import { layerOf } from './layers';
import { addsConstant, isTransparent } from './words';

/** Walks along ways without branches, a composite or a gate counting as one step. */
export class ChainWalker {
  private readonly gateByInput = new Map<string, Gate>();
  private readonly gateByOutput = new Map<string, Gate>();

  constructor(
    readonly flow: Flow,
    readonly composites: Composites,
    readonly gates: readonly Gate[],
  ) {
    for (const gate of gates) {
      this.gateByInput.set(gate.input, gate);
      this.gateByOutput.set(gate.output, gate);
    }
  }

  /** The step that alone reads what a node makes: its nodes, the last of which makes the result. */
  next(index: number): readonly number[] | null {
    const { flow, composites } = this;
    const outputs = flow.nodes[index]?.outputs.filter((name) => name !== '') ?? [];
    const [output] = outputs;
    if (output === undefined || outputs.some((name) => flow.isOutput(name))) return null;
    const readers = flow.after[index] ?? [];
    const [first] = readers;
    if (first === undefined) return null;
    const gate = this.gateByInput.get(output);
    if (gate && readers.every((reader) => gate.nodes.includes(reader))) return gate.nodes;
    const composite = composites.list[composites.of[first] ?? -1];
    if (composite && readers.every((reader) => composites.of[reader] === composites.of[first])) return composite.nodes;
    return readers.length === 1 ? [first] : null;
  }

  /** The step that makes the one data input of a node. */
  previous(index: number): readonly number[] | null {
    const { flow, composites } = this;
    const own = composites.list[composites.of[index] ?? -1];
    const data = (flow.nodes[index]?.inputs ?? []).filter((name) => name !== '' && flow.origin(name) === 'data');
    const name = own?.input ?? this.gateFor(index)?.input ?? (data.length === 1 ? data[0] : undefined);
    const producer = name === undefined ? -1 : flow.producer(name);
    if (producer < 0 || name === undefined) return null;
    const gate = this.gateByOutput.get(name);
    if (gate) return gate.nodes;
    const composite = composites.list[composites.of[producer] ?? -1];
    return composite ? composite.nodes : [producer];
  }

  private gateFor(index: number): Gate | undefined {
    return this.gateByOutput.get(this.flow.nodes[index]?.outputs[0] ?? '');
  }

  isNorm(step: readonly number[]): boolean {
    return this.composites.isNormalization(step[0] ?? -1);
  }

  isActivation(step: readonly number[]): boolean {
    return this.composites.isActivation(step[0] ?? -1);
  }

  isGate(step: readonly number[]): boolean {
    return step.length > 1 && this.gates.some((gate) => gate.nodes === step);
  }

  isTransparent(step: readonly number[]): boolean {
    return step.length === 1 && isTransparent(this.flow, step[0] ?? -1);
  }

  layer(step: readonly number[]): PlacedLayer | null {
    const [index] = step;
    const layer = step.length === 1 && index !== undefined ? layerOf(this.flow, index) : null;
    return layer && index !== undefined ? { index, layer, kind: layerKind(layer) } : null;
  }
}

interface Run {
  readonly nodes: number[];
  readonly layer: PlacedLayer | null;
  readonly last: number;
}

/** Follows norms, activations and gates from a layer to the next one. */
function toNextLayer(walker: ChainWalker, start: number): Run {
  const nodes: number[] = [];
  let last = start;
  for (let step = 0; step < 8; step++) {
    const next = walker.next(last);
    if (!next) break;
    const layer = walker.layer(next);
    if (layer) return { nodes, layer, last };
    if (!walker.isNorm(next) && !walker.isActivation(next) && !walker.isGate(next) && !walker.isTransparent(next)) break;
    append(nodes, next);
    last = next[next.length - 1] ?? last;
  }
  return { nodes, layer: null, last };
}

function toPreviousLayer(walker: ChainWalker, start: number): Run {
  const nodes: number[] = [];
  let last = start;
  for (let step = 0; step < 8; step++) {
    const previous = walker.previous(last);
    if (!previous) break;
    const output = previous[previous.length - 1] ?? -1;
    if (walker.next(output)?.includes(last) !== true && step > 0) break;
    const layer = walker.layer(previous);
    if (layer) return { nodes, layer, last };
    if (!walker.isNorm(previous) && !walker.isActivation(previous) && !walker.isGate(previous)) break;
    append(nodes, previous);
    last = previous[0] ?? last;
  }
  return { nodes, layer: null, last };
}

/** Norm (and activation, where `act`) right behind a layer. */
export function tailOf(walker: ChainWalker, layer: number, act: boolean): readonly number[] {
  const nodes: number[] = [];
  let last = layer;
  for (let step = 0; step < 3; step++) {
    const next = walker.next(last);
    const bias = next?.length === 1 && addsConstant(walker.flow, next[0] ?? -1);
    if (!next || walker.isGate(next) || !(bias || walker.isNorm(next) || (act && walker.isActivation(next)))) break;
    append(nodes, next);
    last = next[next.length - 1] ?? last;
    if (walker.isActivation(next)) break;
  }
  return nodes;
}

/** Depthwise convolutions with the pointwise ones around them, where no residual tells the block's bounds. */
export function depthwiseChain(walker: ChainWalker, index: number, free: (index: number) => boolean): Draft | null {
  const { flow, composites } = walker;
  const after = toNextLayer(walker, index);
  if (!after.layer || !isPointwise(after.layer) || !free(after.layer.index)) return null;
  const before = toPreviousLayer(walker, index);
  const expands =
    before.layer && isPointwise(before.layer) && free(before.layer.index) && before.layer.layer.outputs >= before.layer.layer.inputs;
  const head = expands && before.layer ? [before.layer.index, ...before.nodes] : [];
  const end = after.layer.index;
  const norms = tailOf(walker, end, false);
  const withAct = tailOf(walker, end, true);
  const separable = withAct.length > norms.length;
  const core = [index, ...after.nodes, end];
  const nodes = [...(separable ? [] : head), ...core, ...(separable ? withAct : norms)];
  if (!nodes.every(free)) return null;
  if (separable || after.nodes.length === 0) {
    const all = separable ? [...core, ...withAct] : nodes;
    const layer = layerOf(flow, index);
    const attributes = {
      channels: after.layer.layer.outputs,
      kernel: layer ? kernelOf(layer) : 0,
      stride: maximumOf(layer?.strides ?? [], 1),
    };
    return draft('depthwise-separable', 'Depthwise separable', all, attributes);
  }
  const inside = new Set(nodes);
  const gates = walker.gates.filter((gate) => gate.nodes.every((node) => inside.has(node)));
  const facts = {
    flow,
    nodes: [...inside].sort((a, b) => a - b),
    inner: new Set(gates.flatMap((gate) => gate.nodes)),
    attentions: 0,
    gates: gates.length,
    isActivation: composites.isActivation,
    isNormalization: composites.isNormalization,
  };
  const verdict = classifyBranch(facts);
  return verdict ? draft(verdict.kind, verdict.label, nodes, { ...verdict.attributes, residual: false }) : null;
}

/** A spatial convolution that expands, then a pointwise one that projects without activation: fused MBConv of a stage's first block. */
export function fusedChain(walker: ChainWalker, index: number, free: (index: number) => boolean): Draft | null {
  const layer = layerOf(walker.flow, index);
  if (!layer || layerKind(layer) !== 'spatial' || layer.group !== 1 || layer.outputs <= layer.inputs) return null;
  const after = toNextLayer(walker, index);
  if (after.layer?.kind !== 'pointwise' || after.layer.layer.outputs >= layer.outputs) return null;
  if (!after.nodes.some((node) => walker.composites.isActivation(node))) return null;
  const norms = tailOf(walker, after.layer.index, false);
  if (tailOf(walker, after.layer.index, true).length > norms.length) return null;
  const last = norms[norms.length - 1] ?? after.layer.index;
  if (walker.next(last) === null && (walker.flow.after[last]?.length ?? 0) === 0) return null;
  const nodes = [index, ...after.nodes, after.layer.index, ...norms];
  if (!nodes.every(free)) return null;
  const attributes = {
    channels: after.layer.layer.outputs,
    kernel: kernelOf(layer),
    stride: maximumOf(layer.strides, 1),
    expansion: layer.inputs > 0 ? layer.outputs / layer.inputs : 0,
    residual: false,
  };
  return draft('fused-mbconv', 'Fused MBConv', nodes, attributes);
}

/** A convolution with the norm and activation behind it. */
export function convolutionUnit(walker: ChainWalker, index: number, free: (index: number) => boolean): Draft | null {
  const layer = layerOf(walker.flow, index);
  if (layer?.kind !== 'convolution') return null;
  const nodes = [index, ...tailOf(walker, index, true)].filter(free);
  if (nodes.length < 2) return null;
  const kernel = layer.kernel.join('x');
  const attributes = {
    channels: layer.outputs,
    inputChannels: layer.inputs,
    kernel: kernelOf(layer),
    stride: maximumOf(layer.strides, 1),
    groups: layer.group,
  };
  return draft('convolution', `Conv ${kernel}`, nodes, attributes);
}
