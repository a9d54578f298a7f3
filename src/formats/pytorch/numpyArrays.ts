import { LIMITS } from '../../bytes';
import { byteLengthOf, type DType, elementCount, type TensorStorage } from '../../model';
import { itemsOf, PyBytes, PyObject, type PyValue } from '../pickle';
import { swapped } from '../values/swap';
import { extents } from './extents';
import type { Found } from './found';
import type { Places } from './storages';

/** NumPy's kinds and widths as element types. */
const TYPES: Readonly<Record<string, DType>> = {
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
  c16: 'complex128',
};

/** An element type of NumPy. */
export interface NumpyType {
  readonly dtype: DType;
  readonly bigEndian: boolean;
}

/** `numpy.dtype('f4', ...)` with its byte order in its state; `null` for types without numbers. */
export function numpyType(value: PyValue | undefined): NumpyType | null {
  if (!(value instanceof PyObject) || value.type !== 'numpy.dtype') return null;
  const [name] = value.args;
  const code = typeof name === 'string' ? name.replace(/^[<>=|]/, '') : '';
  const order = itemsOf(value.state)?.[1];
  const dtype = Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  return dtype === undefined ? null : { dtype, bigEndian: order === '>' };
}

/**
 * An array as NumPy pickles it: `_reconstruct` given (version, shape, dtype, is_fortran, bytes), or protocol 5's
 * `_frombuffer(bytes, dtype, shape, order)`; `null` for anything else.
 */
export function numpyTensor({ type, args, state }: PyObject, places: Places): Found | null {
  if (/^numpy\.(?:core|_core)\.multiarray\._reconstruct$/.test(type)) {
    const [, shape, dtype, fortran, bytes] = itemsOf(state) ?? [];
    return arrayOf(places, bytes, dtype, shape, fortran === true);
  }
  if (/^numpy\.(?:core|_core)\.numeric\._frombuffer$/.test(type)) {
    const [bytes, dtype, shape, order] = args;
    return arrayOf(places, bytes, dtype, shape, order === 'F');
  }
  return null;
}

function arrayOf(
  places: Places,
  bytes: PyValue | undefined,
  type: PyValue | undefined,
  size: PyValue | undefined,
  fortran: boolean,
): Found | null {
  const element = numpyType(type);
  const shape = extents(size);
  if (!element || !shape || !(bytes instanceof PyBytes)) return null;
  const { dtype } = element;
  const elements = elementCount(shape);
  if (elements === null || byteLengthOf(dtype, elements) !== bytes.length) {
    const reason = `The file is damaged: an array of shape [${shape.join(', ')}] has ${bytes.length} bytes.`;
    return { tensor: { dtype, shape, storage: { kind: 'missing', reason } }, shares: null };
  }
  return { tensor: { dtype, shape, storage: storageOf(places, bytes, element, shape, fortran) }, shares: null };
}

function storageOf(
  places: Places,
  bytes: PyBytes,
  { dtype, bigEndian }: NumpyType,
  shape: readonly number[],
  fortran: boolean,
): TensorStorage {
  const column = fortran && shape.length > 1;
  if (bytes.data && (!column || bytes.offset < 0)) {
    if (bytes.length > LIMITS.textArrayBytes)
      return { kind: 'missing', reason: `${bytes.length} bytes written as text are more than are kept.` };
    const data = bigEndian ? swapped(bytes.data, dtype) : bytes.data;
    return { kind: 'inline', data: column ? rowMajor(data, byteLengthOf(dtype, 1), shape) : data };
  }
  const place = places.bytes(bytes.offset, bytes.length);
  if ('missing' in place) return { kind: 'missing', reason: place.missing };
  const order = bigEndian ? ({ bigEndian: true } as const) : {};
  if (!column) return { kind: 'bytes', ...place, ...order };
  return { kind: 'strided', ...place, ...order, start: 0, strides: columnStrides(shape) };
}

/** Elements with the first index fastest, as elements with the last index fastest. */
function rowMajor(data: Uint8Array, width: number, shape: readonly number[]): Uint8Array {
  const turned = new Uint8Array(data.length);
  const strides = columnStrides(shape);
  for (let index = 0; index * width < data.length; index += 1) {
    let rest = index;
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const extent = shape[axis] ?? 1;
      from += (rest % extent) * (strides[axis] ?? 0);
      rest = Math.floor(rest / extent);
    }
    turned.set(data.subarray(from * width, (from + 1) * width), index * width);
  }
  return turned;
}

function columnStrides(shape: readonly number[]): readonly number[] {
  let stride = 1;
  return shape.map((extent) => {
    const own = stride;
    stride *= extent;
    return own;
  });
}
