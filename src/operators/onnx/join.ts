import { append } from '../../data';
import type { Dim, Shape } from '../../model';
import { isStatic } from '../../model';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { addDims, divideExactly } from '../common/dimArithmetic';
import * as meaning from '../common/meanings';
import { contradict, knownNumbers, normalizeAxis, tensorFact, unifyDims, unknownShape } from '../common/shapes';
import {
  type Fact,
  type KnownData,
  MAX_KNOWN_ELEMENTS,
  type Operator,
  type ShapeContext,
  type ShapeRule,
  type TensorFact,
  UNKNOWN,
} from '../rule';

/** Elements of tensors joined along an axis, when all are known. */
function joinData(inputs: readonly (TensorFact | null)[], axis: number): KnownData | null {
  for (const input of inputs) if (!input?.data) return null;
  const blocks: { readonly data: KnownData; readonly run: number }[] = [];
  let outer = 1;
  let elements = 0;
  let runs = 0;
  for (const input of inputs) {
    if (!input?.data || !input.shape || !isStatic(input.shape)) return null;
    outer = input.shape.slice(0, axis).reduce((a, b) => a * b, 1);
    const run = input.shape.slice(axis).reduce((a, b) => a * b, 1);
    blocks.push({ data: input.data, run });
    elements += input.data.length;
    runs += run;
  }
  // Tensors without elements may have any extent before the axis; so may those that do not fit each other.
  if (elements === 0) return [];
  if (elements > MAX_KNOWN_ELEMENTS || outer * runs !== elements) return null;
  const joined: Dim[] = [];
  for (let i = 0; i < outer; i++) for (const { data, run } of blocks) append(joined, data.slice(i * run, (i + 1) * run));
  return joined;
}

/** The shape of tensors joined along `axis`; every other extent must agree. */
export function concatShape(context: ShapeContext, shapes: readonly (Shape | null)[], axis: number): Shape | null {
  const first = shapes.find((shape) => shape !== null);
  if (!first) return null;
  const at = normalizeAxis(axis, first.length);
  if (at === null) {
    context.report('axis', `axis ${axis} is out of range for rank ${first.length}.`);
    return null;
  }
  const result = unknownShape(first.length).slice();
  let extent: Dim = 0;
  for (const shape of shapes) {
    if (!shape) {
      extent = null;
      continue;
    }
    if (shape.length !== first.length) {
      context.report('concat', `joins tensors of rank ${first.length} and ${shape.length}.`);
      return null;
    }
    extent = addDims(extent, shape[at] ?? null);
    for (const [i, dim] of shape.entries()) {
      if (i === at) continue;
      if (contradict(result[i] ?? null, dim)) context.report('concat', `extents ${result[i]} and ${dim} differ along axis ${i}.`);
      result[i] = unifyDims(result[i] ?? null, dim);
    }
  }
  result[at] = extent;
  return result;
}

const concat: ShapeRule = (context) => {
  const inputs = context.inputs.map((_, index) => context.tensor(index));
  const known = inputs.find((input) => input !== null);
  if (!known) return [UNKNOWN];
  const axis = context.attributes.int('axis', context.opset < 4 ? 1 : 0);
  const shape = concatShape(
    context,
    inputs.map((input) => input?.shape ?? null),
    axis,
  );
  const at = shape ? normalizeAxis(axis, shape.length) : null;
  return [tensorFact(known.dtype, shape, at === null ? null : joinData(inputs, at))];
};

/** Extents of the parts; one per output, however many parts an attribute claims. */
function splitSizes(context: ShapeContext, extent: Dim): readonly Dim[] {
  const count = context.node.outputs.length;
  const unknown = new Array<Dim>(count).fill(null);
  if (context.inputs[1]) return context.tensor(1)?.data ?? unknown;
  const given = context.attributes.ints('split');
  if (given) return given;
  const parts = context.attributes.int('num_outputs', count);
  if (parts !== count) context.report('split', `num_outputs is ${parts}, and ${count} outputs are named.`);
  const even = divideExactly(extent, count);
  if (even !== null) return new Array<Dim>(count).fill(even);
  if (typeof extent !== 'number') return unknown;
  if (context.opset < 18) {
    context.report('split', `extent ${extent} does not divide into ${count} equal parts.`);
    return unknown;
  }
  const chunk = Math.ceil(extent / count);
  return Array.from({ length: count }, (_, i) => Math.max(Math.min(chunk, extent - i * chunk), 0));
}

