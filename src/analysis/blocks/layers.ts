import type { Node } from '../../model';
import { attributesOf } from '../../operators/attributes';
import { readConvolution } from '../../operators/common/readConvolution';
import type { Convolution, MatrixProduct } from '../../operators/meaning';
import { type Flow, inputAt, outputAt } from './flow';

/** A convolution or a product with a constant matrix: one data input, one weight. */
export interface Layer {
  readonly kind: 'convolution' | 'linear';
  /** Value names. */
  readonly input: string;
  readonly weight: string;
  readonly output: string;
  /** Channels or features; 0 where unknown. */
  readonly inputs: number;
  readonly outputs: number;
  /** Spatial kernel; `[]` for a linear layer. */
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly group: number;
  readonly transposed: boolean;
  /** Features stand on the last axis of its maps. */
  readonly channelsLast: boolean;
}

/** A product of two values that both come from data, or of data with a constant that is no weight matrix. */
export interface Product {
  readonly left: string;
  readonly right: string;
  readonly output: string;
  /** Index letters of the operands and the result, as in Einsum; `null` where ranks are unknown. */
  readonly indices: { readonly left: string; readonly right: string; readonly output: string } | null;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}

/** A product that a node is, operands by name. */
interface Operands {
  readonly meaning: MatrixProduct;
  readonly left: string;
  readonly right: string;
}

function operandsAt(flow: Flow, index: number): Operands | null {
  const meaning = flow.meanings[index];
  const inputs = flow.nodes[index]?.inputs;
  if (meaning?.kind !== 'product' || !inputs) return null;
  return { meaning, left: inputs[meaning.left] ?? '', right: inputs[meaning.right] ?? '' };
}

function convolution(flow: Flow, index: number, node: Node, form: Convolution): Layer | null {
  const weight = node.inputs[form.weight] ?? '';
  const number = inputAt(flow, index, form.weight);
  if (flow.originAt(number) !== 'constant') return null;
  const { kernel, strides, group, inputs, outputs, channelsLast } = readConvolution(
    form,
    attributesOf(node, flow.scope.attributes),
    flow.shapeAt(number),
  );
  return {
    kind: 'convolution',
    input: node.inputs[form.input] ?? '',
    weight,
    output: node.outputs[0] ?? '',
    inputs,
    outputs,
    kernel,
    strides,
    group,
    transposed: form.transposed,
    channelsLast,
  };
}

/** A matrix, or a stack of them that all axes but the last two leave at 1. */
function isMatrix(shape: readonly number[] | null): boolean {
  return shape === null || shape.length <= 2 || shape.slice(0, -2).every((size) => size === 1);
}

/** Features in and out of the product of a node with a weight of this shape. */
function linearSizes(flow: Flow, index: number, { packed }: MatrixProduct, shape: readonly number[] | null): readonly [number, number] {
  const result = flow.shapeAt(outputAt(flow, index, 0));
  const outputs = result?.[result.length - 1] ?? 0;
  if (!shape || packed) {
    const node = flow.nodes[index];
    const attributes = node && attributesOf(node, flow.scope.attributes);
    return [attributes?.int('K', 0) ?? 0, attributes?.int('N', outputs) ?? outputs];
  }
  const total = product(shape);
  return outputs > 0 && total % outputs === 0 ? [total / outputs, outputs] : [shape[0] ?? 0, outputs];
}

/** Which input of a product is its weight; -1 where it has none: both operands are data, or neither is. */
function weightInput(flow: Flow, index: number, { left, right }: MatrixProduct): number {
  const leftData = flow.originAt(inputAt(flow, index, left)) === 'data';
  const rightData = flow.originAt(inputAt(flow, index, right)) === 'data';
  if (leftData === rightData) return -1;
  return leftData ? right : left;
}

/** True where a product's weight is a matrix, or what Einsum takes for one. */
function hasMatrix(flow: Flow, index: number, node: Node, operands: Operands, weight: number): boolean {
  if (operands.meaning.form === 'einsum') return !sharesBatch(flow, operands, node, node.inputs[weight] ?? '');
  return isMatrix(flow.shapeAt(inputAt(flow, index, weight)));
}

function linear(flow: Flow, index: number, node: Node): Layer | null {
  const found = operandsAt(flow, index);
  if (!found || isManyFactors(found, node)) return null;
  const { meaning } = found;
  const weight = weightInput(flow, index, meaning);
  if (weight < 0 || !hasMatrix(flow, index, node, found, weight)) return null;
  const [inputs, outputs] = linearSizes(flow, index, meaning, flow.shapeAt(inputAt(flow, index, weight)));
  return {
    kind: 'linear',
    input: node.inputs[weight === meaning.left ? meaning.right : meaning.left] ?? '',
    weight: node.inputs[weight] ?? '',
    output: node.outputs[0] ?? '',
    inputs,
    outputs,
    kernel: [],
    strides: [],
    group: 1,
    transposed: false,
    channelsLast: true,
  };
}

