import type { DType } from '../../model';

/** How PyTorch's elements of a type are stored. */
export interface TorchType {
  readonly dtype: DType;
  /** Bytes of what PyTorch counts as one element. */
  readonly bytes: number;
  /** Elements of `dtype` in one of PyTorch's: two in `float4_e2m1fn_x2`. */
  readonly packed: number;
}

const PLAIN: Readonly<Record<string, DType>> = {
  float64: 'float64',
  double: 'float64',
  float32: 'float32',
  float: 'float32',
  float16: 'float16',
  half: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  long: 'int64',
  int32: 'int32',
  int: 'int32',
  int16: 'int16',
  short: 'int16',
  int8: 'int8',
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
  uint64: 'uint64',
  bool: 'bool',
  complex32: 'complex32',
  chalf: 'complex32',
  complex64: 'complex64',
  cfloat: 'complex64',
  complex128: 'complex128',
  cdouble: 'complex128',
  float8_e4m3fn: 'float8e4m3fn',
  float8_e4m3fnuz: 'float8e4m3fnuz',
  float8_e5m2: 'float8e5m2',
  float8_e5m2fnuz: 'float8e5m2fnuz',
  float8_e8m0fnu: 'float8e8m0',
  qint8: 'qint8',
  quint8: 'quint8',
  qint32: 'qint32',
  bits8: 'uint8',
  bits16: 'uint16',
};

const BYTES: ReadonlyMap<DType, number> = new Map([
  ['float64', 8],
  ['int64', 8],
  ['uint64', 8],
  ['complex64', 8],
  ['complex128', 16],
  ['float32', 4],
  ['int32', 4],
  ['uint32', 4],
  ['qint32', 4],
  ['complex32', 4],
  ['float16', 2],
  ['bfloat16', 2],
  ['int16', 2],
  ['uint16', 2],
]);

/** Types whose elements are several of another in one byte or more. */
const PACKED: Readonly<Record<string, TorchType>> = {
  float4_e2m1fn_x2: { dtype: 'float4e2m1', bytes: 1, packed: 2 },
  bits1x8: { dtype: 'bool1', bytes: 1, packed: 8 },
  bits2x4: { dtype: 'uint2', bytes: 1, packed: 4 },
  bits4x2: { dtype: 'uint4', bytes: 1, packed: 2 },
  bcomplex32: { dtype: 'bfloat16', bytes: 4, packed: 2 },
};

/** Names of storage classes by their element type. */
const STORAGES: Readonly<Record<string, string>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  ComplexDoubleStorage: 'complex128',
  ComplexFloatStorage: 'complex64',
  QInt8Storage: 'qint8',
  QInt32Storage: 'qint32',
  QUInt8Storage: 'quint8',
  QUInt4x2Storage: 'quint4x2',
  QUInt2x4Storage: 'quint2x4',
  UntypedStorage: 'uint8',
  _UntypedStorage: 'uint8',
};

/** The type that `torch.NAME` is; `null` for one that is not known. Shell types of odd widths take a byte each. */
export function torchType(name: string): TorchType | null {
  if (Object.hasOwn(PLAIN, name)) {
    const dtype = PLAIN[name] ?? 'uint8';
    return { dtype, bytes: BYTES.get(dtype) ?? 1, packed: 1 };
  }
  if (Object.hasOwn(PACKED, name)) return PACKED[name] ?? null;
  // Quantised elements of parts of a byte: the tensor counts elements, several of which share a byte.
  if (name === 'quint4x2') return { dtype: 'quint4', bytes: 0.5, packed: 1 };
  if (name === 'quint2x4') return { dtype: 'quint2', bytes: 0.25, packed: 1 };
  if (/^u?int[1-7]$/.test(name)) return { dtype: name.startsWith('u') ? 'uint8' : 'int8', bytes: 1, packed: 1 };
  return null;
}

/** The element type of a storage class, by the class's full name; `null` for none that is known. */
export function storageType(path: string): TorchType | null {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const type = Object.hasOwn(STORAGES, name) ? STORAGES[name] : undefined;
  return type === undefined ? null : torchType(type);
}
