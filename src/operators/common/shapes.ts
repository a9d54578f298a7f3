import type { Dim, DType, Shape } from '../../model';
import { type Fact, type KnownData, MAX_KNOWN_ELEMENTS, type ShapeContext, type TensorFact } from '../rule';

/** Helpers that shape rules of every family share. */

/** A tensor fact; data is kept only where it fits the shape and the limit. */
export function tensorFact(dtype: DType, shape: Shape | null, data?: KnownData | null): TensorFact {
  if (!data || data.length > MAX_KNOWN_ELEMENTS) return { kind: 'tensor', dtype, shape };
  return { kind: 'tensor', dtype, shape, data };
}

/** A shape of `rank` extents nobody knows. */
export function unknownShape(rank: number): Shape {
  return new Array<Dim>(rank).fill(null);
}

/** Counts a negative axis from the end; `null` when it is out of range. */
export function normalizeAxis(axis: number, rank: number): number | null {
  const from = axis < 0 ? axis + rank : axis;
  return Number.isInteger(from) && from >= 0 && from < rank ? from : null;
}

/** Normalises every axis; `null` when one is out of range. */
export function normalizeAxes(axes: readonly number[], rank: number): readonly number[] | null {
  const result: number[] = [];
  for (const axis of axes) {
    const normal = normalizeAxis(axis, rank);
    if (normal === null) return null;
    result.push(normal);
  }
  return result;
}

/** True when the two extents cannot be the same at run time. */
export function contradict(a: Dim, b: Dim): boolean {
  return typeof a === 'number' && typeof b === 'number' && a !== b;
}

/** What is known when two extents must be equal: a number before a name before nothing. */
export function unifyDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number') return a;
  if (typeof b === 'number') return b;
  return a ?? b;
}

/** Unifies shapes that must be equal. `null` where they contradict (rank or extent). */
export function unifyShapes(a: Shape | null, b: Shape | null): Shape | null {
  if (a === null) return b;
  if (b === null) return a;
  if (a.length !== b.length) return null;
  const result: Dim[] = [];
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? null;
    const y = b[i] ?? null;
    if (contradict(x, y)) return null;
    result.push(unifyDims(x, y));
  }
  return result;
}

/** What holds of both: extents that differ become unknown (the branches of an If). */
export function mergeShapes(a: Shape | null, b: Shape | null): Shape | null {
  if (a === null || b === null || a.length !== b.length) return null;
  return a.map((dim, i) => (dim === b[i] ? dim : null));
}

/** One extent of a broadcast; `undefined` when the two do not fit. */
export function broadcastDim(a: Dim, b: Dim): Dim | undefined {
  if (a === b) return a;
  if (a === 1) return b;
  if (b === 1) return a;
  if (typeof a === 'number' && typeof b === 'number') return undefined;
  // A number other than 1 decides: a free extent must equal it or be 1.
  if (typeof a === 'number') return a;
  if (typeof b === 'number') return b;
  return null;
}

/**
 * Multidirectional (NumPy) broadcasting. `undefined` when the shapes do not
 * fit, `null` when a rank is not known.
 */
export function broadcast(shapes: readonly (Shape | null)[]): Shape | null | undefined {
  let rank = 0;
  for (const shape of shapes) {
    if (shape === null) return null;
    rank = Math.max(rank, shape.length);
  }
  const result = new Array<Dim>(rank).fill(1);
  for (const shape of shapes) {
    if (shape === null) return null;
    const offset = rank - shape.length;
    for (let i = 0; i < shape.length; i++) {
      const dim = broadcastDim(result[offset + i] ?? null, shape[i] ?? null);
      if (dim === undefined) return undefined;
      result[offset + i] = dim;
    }
  }
  return result;
}

/** `broadcast`, with a finding on the node when the shapes do not fit. */
export function broadcastOrReport(context: ShapeContext, shapes: readonly (Shape | null)[]): Shape | null {
  const shape = broadcast(shapes);
  if (shape !== undefined) return shape;
  const list = shapes.map((one) => `[${(one ?? []).map((dim) => dim ?? '?').join(', ')}]`).join(' and ');
  context.report('broadcast', `shapes ${list} do not broadcast.`);
  return null;
}

/** Row-major strides, in elements, of a static shape. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] ?? 1) * (shape[i + 1] ?? 1);
  return strides;
}

/** The shape rule of an operator whose output has its first input's dtype and shape (no data). */
export function sameAsFirst(context: ShapeContext): readonly Fact[] {
  const input = context.tensor(0);
  return [input ? { kind: 'tensor', dtype: input.dtype, shape: input.shape } : { kind: 'unknown' }];
}

/** The data of an input as integers or floats, when every element is known as a number. */
export function knownNumbers(fact: TensorFact | null): readonly number[] | null {
  if (!fact?.data) return null;
  const numbers: number[] = [];
  for (const element of fact.data) {
    if (typeof element !== 'number') return null;
    numbers.push(element);
  }
  return numbers;
}

/** A scalar (or one-element) input's value, when known as a number. */
export function knownScalar(fact: TensorFact | null): number | null {
  const [only] = fact?.data?.length === 1 ? fact.data : [];
  return typeof only === 'number' ? only : null;
}

/**
 * The number of elements of a one-dimensional input, which is the rank of what
 * it describes (Reshape's target, Pad's pads): by its data, else by its shape.
 */
export function knownLength(fact: TensorFact | null): number | null {
  if (fact?.data) return fact.data.length;
  const extent = fact?.shape?.length === 1 ? fact.shape[0] : null;
  return typeof extent === 'number' && extent >= 0 && extent <= MAX_KNOWN_ELEMENTS ? extent : null;
}
