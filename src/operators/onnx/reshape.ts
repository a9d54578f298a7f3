import { type Dim, isStatic, type Shape } from '../../model';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { divideExactly, multiplyDims, productOf } from '../common/dimArithmetic';
import { evaluateElementwise, vector } from '../common/evaluate';
import * as meaning from '../common/meanings';
import { broadcastOrReport, knownLength, knownNumbers, normalizeAxes, normalizeAxis, tensorFact, unknownShape } from '../common/shapes';
import { MAX_KNOWN_ELEMENTS, type Operator, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';

function clampIndex(index: number, rank: number): number {
  return Math.min(Math.max(index < 0 ? index + rank : index, 0), rank);
}

const shapeOf: ShapeRule = (context) => {
  const shape = context.tensor(0)?.shape;
  if (!shape) return [tensorFact('int64', [null])];
  const start = clampIndex(context.attributes.int('start', 0), shape.length);
  const end = clampIndex(context.attributes.int('end', shape.length), shape.length);
  return [vector('int64', shape.slice(start, end))];
};

const size: ShapeRule = (context) => {
  const shape = context.tensor(0)?.shape;
  return [tensorFact('int64', [], shape ? [productOf(shape)] : null)];
};

/** The extent that -1 stands for: all elements over the others. Names that are on both sides cancel. */
function restExtent(input: Shape | null, target: readonly Dim[], hole: number): Dim {
  if (!input) return null;
  let all: Dim = 1;
  const left = [...input];
  let others: Dim = 1;
  for (const [axis, dim] of target.entries()) {
    if (axis === hole) continue;
    const twin = typeof dim === 'string' ? left.indexOf(dim) : -1;
    if (twin >= 0) left.splice(twin, 1);
    else others = multiplyDims(others, dim);
  }
  for (const dim of left) all = multiplyDims(all, dim);
  if (others === 0) return 0;
  return divideExactly(all, others);
}

function reshaped(context: ShapeContext, input: Shape | null, target: readonly Dim[], keepZero: boolean): Shape | null {
  const dims = target.map((dim, axis): Dim => (dim === 0 && !keepZero ? (input?.[axis] ?? null) : dim));
  const hole = dims.indexOf(-1);
  if (dims.some((dim, axis) => typeof dim === 'number' && dim < 0 && axis !== hole)) {
    context.report('reshape', `the target [${target.join(', ')}] has more than one extent to infer.`);
    return unknownShape(dims.length);
  }
  if (hole >= 0) dims[hole] = restExtent(input, dims, hole);
  if (input && isStatic(input) && hole >= 0 && isStatic(dims.filter((_, axis) => axis !== hole)) && dims[hole] === null) {
    context.report('reshape', `[${input.join(', ')}] does not divide into [${target.join(', ')}].`);
  }
  return settle(context, input, dims);
}

/** With every extent known but one, the element count decides that one; with all known, it must agree. */
function settle(context: ShapeContext, input: Shape | null, dims: Dim[]): Shape {
  if (!input || !isStatic(input)) return dims;
  const open = dims.flatMap((dim, axis) => (typeof dim === 'number' ? [] : [axis]));
  const [only] = open;
  if (open.length === 1 && only !== undefined && dims[only] === null) dims[only] = restExtent(input, dims, only);
  if (open.length === 0 && isStatic(dims)) {
    const before = productOf(input);
    const after = productOf(dims);
    if (before !== after && before !== null && after !== null) {
      context.report('reshape', `[${input.join(', ')}] has ${before} elements, the target [${dims.join(', ')}] has ${after}.`);
    }
  }
  return dims;
}

const reshape: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  const attribute = context.opset < 5 ? context.attributes.ints('shape') : undefined;
  const target = attribute ?? context.tensor(1)?.data;
  if (!target) {
    const rank = knownLength(context.tensor(1));
    return [tensorFact(input.dtype, rank === null ? null : unknownShape(rank))];
  }
  const keepZero = context.attributes.int('allowzero', 0) === 1;
  return [tensorFact(input.dtype, reshaped(context, input.shape, target, keepZero), input.data)];
};

/** Axes from the second input (version 13 on) or the attribute; `undefined` when there are none, `null` when not known. */
function axesOf(context: ShapeContext): readonly number[] | undefined | null {
  if (context.opset < 13) return context.attributes.ints('axes');
  if (context.inputs[1] === undefined || context.inputs[1] === null) return context.attributes.ints('axes');
  return knownNumbers(context.tensor(1));
}

