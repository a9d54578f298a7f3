import { type Dim, type DType, elementCount, isFloating, isStatic, type Shape } from '../../model';
import type { KnownData, TensorFact } from '../rule';
import { stridesOf } from './shapes';

/** Evaluation of small tensors whose elements are known, so that shape arithmetic in the graph becomes numbers. */

const RANGES: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  bool: [0, 1],
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** True for the integer types and bool. */
export function isIntegral(dtype: DType): boolean {
  return RANGES[dtype] !== undefined;
}

/** A computed element as the dtype holds it: 64-bit integers clamp, other integers that overflow are unknown. */
export function represent(dtype: DType, value: Dim): Dim {
  if (typeof value !== 'number') return isFloating(dtype) ? null : value;
  const range = RANGES[dtype];
  if (!range) return dtype === 'float32' ? Math.fround(value) : value;
  if (Number.isNaN(value)) return null;
  const [low, high] = range;
  if (dtype === 'int64' || dtype === 'uint64') return Math.min(Math.max(value, low), high);
  return value < low || value > high ? null : value;
}

/** Integer tensors that decide shapes are short; longer ones that are computed with are index tables. */
const MAX_INTEGRAL_ELEMENTS = 1024;
/** Floating tensors that decide shapes are scales of a few axes; longer ones are weights and masks. */
const MAX_FLOATING_ELEMENTS = 256;

/** Whether a tensor of so many elements is worth evaluating. */
export function isWorthKnowing(dtype: DType, count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= (isIntegral(dtype) ? MAX_INTEGRAL_ELEMENTS : MAX_FLOATING_ELEMENTS);
}

/** Elements of `data`, of shape `from`, broadcast to `shape`. */
function broadcastData(data: KnownData, from: readonly number[], shape: readonly number[], count: number): KnownData | null {
  if (data.length === count) return data;
  if (data.length === 1) return new Array<Dim>(count).fill(data[0] ?? null);
  if (from.length > shape.length) return null;
  const outer = shape.length - from.length;
  const strides = stridesOf(from);
  const result = new Array<Dim>(count);
  const index = new Array<number>(shape.length).fill(0);
  for (let at = 0; at < count; at++) {
    let position = 0;
    for (let axis = outer; axis < shape.length; axis++) {
      if (from[axis - outer] !== 1) position += (index[axis] ?? 0) * (strides[axis - outer] ?? 0);
    }
    result[at] = data[position] ?? null;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
    }
  }
  return result;
}

/**
 * Applies `compute` to every element of `shape`, inputs broadcast; `null`
 * unless all data are known. `compute` gets the same array every time.
 */
export function evaluateElementwise(
  inputs: readonly (TensorFact | null)[],
  shape: Shape | null,
  dtype: DType,
  compute: (elements: readonly Dim[]) => Dim,
): KnownData | null {
  for (const input of inputs) if (!input?.data) return null;
  if (shape === null || !isStatic(shape)) return null;
  const count = elementCount(shape);
  if (count === null || !isWorthKnowing(dtype, count)) return null;
  const sources: KnownData[] = [];
  for (const input of inputs) {
    if (!input?.data || !input.shape || !isStatic(input.shape)) return null;
    const data = broadcastData(input.data, input.shape, shape, count);
    if (!data) return null;
    sources.push(data);
  }
  const result = new Array<Dim>(count);
  const elements = new Array<Dim>(sources.length).fill(null);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < sources.length; j++) elements[j] = sources[j]?.[i] ?? null;
    result[i] = represent(dtype, compute(elements));
  }
  return result;
}

/** The data of a tensor shape (`Shape`'s output) and others of one dimension. */
export function vector(dtype: DType, data: KnownData): TensorFact {
  return { kind: 'tensor', dtype, shape: [data.length], data };
}
