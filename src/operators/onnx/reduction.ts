import type { Dim, Shape } from '../../model';
import { elements, flopsOnly, formatProduct } from '../common/costs';
import { operator, operators } from '../common/define';
import { addDims, multiplyDims } from '../common/dimArithmetic';
import * as meaning from '../common/meanings';
import { knownLength, knownNumbers, normalizeAxes, normalizeAxis, sameAsFirst, tensorFact, unknownShape } from '../common/shapes';
import { type CostRule, type KnownData, type Operator, type ShapeContext, type ShapeRule, type TensorFact, UNKNOWN } from '../rule';

type Fold = (a: Dim, b: Dim) => Dim;

function pick(choose: (a: number, b: number) => number): Fold {
  return (a, b) => (typeof a === 'number' && typeof b === 'number' ? choose(a, b) : null);
}

/** FLOPs per input element, and how known data fold. */
const REDUCTIONS: Readonly<Record<string, { readonly flops: number; readonly fold?: Fold }>> = {
  ReduceL1: { flops: 2 },
  ReduceL2: { flops: 2 },
  ReduceLogSum: { flops: 1 },
  ReduceLogSumExp: { flops: 2 },
  ReduceMax: { flops: 1, fold: pick(Math.max) },
  ReduceMean: { flops: 1 },
  ReduceMin: { flops: 1, fold: pick(Math.min) },
  ReduceProd: { flops: 1, fold: multiplyNumbers },
  ReduceSum: { flops: 1, fold: addNumbers },
  ReduceSumSquare: { flops: 2 },
};

function multiplyNumbers(a: Dim, b: Dim): Dim {
  return typeof a === 'number' && typeof b === 'number' ? a * b : multiplyDims(a, b);
}

function addNumbers(a: Dim, b: Dim): Dim {
  return typeof a === 'number' && typeof b === 'number' ? a + b : addDims(a, b);
}

/** The axes: an input from the version on that made them one (13 for ReduceSum, 18 for the rest), else an attribute. */
function axesOf(context: ShapeContext): { readonly axes: readonly number[] | null | undefined; readonly count: number | null } {
  if (context.inputs[1]) {
    const input = context.tensor(1);
    return { axes: knownNumbers(input), count: knownLength(input) };
  }
  return { axes: context.attributes.ints('axes'), count: null };
}

function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  if (keep) return shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** Data of a reduction over everything; partial ones of small tensors carry nothing exporters need. */
function foldAll(input: TensorFact, axes: readonly number[], fold: Fold | undefined): KnownData | null {
  if (!fold || !input.data || input.data.length === 0 || axes.length !== input.shape?.length) return null;
  return [input.data.reduce(fold)];
}

function reduce(op: string): ShapeRule {
  const fold = REDUCTIONS[op]?.fold;
  return (context) => {
    const input = context.tensor(0);
    if (!input) return [UNKNOWN];
    if (!input.shape) return [tensorFact(input.dtype, null)];
    const keep = context.attributes.int('keepdims', 1) === 1;
    const rank = input.shape.length;
    const { axes, count } = axesOf(context);
    if (axes === null) {
      const kept = keep ? rank : count === null || count === 0 ? null : Math.max(rank - count, 0);
      return [tensorFact(input.dtype, kept === null ? null : unknownShape(kept))];
    }
    const none = axes === undefined || axes.length === 0;
    if (none && context.attributes.int('noop_with_empty_axes', 0) === 1) return [input];
    const normal = none ? input.shape.map((_, axis) => axis) : normalizeAxes(axes, rank);
    if (!normal) {
      context.report('axis', `axes [${axes?.join(', ')}] are out of range for rank ${rank}.`);
      return [tensorFact(input.dtype, keep ? unknownShape(rank) : null)];
    }
    return [tensorFact(input.dtype, reducedShape(input.shape, normal, keep), foldAll(input, normal, fold))];
  };
}

function perInput(flops: number): CostRule {
  return (context) => {
    const input = context.tensor(0);
    const count = elements(input);
    if (count === null || !input?.shape) return null;
    return flopsOnly(count * BigInt(flops), `${formatProduct(input.shape)} input elements * ${flops} FLOPs`);
  };
}

const argExtremum: ShapeRule = (context) => {
  const shape = context.tensor(0)?.shape;
  if (!shape) return [tensorFact('int64', null)];
  const keep = context.attributes.int('keepdims', 1) === 1;
  const axis = normalizeAxis(context.attributes.int('axis', 0), shape.length);
  if (axis === null) {
    context.report('axis', `axis ${context.attributes.int('axis', 0)} is out of range for rank ${shape.length}.`);
    return [tensorFact('int64', keep ? unknownShape(shape.length) : null)];
  }
  return [tensorFact('int64', reducedShape(shape, [axis], keep))];
};

/** Reductions over axes, and running ones. */
export const REDUCTION: readonly Operator[] = meaning.means(
  {
    ReduceL1: meaning.reduce('reduceL1'),
    ReduceL2: meaning.reduce('reduceL2'),
    ReduceLogSum: meaning.reduce('reduceLogSum'),
    ReduceLogSumExp: meaning.reduce('reduceLogSumExp'),
    ReduceMax: meaning.reduce('reduceMax'),
    ReduceMean: meaning.reduce('reduceMean'),
    ReduceMin: meaning.reduce('reduceMin'),
    ReduceProd: meaning.reduce('reduceProduct'),
    ReduceSum: meaning.reduce('reduceSum'),
    ReduceSumSquare: meaning.reduce('reduceSumSquare'),
  },
  [
    ...Object.entries(REDUCTIONS).map(([op, { flops }]) => operator(op, 1, reduce(op), perInput(flops))),
    ...operators(['ArgMax', 'ArgMin'], 1, argExtremum, perInput(1)),
    ...operators(['CumSum', 'CumProd'], 11, sameAsFirst, perInput(1)),
  ],
);