const squeeze: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  const { shape } = input;
  const axes = axesOf(context);
  if (!shape) return [tensorFact(input.dtype, null, input.data)];
  if (axes === null) {
    const count = knownLength(context.tensor(1));
    return [tensorFact(input.dtype, count === null ? null : unknownShape(Math.max(shape.length - count, 0)), input.data)];
  }
  // ONNX Runtime takes an empty list of axes for none given.
  if (axes === undefined || axes.length === 0) {
    if (shape.some((dim) => typeof dim !== 'number')) return [tensorFact(input.dtype, null, input.data)];
    return [
      tensorFact(
        input.dtype,
        shape.filter((dim) => dim !== 1),
        input.data,
      ),
    ];
  }
  const normal = normalizeAxes(axes, shape.length);
  if (!normal) {
    context.report('axis', `axes [${axes.join(', ')}] are out of range for rank ${shape.length}.`);
    return [tensorFact(input.dtype, null)];
  }
  const wrong = normal.find((axis) => typeof shape[axis] === 'number' && shape[axis] !== 1);
  if (wrong !== undefined) context.report('squeeze', `axis ${wrong} has extent ${shape[wrong]}, and only 1 can be squeezed.`);
  return [
    tensorFact(
      input.dtype,
      shape.filter((_, axis) => !normal.includes(axis)),
      input.data,
    ),
  ];
};

const unsqueeze: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  const axes = axesOf(context);
  if (!input.shape || !axes) {
    const count = knownLength(context.tensor(1));
    const rank = input.shape && axes === null && count !== null ? input.shape.length + count : null;
    return [tensorFact(input.dtype, rank === null ? null : unknownShape(rank), input.data)];
  }
  const rank = input.shape.length + axes.length;
  const normal = normalizeAxes(axes, rank);
  if (!normal || new Set(normal).size !== normal.length) {
    context.report('axis', `axes [${axes.join(', ')}] are out of range or repeat for rank ${rank}.`);
    return [tensorFact(input.dtype, null)];
  }
  const shape: Dim[] = [];
  const rest = [...input.shape];
  for (let axis = 0; axis < rank; axis++) shape.push(normal.includes(axis) ? 1 : (rest.shift() ?? null));
  return [tensorFact(input.dtype, shape, input.data)];
};

const flatten: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  if (!input.shape) return [tensorFact(input.dtype, unknownShape(2))];
  const axis = context.attributes.int('axis', 1);
  const rank = input.shape.length;
  const at = axis === rank ? rank : normalizeAxis(axis, rank);
  if (at === null) {
    context.report('axis', `axis ${axis} is out of range for rank ${rank}.`);
    return [tensorFact(input.dtype, unknownShape(2))];
  }
  return [tensorFact(input.dtype, [productOf(input.shape.slice(0, at)), productOf(input.shape.slice(at))], input.data)];
};

/** Of any kind of value: the very same fact, data and all. */
const identity: ShapeRule = (context) => [context.inputs[0] ?? UNKNOWN];

const expand: ShapeRule = (context) => {
  const input = context.tensor(0);
  const target = context.tensor(1);
  if (!input) return [UNKNOWN];
  if (!target?.data) {
    const rank = knownLength(target);
    const both = rank === null || !input.shape ? null : Math.max(rank, input.shape.length);
    return [tensorFact(input.dtype, both === null ? null : unknownShape(both))];
  }
  const shape = broadcastOrReport(context, [input.shape, target.data]);
  return [
    tensorFact(
      input.dtype,
      shape,
      evaluateElementwise([input], shape, input.dtype, ([x]) => x ?? null),
    ),
  ];
};

const tile: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  if (!input.shape) return [tensorFact(input.dtype, null)];
  const repeats = context.tensor(1)?.data;
  if (context.opset < 6 || repeats?.length !== input.shape.length) return [tensorFact(input.dtype, unknownShape(input.shape.length))];
  const shape = input.shape.map((dim, axis) => multiplyDims(dim, repeats[axis] ?? null));
  const [extent] = shape;
  const short = shape.length === 1 && input.data && typeof extent === 'number' && extent <= MAX_KNOWN_ELEMENTS;
  const data = short && input.data ? Array.from({ length: extent }, (_, i) => input.data?.[i % (input.data.length || 1)] ?? null) : null;
  return [tensorFact(input.dtype, shape, data)];
};

/** Operators that describe or reinterpret a shape: no arithmetic. */
export const RESHAPES: readonly Operator[] = meaning.means(
  {
    Shape: meaning.move('shape', {}, 'reads extents'),
    Size: meaning.move('size', {}, 'reads extents'),
    Reshape: meaning.pass('reshape', { settings: [1], carries: [0] }, 'view'),
    Squeeze: meaning.pass('squeeze', { settings: [1], carries: [0] }, 'view'),
    Unsqueeze: meaning.pass('unsqueeze', { settings: [1], carries: [0] }, 'view'),
    Flatten: meaning.pass('flatten', { carries: [0] }, 'view'),
    Identity: meaning.pass('identity', { carries: [0] }, 'view'),
    Expand: meaning.move('expand', { settings: [1], carries: [0] }),
    Tile: meaning.move('tile', { settings: [1], carries: [0] }),
  },
  [
    operator('Shape', 1, shapeOf, noArithmetic),
    operator('Size', 1, size, noArithmetic),
    operator('Reshape', 1, reshape, noArithmetic),
    operator('Squeeze', 1, squeeze, noArithmetic),
    operator('Unsqueeze', 1, unsqueeze, noArithmetic),
    operator('Flatten', 1, flatten, noArithmetic),
    operator('Identity', 1, identity, noArithmetic),
    operator('Expand', 8, expand, noArithmetic),
    operator('Tile', 1, tile, noArithmetic),
  ],
);
