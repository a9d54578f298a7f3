import { type ByteSource, FormatError, UserError } from '../../../bytes';
import { elementCount, type Tensor, type TensorStorage } from '../../../model';
import type { Chunking, PackedChunk } from '../chunk';
import { bytesOf } from '../packEntries';
import type { Codec } from './codec';
import { fourBitTables } from './fourBitTables';
import { latticeTypes } from './latticeTypes';
import { legacyTypes } from './legacy';
import { longDoubles } from './longDouble';
import { superblockTypes } from './superblocks';
import { ternaryTypes } from './ternary';

const CODECS: ReadonlyMap<string, Codec> = new Map(
  [legacyTypes, superblockTypes, latticeTypes, fourBitTables, ternaryTypes, longDoubles].flat().map((codec) => [codec.id, codec]),
);

/** How a type that has no elements of its own is stored, by its name in `TensorStorage`; `undefined` for one that is not known. */
export function codecOf(id: string): Codec | undefined {
  return CODECS.get(id);
}

type EncodedStorage = Extract<TensorStorage, { readonly kind: 'encoded' }>;

/**
 * Elements of blocks, decoded a chunk at a time; the last block may be longer than the tensor.
 * @throws UserError for a codec that is not known, FormatError where the blocks do not hold the tensor.
 */
export async function* encodedChunks(
  source: ByteSource,
  { name, shape }: Tensor,
  { codec: id, offset, length }: EncodedStorage,
  { chunk, signal }: Chunking,
): AsyncGenerator<PackedChunk> {
  const codec = codecOf(id);
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
    const values = codec.values === 'float64' ? new Float64Array(count * codec.elements) : new Float32Array(count * codec.elements);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let block = 0; block < count; block += 1) codec.decode(view, block * codec.bytes, values, block * codec.elements);
    const elements = Math.min(values.length, total - done * codec.elements);
    yield { bytes: bytesOf(values.subarray(0, elements)), elements };
  }
}
