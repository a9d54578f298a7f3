import { type ByteSource, FormatError, type SiblingOpener, UserError } from '../../bytes';
import { bitsOf, byteLengthOf, type DType, elementCount, type PackedField, type StoredRange, type Tensor } from '../../model';
import { datasetChunks } from '../hdf5/values';
import { openEntry } from '../zip';
import { blockChunks } from './blocks';
import type { PackedChunk } from './chunk';
import { encodedChunks } from './codecs';
import { bytesOf, entriesOf, packInt32 } from './packEntries';
import { PieceSource } from './pieceSource';
import { stridedChunks } from './strided';
import { swapped } from './swap';
import { VarintStream } from './varints';

/** Where a model's tensors are read from. */
export interface TensorFiles {
  readonly model: ByteSource;
  readonly sibling?: SiblingOpener;
}

/** Elements read at once: a multiple of 8, so that every dtype's chunk ends on a byte. */
const CHUNK = 2 ** 18;

/**
 * A tensor's elements from first to last, a chunk at a time.
 * @throws UserError when the values cannot be had, FormatError when the file does not hold what it promises.
 */
export async function* packedChunks(tensor: Tensor, files: TensorFiles, signal?: AbortSignal): AsyncGenerator<PackedChunk> {
  const { storage, dtype } = tensor;
  const elements = countOf(tensor);
  switch (storage.kind) {
    case 'inline':
      yield { bytes: storage.data, elements };
      return;
    case 'bytes':
      yield* inOrder(rawChunks(await sourceOf(storage, files), storage.offset, dtype, elements, signal), dtype, storage.bigEndian);
      return;
    case 'strided':
      yield* inOrder(stridedChunks(await sourceOf(storage, files), tensor, storage, { chunk: CHUNK, signal }), dtype, storage.bigEndian);
      return;
    case 'encoded':
      yield* encodedChunks(await sourceOf(storage, files), tensor, storage, { chunk: CHUNK, signal });
      return;
    case 'pieces':
      yield* rawChunks(new PieceSource(await sourceOf(storage, files), storage.pieces), 0, dtype, elements, signal);
      return;
    case 'hdf5':
      yield* datasetChunks(await sourceOf(storage, files), tensor, storage, { chunk: CHUNK, signal });
      return;
    case 'protobuf':
      if (storage.field === 'float_data' || storage.field === 'double_data') {
        yield* rawChunks(files.model, storage.offset, dtype, elements, signal);
      } else {
        const stream = new VarintStream(files.model, storage.offset, storage.length);
        yield* varintChunks(stream, storage.field, tensor, signal);
      }
      return;
    case 'blocks':
      yield* blockChunks(tensor, storage.blocks, (block) => packedChunks(block, files, signal), CHUNK);
      return;
    case 'strings':
      throw new UserError(`Tensor "${tensor.name}" holds strings, not numbers.`);
    case 'missing':
      throw new UserError(storage.reason);
    default:
      storage satisfies never;
  }
}

function countOf(tensor: Tensor): number {
  const elements = elementCount(tensor.shape);
  if (elements === null || bitsOf(tensor.dtype) === 0) throw new UserError(`Tensor "${tensor.name}" holds no numbers that can be read.`);
  return elements;
}

async function sourceOf({ file, entry }: Pick<StoredRange, 'file' | 'entry'>, files: TensorFiles): Promise<ByteSource> {
  const source = file === '' ? files.model : await files.sibling?.(file);
  if (!source) throw new UserError(`"${file}", which holds the values, is not beside the model.`);
  return entry ? openEntry(source, entry) : source;
}

/** Chunks with their elements turned to little-endian where they are stored the other way round. */
async function* inOrder(chunks: AsyncGenerator<PackedChunk>, dtype: DType, bigEndian: true | undefined): AsyncGenerator<PackedChunk> {
  if (!bigEndian) yield* chunks;
  else for await (const { bytes, elements } of chunks) yield { bytes: swapped(bytes, dtype), elements };
}

async function* rawChunks(
  source: ByteSource,
  offset: number,
  dtype: DType,
  total: number,
  signal?: AbortSignal,
): AsyncGenerator<PackedChunk> {
  for (let done = 0; done < total; done += CHUNK) {
    signal?.throwIfAborted();
    const elements = Math.min(CHUNK, total - done);
    yield { bytes: await source.read(offset + byteLengthOf(dtype, done), byteLengthOf(dtype, elements)), elements };
  }
}

async function* varintChunks(stream: VarintStream, field: PackedField, tensor: Tensor, signal?: AbortSignal): AsyncGenerator<PackedChunk> {
  const total = countOf(tensor);
  for (let done = 0; done < total; done += CHUNK) {
    signal?.throwIfAborted();
    const elements = Math.min(CHUNK, total - done);
    const entries = await stream.take(entriesOf(tensor.dtype, elements));
    if (entries === null) throw new FormatError(`Tensor "${tensor.name}" has fewer values than its shape needs.`, { field });
    yield { bytes: packEntries(entries, tensor.dtype), elements };
  }
  if (!stream.finished) throw new FormatError(`Tensor "${tensor.name}" has more values than its shape needs.`, { field });
}

/** `entries` are 64-bit numbers, low and high half in turn. */
function packEntries(entries: Uint32Array, dtype: DType): Uint8Array {
  if (bitsOf(dtype) === 64) return bytesOf(entries);
  const low = new Int32Array(entries.length / 2);
  for (let index = 0; index < low.length; index += 1) low[index] = entries[2 * index] ?? 0;
  return packInt32(low, dtype);
}
