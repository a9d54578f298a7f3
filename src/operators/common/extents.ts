import type { Dim, DType, Shape } from '../../model';
import { type Fact, type ShapeContext, type TensorFact, UNKNOWN } from '../rule';
import { contradict } from './shapes';

/** Reading extents of inputs whose shape may be unknown, and checking them against what an operator asks for. */

/** Extent `axis` (negative counts from the end), or `null` where the shape or that extent is unknown. */
export function extent(fact: TensorFact | null, axis: number): Dim {
  if (!fact?.shape) return null;
  return fact.shape[axis < 0 ? axis + fact.shape.length : axis] ?? null;
}

/** Number of extents, or `null` when it is not known. */
export function rankOf(fact: TensorFact | null): number | null {
  return fact?.shape ? fact.shape.length : null;
}

/** True unless the input's rank is known and not among `ranks`, which is reported. */
export function checkRank(context: ShapeContext, index: number, ranks: readonly number[]): boolean {
  const rank = rankOf(context.tensor(index));
  if (rank === null || ranks.includes(rank)) return true;
  context.report('rank', `input ${index} has rank ${rank}, but must have rank ${ranks.join(' or ')}.`);
  return false;
}

/** True unless the input's rank is known and below `least`, which is reported. */
export function checkLeastRank(context: ShapeContext, index: number, least: number): boolean {
  const rank = rankOf(context.tensor(index));
  if (rank === null || rank >= least) return true;
  context.report('rank', `input ${index} has rank ${rank}, but needs at least ${least}.`);
  return false;
}

/** True unless both extents are known and differ, which is reported as `what`. */
export function checkEqual(context: ShapeContext, what: string, a: Dim, b: Dim): boolean {
  if (!contradict(a, b)) return true;
  context.report('extent', `${what} differ (${a} and ${b}).`);
  return false;
}

function possible(dim: Dim): Dim {
  return typeof dim !== 'number' || (Number.isSafeInteger(dim) && dim >= 0) ? dim : null;
}

/** A tensor fact without data; extents that no tensor can have (negative, fractional, past 2^53 - 1) become unknown. */
export function shaped(dtype: DType, shape: Shape | null): TensorFact {
  return { kind: 'tensor', dtype, shape: shape?.some((dim) => possible(dim) !== dim) ? shape.map(possible) : shape };
}

/** The input's element type, or `fallback` where the input is not known. */
export function dtypeOf(fact: TensorFact | null, fallback: DType = 'undefined'): DType {
  return fact?.dtype ?? fallback;
}

/** An output of the same dtype and shape as `fact`, its data not carried along. */
export function like(fact: TensorFact | null): Fact {
  return fact ? shaped(fact.dtype, fact.shape) : UNKNOWN;
}

/** Replaces extents by axis: `with(shape, {1: 64})`. */
export function replaceExtents(shape: Shape, changes: Readonly<Record<number, Dim>>): Shape {
  return shape.map((dim, axis) => (axis in changes ? (changes[axis] ?? null) : dim));
}

/** Exact product of extents, or `null` when one is free, unknown or impossible. */
export function product(dims: readonly Dim[]): bigint | null {
  let result = 1n;
  for (const dim of dims) {
    if (typeof dim !== 'number' || !Number.isInteger(dim) || dim < 0) return null;
    result *= BigInt(dim);
  }
  return result;
}