/** True for an equation of more than two operands. */
function isManyFactors({ meaning }: Operands, node: Node): boolean {
  return meaning.form === 'einsum' && node.inputs.length !== 2;
}

/** True for an Einsum whose constant operand has an index in common with both the data and the result: a batched product. */
function sharesBatch(flow: Flow, operands: Operands, node: Node, weight: string): boolean {
  const indices = indicesOf(flow, operands, node);
  if (!indices) return false;
  const [constant, data] = operands.left === weight ? [indices.left, indices.right] : [indices.right, indices.left];
  return [...constant].some((letter) => data.includes(letter) && indices.output.includes(letter));
}

/** Answers per node, remembered per flow: every detector asks. */
function remembered<T>(read: (flow: Flow, index: number) => T | null): (flow: Flow, index: number) => T | null {
  const flows = new WeakMap<Flow, (T | null | undefined)[]>();
  return (flow, index) => {
    if (index < 0) return null;
    let known = flows.get(flow);
    if (!known) {
      known = new Array(flow.nodes.length);
      flows.set(flow, known);
    }
    const found = known[index];
    if (found !== undefined) return found;
    const answer = read(flow, index);
    known[index] = answer;
    return answer;
  };
}

/** The weighted layer that a node is, or `null`. */
export const layerOf = remembered(readLayer);

function readLayer(flow: Flow, index: number): Layer | null {
  const node = flow.nodes[index];
  if (!node || !flow.visible[index]) return null;
  const meaning = flow.meanings[index];
  return meaning?.kind === 'convolution' ? convolution(flow, index, node, meaning) : linear(flow, index, node);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Index letters of MatMul: batch axes aligned at the right, then m, k and k, n. */
function matmulIndices(leftRank: number, rightRank: number, transA: boolean, transB: boolean): Product['indices'] {
  const depth = Math.max(leftRank, rightRank) - 2;
  if (depth < 0 || depth > 8 || leftRank < 2 || rightRank < 2) return null;
  const batch = LETTERS.slice(0, depth);
  return {
    left: batch.slice(depth - (leftRank - 2)) + (transA ? 'zx' : 'xz'),
    right: batch.slice(depth - (rightRank - 2)) + (transB ? 'yz' : 'zy'),
    output: `${batch}xy`,
  };
}

function einsumIndices(flow: Flow, node: Node): Product['indices'] {
  const equation = attributesOf(node, flow.scope.attributes).string('equation', '').replaceAll(' ', '');
  const [terms = '', result] = equation.split('->');
  const parts = terms.split(',');
  const [left, right] = parts;
  if (parts.length !== 2 || left === undefined || right === undefined) return null;
  if (result !== undefined && !equation.includes('.')) return { left, right, output: result };
  if (result === undefined) {
    const letters = [...`${left}${right}`].filter((letter, _, all) => all.indexOf(letter) === all.lastIndexOf(letter));
    return equation.includes('.') ? null : { left, right, output: letters.sort().join('') };
  }
  const ranks = node.inputs.map((name) => flow.shape(name)?.length ?? -1);
  const depth = Math.max((ranks[0] ?? -1) - left.replace('...', '').length, (ranks[1] ?? -1) - right.replace('...', '').length);
  if (depth < 0 || depth > 4) return null;
  const dots = (term: string, rank: number): string =>
    term.replace('...', '0123'.slice(4 - (rank < 0 ? depth : rank - term.replace('...', '').length)));
  return { left: dots(left, ranks[0] ?? -1), right: dots(right, ranks[1] ?? -1), output: result.replace('...', '0123'.slice(4 - depth)) };
}

function indicesOf(flow: Flow, { meaning, left, right }: Operands, node: Node): Product['indices'] {
  if (meaning.form === 'einsum') return einsumIndices(flow, node);
  const leftRank = flow.shape(left)?.length ?? 0;
  const rightRank = flow.shape(right)?.length ?? 0;
  const attributes = attributesOf(node, flow.scope.attributes);
  return matmulIndices(leftRank, rightRank, attributes.int('transA', 0) === 1, attributes.int('transB', 0) === 1);
}

/** The product that a node is, where neither operand is a weight matrix; `null` for everything else. */
export const productOf = remembered(readProduct);

function readProduct(flow: Flow, index: number): Product | null {
  const node = flow.nodes[index];
  const operands = operandsAt(flow, index);
  if (!node || !operands || !flow.visible[index] || node.inputs.length < 2) return null;
  if (isManyFactors(operands, node) || layerOf(flow, index)?.kind === 'linear') return null;
  const { left, right } = operands;
  return { left, right, output: node.outputs[0] ?? '', indices: indicesOf(flow, operands, node) };
}
