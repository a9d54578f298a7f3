import { LIMITS, LimitError } from '../bytes';
import { type DType, elementCount, type Tensor } from '../model';
import type { PackedChunk } from './values/chunk';
import { decodeElements, type NumericArray } from './values/decode';
import { packedChunks, type TensorFiles } from './values/packedChunks';

export { type AxisPart, tensorBlock } from './values/block';
export { type StoredTensor, type TensorDistance, tensorDistance } from './values/compare';
export type { NumericArray } from './values/decode';
export { decodeElements } from './values/decode';
export { type Moments, momentsOf } from './values/moments';
export { packedChunks, type TensorFiles } from './values/packedChunks';
export { type Statistics, statistics } from './values/statistics';

/** A tensor's elements in memory. */
export interface TensorValues {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major; complex elements are two numbers each. See `decodeElements` for which array a dtype gives. */
  readonly values: NumericArray;
}

/**
 * All elements of a tensor.
 * @throws LimitError when it has more than `limit` elements, UserError when the values cannot be had, FormatError.
 */
export async function readTensor(tensor: Tensor, files: TensorFiles, limit: number = LIMITS.tensorElements): Promise<TensorValues> {
  const elements = elementCount(tensor.shape) ?? Number.POSITIVE_INFINITY;
  if (elements > limit) {
    throw new LimitError(`Tensor "${tensor.name}" has ${elements} elements; at most ${limit} are read at once.`, {
      name: 'tensorElements',
      value: limit,
    });
  }
  const chunks: PackedChunk[] = [];
  for await (const chunk of packedChunks(tensor, files)) chunks.push(chunk);
  return { dtype: tensor.dtype, shape: tensor.shape, values: decodeElements(tensor.dtype, joined(chunks), elements) };
}

function joined(chunks: readonly PackedChunk[]): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only.bytes;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.bytes, offset);
    offset += chunk.bytes.length;
  }
  return bytes;
}
