import { factType } from '../../analysis/assemble';
import type { NodeCost } from '../../analysis/cost';
import type { ScopeShapes } from '../../analysis/shapes/types';
import { isStatic, type Node } from '../../model';
import type { Meaning } from '../../operators/meaning';
import { meaningOf } from '../../operators/registry';
import { volume } from '../layers';
import { addTo, type Part, type Parts } from '../types';
import { type Counted, partOf, type Tool } from './tool';

/** Operations an output element (`onnx_tool/node.py`): an exponential is 32, a logarithm 43, a quotient 4, a root 24, a sine 39. */
const PER_ELEMENT: ReadonlyMap<string, readonly [Part, number]> = new Map<string, readonly [Part, number]>([
  ...(['subtract', 'multiply', 'maximum', 'minimum', 'modulo', 'negate', 'absolute', 'sign', 'ceiling', 'floor', 'round'] as const).map(
    (does) => [does, ['elementwise', 1]] as const,
  ),
  ...(['less', 'lessOrEqual', 'greater', 'greaterOrEqual', 'equal', 'not', 'and', 'or', 'exclusiveOr'] as const).map(
    (does) => [does, ['elementwise', 1]] as const,
  ),
  ['divide', ['elementwise', 4]],
  ['reciprocal', ['elementwise', 4]],
  ['root', ['elementwise', 24]],
  ['power', ['elementwise', 32]],
  ['exponential', ['elementwise', 32]],
  ['logarithm', ['elementwise', 43]],
  ['sine', ['elementwise', 39]],
  ['cosine', ['elementwise', 39]],
  ['arctangent', ['elementwise', 64]],
  ['quantize', ['elementwise', 2]],
  ['dequantize', ['elementwise', 2]],
  ['softmax', ['softmax', 36]],
  ['logSoftmax', ['softmax', 80]],
  ['relu', ['activation', 1]],
  ['clip', ['activation', 2]],
  ['leakyRelu', ['activation', 2]],
  ['prelu', ['activation', 2]],
  ['hardSigmoid', ['activation', 4]],
  ['hardSwish', ['activation', 5]],
  ['sigmoid', ['activation', 32]],
  ['gelu', ['activation', 34]],
  ['tanhGelu', ['activation', 34]],
  ['elu', ['activation', 35]],
  ['softplus', ['activation', 76]],
  ['tanh', ['activation', 76]],
  ['batchNorm', ['batchNorm', 31]],
  ['instanceNorm', ['otherNorm', 7]],
  ['lpNorm', ['otherNorm', 33]],
]);
/** Operations an input element of a reduction. */
const REDUCTIONS: ReadonlyMap<string, bigint> = new Map([
  ['reduceMean', 1n],
  ['reduceSum', 1n],
  ['reduceProduct', 1n],
  ['reduceMin', 1n],
  ['reduceMax', 1n],
  ['reduceL2', 25n],
]);
/** Movements whose operators it hides (`NoMacsOps`): tensors that they alone read are no parameters there. */
const HIDDEN = new Set([
  'identity',
  'constant',
  'shape',
  'squeeze',
  'unsqueeze',
  'reshape',
  'fill',
  'cast',
  'pad',
  'concat',
  'slice',
  'gather',
]);

/** One node with the extents that it is counted by; a scalar has no elements there. */
class Seen {
  readonly meaning: Meaning | null;
  constructor(
    readonly node: Node,
    readonly cost: NodeCost,
    private readonly scope: ScopeShapes,
    private readonly counted: Counted,
  ) {
    this.meaning = meaningOf(node, scope.opsets);
  }

  input(place: number): readonly number[] {
    return this.shape(this.node.inputs[place]);
  }

  output(): bigint {
    return elements(this.shape(this.node.outputs[0]));
  }

  shape(name: string | undefined): readonly number[] {
    if (name === undefined || name === '') return [];
    const { shape } = factType(this.counted.analysis.shapes.fact(name, this.scope));
    return shape && isStatic(shape) ? shape : [];
  }

  /** True for an operand that is no input of the model and no node's result. */
  isStored(place: number): boolean {
    const name = this.node.inputs[place] ?? '';
    return this.counted.layers.isStored(this.scope, name);
  }

  get category(): string {
    return this.counted.analysis.blocks.places.get(this.scope)?.categories[this.cost.number] ?? 'other';
  }

  /** The integers of an attribute. */
  integers(name: string): readonly number[] {
    const attribute = Object.hasOwn(this.node.attributes, name) ? this.node.attributes[name] : undefined;
    return attribute?.kind === 'ints' ? attribute.value.map(Number) : [];
  }
}

function elements(shape: readonly number[]): bigint {
  return shape.length === 0 ? 0n : volume(shape);
}

