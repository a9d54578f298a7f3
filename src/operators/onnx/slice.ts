import type { Dim, Shape } from '../../model';
import { isStatic } from '../../model';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { addDims, subtractDims } from '../common/dimArithmetic';
import * as meaning from '../common/meanings';
import { knownNumbers, normalizeAxis, stridesOf, tensorFact, unknownShape } from '../common/shapes';
import { type KnownData, MAX_KNOWN_ELEMENTS, type Operator, type ShapeContext, type ShapeRule, type TensorFact, UNKNOWN } from '../rule';

interface Range {
  readonly axis: number;
  readonly start: Dim;
  readonly end: Dim;
  readonly step: number | null;
}

interface Bounds {
  readonly starts: readonly Dim[];
  readonly ends: readonly Dim[];
  readonly axes: readonly number[] | null | undefined;
  readonly steps: readonly number[] | null | undefined;
}

function boundsOf(context: ShapeContext): Bounds | null {
  if (context.opset < 10) {
    const starts = context.attributes.ints('starts');
    const ends = context.attributes.ints('ends');
    return starts && ends ? { starts, ends, axes: context.attributes.ints('axes'), steps: undefined } : null;
  }
  const count = context.tensor(1)?.data?.length ?? context.tensor(2)?.data?.length ?? context.tensor(3)?.data?.length;
  if (count === undefined) return null;
  const unknown = new Array<Dim>(count).fill(null);
  return {
    starts: context.tensor(1)?.data ?? unknown,
    ends: context.tensor(2)?.data ?? unknown,
    axes: context.inputs[3] ? knownNumbers(context.tensor(3)) : undefined,
    steps: context.inputs[4] ? knownNumbers(context.tensor(4)) : undefined,
  };
}

function rangesOf(context: ShapeContext, rank: number): readonly Range[] | null {
  const bounds = boundsOf(context);
  if (!bounds || bounds.axes === null) return null;
  const ranges: Range[] = [];
  for (const [i, start] of bounds.starts.entries()) {
    const axis = normalizeAxis(bounds.axes?.[i] ?? i, rank);
    if (axis === null) {
      context.report('axis', `axis ${bounds.axes?.[i] ?? i} is out of range for rank ${rank}.`);
      return null;
    }
    const step = bounds.steps === undefined ? 1 : (bounds.steps?.[i] ?? null);
    if (step === 0) context.report('slice', `the step along axis ${axis} is 0.`);
    ranges.push({ axis, start, end: bounds.ends[i] ?? null, step: step === 0 ? null : step });
  }
  return ranges;
}

/** First index and number of indices along an axis of extent `dim`. */
function resolve(dim: number, start: number, end: number, step: number): { readonly first: number; readonly count: number } {
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? dim : dim - 1;
  const clamp = (index: number) => Math.min(Math.max(index < 0 ? index + dim : index, low), high);
  const first = clamp(start);
  // An end of INT_MIN on a negative step means "past the first element".
  const last = step < 0 && end < -dim ? -1 : clamp(end);
  return { first, count: Math.max(Math.ceil((last - first) / step), 0) };
}

/** Slices of free extents stay exact where the bounds are: all of it, all but some, or up to another free extent. */
function freeExtent(dim: Dim, range: Range): Dim {
  const { start, end, step } = range;
  if (step === -1 && typeof start === 'number' && start >= Number.MAX_SAFE_INTEGER / 2) return dim;
  if (step !== 1 || dim === null) return null;
  if (start === 0 && (end === dim || (typeof end === 'number' && end >= 2 ** 31 - 1))) return dim;
  if (typeof start === 'number' && start > 0 && typeof end === 'number' && end >= 2 ** 31 - 1) return subtractDims(dim, start);
  if (start === 0 && typeof end === 'number' && end < 0) return addDims(dim, end);
  if (typeof start === 'number' && start < 0 && typeof end === 'number' && end >= 2 ** 31 - 1) return -start;
  if (start === 0 && typeof end === 'string') return end;
  return null;
}

function extentOf(dim: Dim, range: Range): Dim {
  const { start, end, step } = range;
  if (typeof dim === 'number' && typeof start === 'number' && typeof end === 'number' && step !== null) {
    return resolve(dim, start, end, step).count;
  }
  return freeExtent(dim, range);
}

function sliceData(input: TensorFact, ranges: readonly Range[], shape: Shape): KnownData | null {
  if (!input.data || !input.shape || !isStatic(input.shape) || !isStatic(shape)) return null;
  const extents = input.shape;
  const first = new Array<number>(extents.length).fill(0);
  const step = new Array<number>(extents.length).fill(1);
  for (const range of ranges) {
    if (typeof range.start !== 'number' || typeof range.end !== 'number' || range.step === null) return null;
    first[range.axis] = resolve(extents[range.axis] ?? 0, range.start, range.end, range.step).first;
    step[range.axis] = range.step;
  }
  let picked: number[] = [0];
  const strides = stridesOf(extents);
  for (const [axis, count] of shape.entries()) {
    if (picked.length * count > MAX_KNOWN_ELEMENTS) return null;
    const next: number[] = [];
    for (const base of picked) {
      for (let i = 0; i < count; i++) next.push(base + ((first[axis] ?? 0) + i * (step[axis] ?? 1)) * (strides[axis] ?? 1));
    }
    picked = next;
  }
  return picked.map((position) => input.data?.[position] ?? null);
}

const slice: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  if (!input.shape) return [tensorFact(input.dtype, null)];
  const ranges = rangesOf(context, input.shape.length);
  if (!ranges) return [tensorFact(input.dtype, unknownShape(input.shape.length))];
  const shape = [...input.shape];
  for (const range of ranges) shape[range.axis] = extentOf(shape[range.axis] ?? null, range);
  return [tensorFact(input.dtype, shape, sliceData(input, ranges, shape))];
};

/** Slice, with bounds as attributes (version 1) or as inputs (10 on). */
export const SLICES: readonly Operator[] = meaning.means(
  {
    Slice: meaning.move('slice', { settings: [1, 2, 3, 4], carries: [0] }, 'picks'),
  },
  [operator('Slice', 1, slice, noArithmetic)],
);
