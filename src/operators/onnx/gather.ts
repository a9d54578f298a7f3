import type { Dim, Shape } from '../../model';
import { isStatic } from '../../model';
import { elements, flopsOnly, noArithmetic } from '../common/costs';
import { operator, operators } from '../common/define';
import { productOf } from '../common/dimArithmetic';
import * as meaning from '../common/meanings';
import { normalizeAxis, sameAsFirst, tensorFact, unknownShape } from '../common/shapes';
import { type CostRule, type KnownData, MAX_KNOWN_ELEMENTS, type Operator, type ShapeRule, type TensorFact, UNKNOWN } from '../rule';

function gatherData(input: TensorFact, indices: TensorFact, axis: number): KnownData | null {
  if (!input.data || !indices.data || !input.shape || !isStatic(input.shape)) return null;
  const extent = input.shape[axis] ?? 0;
  const run = input.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = input.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const count = outer * run * indices.data.length;
  if (!(count <= MAX_KNOWN_ELEMENTS)) return null;
  // Nothing is picked, from however many rows.
  if (count === 0) return [];
  const result: Dim[] = [];
  for (let i = 0; i < outer; i++) {
    for (const index of indices.data) {
      const at = typeof index === 'number' ? (index < 0 ? index + extent : index) : null;
      for (let j = 0; j < run; j++) result.push(at === null ? null : (input.data[(i * extent + at) * run + j] ?? null));
    }
  }
  return result;
}

const gather: ShapeRule = (context) => {
  const [input, indices] = [context.tensor(0), context.tensor(1)];
  if (!input) return [UNKNOWN];
  if (!input.shape || !indices?.shape) return [tensorFact(input.dtype, null)];
  const axis = normalizeAxis(context.attributes.int('axis', 0), input.shape.length);
  if (axis === null) {
    context.report('axis', `axis ${context.attributes.int('axis', 0)} is out of range for rank ${input.shape.length}.`);
    return [tensorFact(input.dtype, null)];
  }
  const shape = [...input.shape.slice(0, axis), ...indices.shape, ...input.shape.slice(axis + 1)];
  return [tensorFact(input.dtype, shape, gatherData(input, indices, axis))];
};

const gatherElements: ShapeRule = (context) => {
  const input = context.tensor(0);
  return [input ? tensorFact(input.dtype, context.tensor(1)?.shape ?? null) : UNKNOWN];
};

const gatherND: ShapeRule = (context) => {
  const [input, indices] = [context.tensor(0), context.tensor(1)];
  if (!input) return [UNKNOWN];
  const depth = indices?.shape?.at(-1);
  if (!input.shape || !indices?.shape || typeof depth !== 'number') return [tensorFact(input.dtype, null)];
  const batch = context.attributes.int('batch_dims', 0);
  if (batch + depth > input.shape.length) {
    context.report('rank', `index depth ${depth} after ${batch} batch axes passes rank ${input.shape.length}.`);
    return [tensorFact(input.dtype, null)];
  }
  return [tensorFact(input.dtype, [...indices.shape.slice(0, -1), ...input.shape.slice(batch + depth)])];
};

/** One operation per update where a reduction is asked for; else updates are only written. */
const scatterCost: CostRule = (context) => {
  const reduction = context.attributes.string('reduction', 'none');
  if (reduction === 'none') return flopsOnly(0n, 'no arithmetic');
  const updates = elements(context.inputs[2] ?? null);
  return updates === null ? null : flopsOnly(updates, `${updates} updates * 1 FLOP (${reduction})`);
};

const oneHot: ShapeRule = (context) => {
  const [indices, depth, values] = [context.tensor(0), context.tensor(1), context.tensor(2)];
  const dtype = values?.dtype ?? 'undefined';
  if (!indices?.shape) return [tensorFact(dtype, null)];
  const axis = normalizeAxis(context.attributes.int('axis', -1), indices.shape.length + 1);
  if (axis === null) {
    context.report('axis', `axis ${context.attributes.int('axis', -1)} is out of range for rank ${indices.shape.length + 1}.`);
    return [tensorFact(dtype, null)];
  }
  const extent = depth?.data?.[0] ?? null;
  const whole = typeof extent === 'number' ? Math.trunc(extent) : extent;
  return [tensorFact(dtype, [...indices.shape.slice(0, axis), whole, ...indices.shape.slice(axis)])];
};

