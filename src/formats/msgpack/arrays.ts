import { bitsOf, type DType, elementCount, type Tensor, type TensorStorage } from '../../model';
import type { ByteStream } from '../byteStream';
import { type Head, readHead, readText } from './values';

/** More axes than NumPy has. */
const MOST_AXES = 64;

/** An array as Flax writes it: shape, name of its type, bytes. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

/** Types by NumPy's names, and ml_dtypes'; types of less than a byte are stored in a byte each. */
const TYPES: ReadonlyMap<string, DType> = new Map([
  ['bool', 'bool'],
  ['int8', 'int8'],
  ['int16', 'int16'],
  ['int32', 'int32'],
  ['int64', 'int64'],
  ['uint8', 'uint8'],
  ['uint16', 'uint16'],
  ['uint32', 'uint32'],
  ['uint64', 'uint64'],
  ['float16', 'float16'],
  ['float32', 'float32'],
  ['float64', 'float64'],
  ['complex64', 'complex64'],
  ['complex128', 'complex128'],
  ['bfloat16', 'bfloat16'],
  ['float8_e4m3fn', 'float8e4m3fn'],
  ['float8_e4m3fnuz', 'float8e4m3fnuz'],
  ['float8_e5m2', 'float8e5m2'],
  ['float8_e5m2fnuz', 'float8e5m2fnuz'],
  ['float8_e8m0fnu', 'float8e8m0'],
  ['int4', 'int8'],
  ['int2', 'int8'],
  ['uint4', 'uint8'],
  ['uint2', 'uint8'],
]);

/** Reads all of an array but its bytes, which it goes over. `null` for an extension that is no array. @throws FormatError */
export async function readArray(stream: ByteStream, { length }: Extract<Head, { kind: 'extension' }>): Promise<StoredArray | null> {
  const end = stream.position + length;
  if (length > stream.left) throw stream.damaged(`an array takes ${length} bytes, and ${stream.left} are there`);
  const found = await readParts(stream, end);
  stream.skip(Math.max(0, end - stream.position), 'an array');
  return found;
}

async function readParts(stream: ByteStream, end: number): Promise<StoredArray | null> {
  const tuple = await readHead(stream);
  if (tuple.kind !== 'list' || tuple.count !== 3) return null;
  const extents = await readHead(stream);
  if (extents.kind !== 'list' || extents.count > MOST_AXES) return null;
  const shape: number[] = [];
  for (let axis = 0; axis < extents.count; axis += 1) {
    const extent = await readHead(stream);
    if (extent.kind !== 'int' || extent.value < 0n) return null;
    shape.push(Math.min(Number(extent.value), Number.MAX_SAFE_INTEGER));
  }
  const name = await readHead(stream);
  if (name.kind !== 'text' && name.kind !== 'bytes') return null;
  const type = await readText(stream, Math.min(name.length, Math.max(0, end - stream.position)));
  const content = await readHead(stream);
  if (type === null || (content.kind !== 'bytes' && content.kind !== 'text')) return null;
  if (stream.position + content.length > end) return null;
  return { shape, type, offset: stream.position, length: content.length };
}

/** The tensor of an array, or of the pieces of one that was cut to be written; what is wrong with it is in `missing` storage. */
export function tensorOf(name: string, shape: readonly number[], pieces: readonly StoredArray[]): Tensor {
  const [first] = pieces;
  const dtype = TYPES.get(first?.type ?? '');
  const missing = (reason: string): Tensor => ({ name, dtype: dtype ?? 'undefined', shape, storage: { kind: 'missing', reason } });
  if (!first) return missing(`Array "${name}" has no pieces.`);
  if (!dtype) return missing(`Array "${name}" has elements of the type ${JSON.stringify(first.type)}, which cannot be read here.`);
  const elements = elementCount(shape);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const needed = elements === null ? null : (elements * bitsOf(dtype)) / 8;
  if (needed !== length || pieces.some(({ type }) => type !== first.type)) {
    return missing(`Array "${name}" takes ${length} bytes, which do not fit its type and its shape [${shape.join(', ')}].`);
  }
  return { name, dtype, shape, storage: storageOf(pieces) };
}

function storageOf(pieces: readonly StoredArray[]): TensorStorage {
  const [first] = pieces;
  if (pieces.length === 1 && first) return { kind: 'bytes', file: '', offset: first.offset, length: first.length };
  return { kind: 'pieces', file: '', pieces: pieces.map(({ offset, length }) => ({ offset, length })) };
}
