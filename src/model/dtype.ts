/**
 * ONNX's element types in the order of its numbers for them (onnx.proto, `TensorProto.DataType`), named as it names
 * them, in lower case.
 */
export const ONNX_DTYPES = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
  'uint2',
  'int2',
  'float6e2m3',
  'float6e3m2',
] as const;

/**
 * Element types of tensors: ONNX's, and those that other frameworks store besides. Quantised types are the integers
 * that a scale and a zero point beside them give a meaning (PyTorch `torch.quint8` and its kin); `bool1` packs eight
 * truth values in a byte, the first in the lowest bit.
 */
export const DTYPES = [...ONNX_DTYPES, 'complex32', 'bool1', 'qint8', 'quint8', 'qint32', 'quint4', 'quint2'] as const;

/** The name of an element type. */
export type DType = (typeof DTYPES)[number];

const BITS: Readonly<Record<DType, number>> = {
  undefined: 0,
  float32: 32,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  int32: 32,
  int64: 64,
  string: 0,
  bool: 8,
  float16: 16,
  float64: 64,
  uint32: 32,
  uint64: 64,
  complex64: 64,
  complex128: 128,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
  float8e8m0: 8,
  uint2: 2,
  int2: 2,
  float6e2m3: 6,
  float6e3m2: 6,
  complex32: 32,
  bool1: 1,
  qint8: 8,
  quint8: 8,
  qint32: 32,
  quint4: 4,
  quint2: 2,
};

/** Bits one element occupies when packed; 0 for strings and undefined, which have no fixed width. */
export function bitsOf(dtype: DType): number {
  return BITS[dtype];
}

/** Bytes that `elements` packed elements occupy, sub-byte types rounded up to a whole byte. */
export function byteLengthOf(dtype: DType, elements: number): number {
  return Math.ceil((elements * BITS[dtype]) / 8);
}

/** True for types that hold real or complex numbers with a fraction (weights are of these, or quantised). */
export function isFloating(dtype: DType): boolean {
  return dtype.includes('float') || dtype.startsWith('complex');
}