/** How many elements pass depends on data; known only where the condition is. */
const compress: ShapeRule = (context) => {
  const [input, condition] = [context.tensor(0), context.tensor(1)];
  if (!input) return [UNKNOWN];
  const known = condition?.data?.every((flag) => typeof flag === 'number');
  const kept = known ? (condition?.data?.filter((flag) => flag !== 0).length ?? null) : null;
  if (!context.attributes.has('axis')) return [tensorFact(input.dtype, [kept])];
  if (!input.shape) return [tensorFact(input.dtype, null)];
  const axis = normalizeAxis(context.attributes.int('axis', 0), input.shape.length);
  return [
    tensorFact(
      input.dtype,
      input.shape.map((dim, at) => (at === axis ? kept : dim)),
    ),
  ];
};

/** `[rank, number of non-zero elements]`; the second depends on data. */
const nonZero: ShapeRule = (context) => {
  const input = context.tensor(0);
  const rank = input?.shape ? Math.max(input.shape.length, 1) : null;
  const flags = input?.data;
  if (!flags?.every((element) => typeof element === 'number')) return [tensorFact('int64', [rank, null])];
  const hits = flags.flatMap((element, at) => (element === 0 ? [] : [at]));
  return [tensorFact('int64', [rank, hits.length], rank === 1 ? hits : null)];
};

const unique: ShapeRule = (context) => {
  const input = context.tensor(0);
  const axis = context.attributes.int('axis');
  const dtype = input?.dtype ?? 'undefined';
  const rank = input?.shape?.length ?? 0;
  const at = axis === undefined ? undefined : normalizeAxis(axis, rank);
  const values: Shape | null = axis === undefined ? [null] : (input?.shape?.map((dim, i) => (i === at ? null : dim)) ?? null);
  const index = tensorFact('int64', [null]);
  const all =
    axis === undefined ? productOf(input?.shape ?? [null]) : at === null || at === undefined ? null : (input?.shape?.[at] ?? null);
  return [tensorFact(dtype, values), index, tensorFact('int64', [all]), index];
};

/** `k` of the extent along an axis (version 1 as an attribute), and their indices. */
const topK: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN, tensorFact('int64', null)];
  const { shape, dtype } = input;
  if (!shape) return [tensorFact(dtype, null), tensorFact('int64', null)];
  const axis = normalizeAxis(context.attributes.int('axis', -1), shape.length);
  if (axis === null) {
    context.report('axis', `axis ${context.attributes.int('axis', -1)} is out of range for rank ${shape.length}.`);
    return [tensorFact(dtype, unknownShape(shape.length)), tensorFact('int64', unknownShape(shape.length))];
  }
  const k = context.opset < 10 ? (context.attributes.int('k') ?? null) : (context.tensor(1)?.data?.[0] ?? null);
  const result = shape.map((dim, at) => (at === axis ? k : dim));
  return [tensorFact(dtype, result), tensorFact('int64', result)];
};

/** Comparisons of a selection: one per input element. */
const selectionCost: CostRule = (context) => {
  const count = elements(context.inputs[0] ?? null);
  return count === null ? null : flopsOnly(count, `${count} input elements * 1 FLOP`);
};

/** Picking elements by index or condition, and putting them back. */
export const GATHERS: readonly Operator[] = meaning.means(
  {
    Gather: meaning.move('gather', { settings: [1] }, 'picks'),
    GatherElements: meaning.move('gatherElements', { settings: [1] }, 'picks'),
    GatherND: meaning.move('gatherEntries', { settings: [1] }, 'picks'),
    ScatterElements: meaning.move('scatter', { settings: [1], buffers: [0, 2] }),
    Scatter: meaning.move('scatter', { settings: [1], buffers: [0, 2] }),
    ScatterND: meaning.move('scatter', { settings: [1], buffers: [0, 2] }),
    TensorScatter: meaning.move('scatter'),
    OneHot: meaning.move('oneHot', { settings: 'all' }),
    Compress: meaning.move('compress', { settings: [1] }),
    NonZero: meaning.move('nonZero'),
    TopK: meaning.other({ settings: [1] }),
  },
  [
    operator('Gather', 1, gather, noArithmetic),
    operator('GatherElements', 11, gatherElements, noArithmetic),
    operator('GatherND', 11, gatherND, noArithmetic),
    ...operators(['Scatter', 'ScatterElements', 'ScatterND', 'TensorScatter'], 9, sameAsFirst, scatterCost),
    operator('OneHot', 9, oneHot, noArithmetic),
    operator('Compress', 9, compress, noArithmetic),
    operator('NonZero', 9, nonZero, noArithmetic),
    operator('Unique', 11, unique, selectionCost),
    operator('TopK', 1, topK, selectionCost),
  ],
);
