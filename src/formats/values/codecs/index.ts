import { type ByteSource, FormatError, UserError } from '../../../bytes';
import { elementCount, type Tensor, type TensorStorage } from '../../../model';
import type { Chunking, PackedChunk } from '../chunk';
import { bytesOf } from '../packEntries';
import type { Codec } from './codec';
import { q4_0 } from './q4_0';
import { q8_0 } from './q8_0';

const CODECS: readonly Codec[] = [q4_0, q8_0];

type EncodedStorage = Extract<TensorStorage, { readonly kind: 'encoded' }>;

/**
 * Elements of blocks, decoded to float32 a chunk at a time; the last block may be longer than the tensor.
 * @throws UserError for a codec that is not known, FormatError where the blocks do not hold the tensor.
 */
export async function* encodedChunks(
  source: ByteSource,
  { name, shape }: Tensor,
  { codec: id, offset, length }: EncodedStorage,
  { chunk, signal }: Chunking,
): AsyncGenerator<PackedChunk> {
  const codec = CODECS.find((candidate) => candidate.id === id);
  if (!codec) throw new UserError(`Tensor "${name}" is stored as ${id}, which cannot be decoded here.`);
  const total = elementCount(shape) ?? 0;
  const blocks = Math.ceil(total / codec.elements);
  if (blocks * codec.bytes !== length) {
    throw new FormatError(`Tensor "${name}" takes ${length} bytes of ${id} where its shape needs ${blocks * codec.bytes}.`, {
      field: name,
    });
  }
  const step = Math.max(1, Math.floor(chunk / codec.elements));
  for (let done = 0; done < blocks; done += step) {
    signal?.throwIfAborted();
    const count = Math.min(step, blocks - done);
    const bytes = await source.read(offset + done * codec.bytes, count * codec.bytes);
    const values = new Float32Array(count * codec.elements);
    for (let block = 0; block < count; block += 1) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + block * codec.bytes, codec.bytes);
      codec.decode(view, values, block * codec.elements);
    }
    const elements = Math.min(values.length, total - done * codec.elements);
    yield { bytes: bytesOf(values.subarray(0, elements)), elements };
  }
}