function ofNode(seen: Seen): readonly (readonly [Part, bigint])[] {
  const { meaning, node, cost } = seen;
  if (!meaning) return [];
  const given = node.inputs.filter((name) => name !== '').length;
  const output = seen.output();
  if (meaning.kind === 'convolution') {
    const kernel = elements(seen.input(meaning.weight).slice(1));
    return [
      ['convolution', output * kernel],
      ['bias', given > 2 && meaning.weight === 1 ? output : 0n],
    ];
  }
  if (meaning.kind === 'product') {
    const attends = seen.category === 'attention.scores' || seen.category === 'attention.weightedSum';
    const part = seen.isStored(meaning.right) && meaning.form === 'matrix' ? 'linear' : partOf('product', attends);
    return [
      [part, cost.macs ?? 0n],
      ['bias', given === 3 && meaning.form === 'matrix' ? output : 0n],
    ];
  }
  return others(seen, meaning, output);
}

function others(seen: Seen, meaning: Meaning, output: bigint): readonly (readonly [Part, bigint])[] {
  const input = seen.input(0);
  if (meaning.kind === 'arithmetic' && meaning.does === 'add')
    return [['elementwise', output * BigInt(Math.max(1, seen.node.inputs.length - 1))]];
  const each = PER_ELEMENT.get(meaning.does);
  if (each) return [[each[0], output * BigInt(each[1])]];
  if (meaning.does === 'layerNorm') {
    const axis = seen.node.attributes['axis'];
    const at = axis?.kind === 'int' ? Number(axis.value) : -1;
    const rows = input.map((extent, place) => (place === (at < 0 ? input.length + at : at) ? 1 : extent));
    return [['layerNorm', 7n * elements(input) + 29n * elements(rows)]];
  }
  if (meaning.kind === 'reduce') return [['pooling', (REDUCTIONS.get(meaning.does) ?? 0n) * elements(input)]];
  if (meaning.kind === 'pool') {
    const kernel = seen.integers('kernel_shape');
    if (meaning.does === 'poolAll') return meaning.gives === 'mean' ? [['pooling', elements(input) + 4n * output]] : [];
    return [['pooling', output * volume(kernel.length === 2 ? kernel : kernel.slice(0, 1))]];
  }
  if (meaning.kind === 'resample') {
    const mode = seen.node.attributes['mode'];
    const each = mode?.kind !== 'string' ? 0n : mode.value === 'linear' ? 4n : mode.value === 'cubic' ? 8n : 0n;
    return [['resize', each * output]];
  }
  return [];
}

/** Elements of tensors that counted operators read, each once, weights or not. */
function stored(counted: Counted): bigint {
  const tensors = new Set(counted.analysis.model.graph.initializers.map(({ name }) => name));
  for (const { node, meaning } of nodesOf(counted)) if (meaning?.does === 'constant') tensors.add(node.outputs[0] ?? '');
  const seen = new Set<string>();
  let sum = 0n;
  for (const one of nodesOf(counted)) {
    if (one.meaning?.kind === 'move' && HIDDEN.has(one.meaning.does)) continue;
    for (const name of one.node.inputs) {
      if (seen.has(name) || !tensors.has(name)) continue;
      seen.add(name);
      sum += elements(one.shape(name));
    }
  }
  return sum;
}

/** It reads the main graph alone. */
function* nodesOf(counted: Counted): Generator<Seen> {
  const { shapes, costs } = counted.analysis;
  for (const cost of costs.of(shapes.main)) if (cost) yield new Seen(cost.node, cost, shapes.main, counted);
}

/** onnx-tool: https://github.com/ThanatosShinji/onnx-tool (MIT). */
export const ONNX_TOOL: Tool = {
  name: 'onnx-tool',
  version: '1.0.1',
  call: "onnx_tool.model_profile('model.onnx')",
  unit: 'MACs',
  perMac: 1n,
  readsGraph: true,
  count: (counted) => {
    const parts: Parts = new Map();
    for (const seen of nodesOf(counted)) for (const [part, count] of ofNode(seen)) addTo(parts, part, count);
    return parts;
  },
  parameters: stored,
  why: {
    convolution: 'It multiplies the output by the kernel, transposed convolutions too.',
    bias: 'It adds an operation for each bias.',
    batchNorm: 'It adds 31 operations an element for a normalisation by stored statistics.',
    layerNorm: 'It adds 7 operations an element and 29 a row for LayerNorm.',
    otherNorm: 'It adds 7 operations an element for InstanceNorm.',
    softmax: 'It adds 36 operations an element: an exponential is 32 there, a quotient 4.',
    activation: 'It adds 1 operation an element for ReLU, 32 for a sigmoid, 34 for GELU, 76 for tanh.',
    pooling: 'It adds an operation for each position of a pooling window, and for each input element of a mean.',
    resize: 'It adds 4 operations an element for linear interpolation, 8 for cubic.',
    elementwise: 'It adds an operation an element for sums and products, 4 for quotients, 32 for powers and exponentials.',
    attention: 'It does not know attention that is one operator.',
  },
  parametersWhy: 'It counts elements of all stored tensors that counted operators read: running statistics, indices and scales too.',
};