const split: ShapeRule = (context) => {
  const input = context.tensor(0);
  const count = context.node.outputs.length;
  if (!input) return new Array<Fact>(count).fill(UNKNOWN);
  const { shape, dtype } = input;
  if (!shape) return Array.from({ length: count }, () => tensorFact(dtype, null));
  const axis = normalizeAxis(context.attributes.int('axis', 0), shape.length);
  if (axis === null) {
    context.report('axis', `axis ${context.attributes.int('axis', 0)} is out of range for rank ${shape.length}.`);
    return Array.from({ length: count }, () => tensorFact(dtype, null));
  }
  const sizes = splitSizes(context, shape[axis] ?? null);
  const total = sizes.reduce<Dim>(addDims, 0);
  if (contradict(total, shape[axis] ?? null)) context.report('split', `parts add up to ${total}, the axis has ${shape[axis]}.`);
  let start = 0;
  return Array.from({ length: count }, (_, i) => {
    const extent = sizes[i] ?? null;
    const from = start;
    if (typeof extent === 'number') start += extent;
    const vector = shape.length === 1 && input.data && typeof extent === 'number' && sizes.every((one) => typeof one === 'number');
    return tensorFact(
      dtype,
      shape.map((dim, at) => (at === axis ? extent : dim)),
      vector ? input.data?.slice(from, from + extent) : null,
    );
  });
};

/** Pads per axis [before, after]: an attribute (`paddings` in version 1), or inputs from version 11 (`axes` from 18). */
function padsOf(context: ShapeContext, rank: number): readonly { readonly before: Dim; readonly after: Dim }[] | null {
  const attribute =
    context.opset < 2 ? context.attributes.ints('paddings') : context.opset < 11 ? context.attributes.ints('pads') : undefined;
  const pads = context.opset < 11 ? attribute : context.tensor(1)?.data;
  if (!pads) return null;
  const axes = context.inputs[3] ? knownNumbers(context.tensor(3)) : Array.from({ length: rank }, (_, axis) => axis);
  if (!axes || pads.length !== 2 * axes.length) {
    if (axes) context.report('pad', `${pads.length} pads are given for ${axes.length} axes.`);
    return null;
  }
  const result = Array.from({ length: rank }, () => ({ before: 0 as Dim, after: 0 as Dim }));
  for (const [i, axis] of axes.entries()) {
    const at = normalizeAxis(axis, rank);
    if (at === null) return null;
    result[at] = { before: pads[i] ?? null, after: pads[i + axes.length] ?? null };
  }
  return result;
}

const pad: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  if (!input.shape) return [tensorFact(input.dtype, null)];
  const pads = padsOf(context, input.shape.length);
  if (!pads) return [tensorFact(input.dtype, unknownShape(input.shape.length))];
  const shape = input.shape.map((dim, axis) => addDims(addDims(dim, pads[axis]?.before ?? null), pads[axis]?.after ?? null));
  return [tensorFact(input.dtype, shape, padVector(context, input, pads[0]))];
};

/** A padded vector's elements: exporters build PyTorch's reversed pad lists this way. */
function padVector(
  context: ShapeContext,
  input: TensorFact,
  pads: { readonly before: Dim; readonly after: Dim } | undefined,
): KnownData | null {
  const constant = context.attributes.string('mode', 'constant') === 'constant';
  if (!constant || input.shape?.length !== 1 || !input.data || !pads) return null;
  const { before, after } = pads;
  if (typeof before !== 'number' || typeof after !== 'number' || before < 0 || after < 0 || before + after > 64) return null;
  const value = context.inputs[2] ? (context.tensor(2)?.data?.[0] ?? null) : 0;
  return [...new Array<Dim>(before).fill(value), ...input.data, ...new Array<Dim>(after).fill(value)];
}

/** Joining, splitting and padding: no arithmetic. */
export const JOINS: readonly Operator[] = meaning.means(
  {
    Concat: meaning.move('concat', { carries: 'all' }),
    Split: meaning.move('split', { settings: [1], carries: [0] }),
    Pad: meaning.move('pad', { settings: [1, 2, 3] }),
  },
  [operator('Concat', 1, concat, noArithmetic), operator('Split', 1, split, noArithmetic), operator('Pad', 1, pad, noArithmetic)],
);
