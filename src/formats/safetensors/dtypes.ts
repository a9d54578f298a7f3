import type { DType } from '../../model';

/** Names of element types in a header (safetensors `Dtype`). */
const DTYPES: ReadonlyMap<string, DType> = new Map([
  ['BOOL', 'bool'],
  ['F4', 'float4e2m1'],
  ['F6_E2M3', 'float6e2m3'],
  ['F6_E3M2', 'float6e3m2'],
  ['U8', 'uint8'],
  ['I8', 'int8'],
  ['F8_E5M2', 'float8e5m2'],
  ['F8_E4M3', 'float8e4m3fn'],
  ['F8_E8M0', 'float8e8m0'],
  ['F8_E4M3FNUZ', 'float8e4m3fnuz'],
  ['F8_E5M2FNUZ', 'float8e5m2fnuz'],
  ['I16', 'int16'],
  ['U16', 'uint16'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I32', 'int32'],
  ['U32', 'uint32'],
  ['F32', 'float32'],
  ['C64', 'complex64'],
  ['F64', 'float64'],
  ['I64', 'int64'],
  ['U64', 'uint64'],
]);

/** The element type that a header names; `undefined` where it names none that is known. */
export function dtypeOf(name: unknown): DType | undefined {
  return typeof name === 'string' ? DTYPES.get(name) : undefined;
}

const NAMES: ReadonlyMap<DType, string> = new Map([...DTYPES].map(([name, dtype]) => [dtype, name]));

/** The name of an element type in a header; `undefined` for one that has none. */
export function nameOfDtype(dtype: DType): string | undefined {
  return NAMES.get(dtype);
}
