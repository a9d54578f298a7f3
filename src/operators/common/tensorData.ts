import type { DType, Tensor } from '../../model';
import { type KnownData, MAX_KNOWN_ELEMENTS } from '../rule';

type Reader = (view: DataView, index: number) => number;

/** A 64-bit integer of these halves, clamped to what a number holds exactly; without a bigint, since shapes are full of them. */
function clampWide(high: number, low: number): number {
  return Math.min(Math.max(high * 2 ** 32 + low, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function bfloat16(view: DataView, index: number): number {
  const word = new DataView(new ArrayBuffer(4));
  word.setUint16(2, view.getUint16(2 * index, true), true);
  return word.getFloat32(0, true);
}

const READERS: Readonly<Partial<Record<DType, Reader>>> = {
  float32: (view, i) => view.getFloat32(4 * i, true),
  float64: (view, i) => view.getFloat64(8 * i, true),
  float16: (view, i) => half(view.getUint16(2 * i, true)),
  bfloat16,
  bool: (view, i) => (view.getUint8(i) === 0 ? 0 : 1),
  uint8: (view, i) => view.getUint8(i),
  int8: (view, i) => view.getInt8(i),
  uint16: (view, i) => view.getUint16(2 * i, true),
  int16: (view, i) => view.getInt16(2 * i, true),
  uint32: (view, i) => view.getUint32(4 * i, true),
  int32: (view, i) => view.getInt32(4 * i, true),
  uint64: (view, i) => clampWide(view.getUint32(8 * i + 4, true), view.getUint32(8 * i, true)),
  int64: (view, i) => clampWide(view.getInt32(8 * i + 4, true), view.getUint32(8 * i, true)),
};

const WIDTH: Readonly<Partial<Record<DType, number>>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
};

/**
 * A small inline tensor's elements, row-major; `null` where they are not at
 * hand (stored elsewhere, strings, sub-byte types), too many, or fewer bytes
 * than the shape needs.
 */
export function decodeTensor(tensor: Tensor): KnownData | null {
  if (tensor.storage.kind !== 'inline') return null;
  const reader = READERS[tensor.dtype];
  const width = WIDTH[tensor.dtype];
  if (!reader || !width) return null;
  let count = 1;
  for (const dim of tensor.shape) count *= dim;
  const { data } = tensor.storage;
  if (!(count >= 0 && count <= MAX_KNOWN_ELEMENTS) || data.byteLength < count * width) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const elements: number[] = [];
  for (let i = 0; i < count; i++) elements.push(reader(view, i));
  return elements;
}
