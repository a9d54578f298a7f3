import { type ByteSource, FormatError, LIMITS } from '../../bytes';
import { bitsOf, type DatasetStorage, elementCount, type Tensor } from '../../model';
import type { Chunking, PackedChunk } from '../values/chunk';
import { type Library, openFile } from './library';

/** The library never waits, so that nobody else would get a turn, not even to cancel: after so long (ms) they do. */
const TURN = 30;

/** A dataset's elements in row-major order, box by box. @throws FormatError where the file is damaged */
export async function* datasetChunks(
  source: ByteSource,
  { name, shape, dtype }: Tensor,
  { dataset }: DatasetStorage,
  { chunk, signal }: Chunking,
): AsyncGenerator<PackedChunk> {
  const total = elementCount(shape) ?? 0;
  if (total === 0) return;
  const width = bitsOf(dtype) / 8;
  const file = await openFile(source);
  try {
    const { chunks } = file.use((library, id) => library.get_dataset_metadata(id, dataset));
    let turn = performance.now();
    for (const box of boxes(shape, rowsTogether(shape, chunks, chunk, width))) {
      signal?.throwIfAborted();
      const elements = box.count.reduce((product, extent) => product * extent, 1);
      const bytes = file.use((library, id) => readBox(library, id, dataset, box, elements * width));
      if (bytes === null)
        throw new FormatError(`The values of "${name}" cannot be read: the file is damaged there.`, { format: 'hdf5', field: name });
      yield { bytes, elements };
      if (performance.now() - turn > TURN) {
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
        turn = performance.now();
      }
    }
  } finally {
    file.close();
  }
}

interface Box {
  readonly offset: readonly number[];
  readonly count: readonly number[];
}

function readBox(library: Library, file: bigint, path: string, box: Box, length: number): Uint8Array | null {
  const pointer = library._malloc(length);
  if (pointer === 0) return null;
  try {
    const [count, offset, strides] = [box.count, box.offset, box.count.map(() => 1)].map((numbers) => numbers.map(BigInt));
    const status = library.get_dataset_data(file, path, count ?? [], offset ?? [], strides ?? [], BigInt(pointer));
    return status < 0 ? null : library.HEAPU8.slice(pointer, pointer + length);
  } finally {
    library._free(pointer);
  }
}

/** Elements of a box: whole stored chunks where these are small enough to be unpacked once. */
function rowsTogether(shape: readonly number[], chunks: readonly number[] | null, elements: number, width: number): number {
  const rows = chunks?.[0] ?? 1;
  const layer = rows * shape.slice(1).reduce((product, extent) => product * extent, 1);
  return layer * width <= LIMITS.gatheredBytes ? Math.max(1, Math.floor(elements / layer)) * layer : elements;
}

/** Boxes of at most `most` elements that give an array's elements in row-major order. */
function* boxes(shape: readonly number[], most: number): Generator<Box> {
  let inner = 1;
  let axis = shape.length;
  while (axis > 0 && inner * (shape[axis - 1] ?? 1) <= most) {
    axis -= 1;
    inner *= shape[axis] ?? 1;
  }
  if (axis === 0) {
    yield { offset: shape.map(() => 0), count: shape };
    return;
  }
  // The axes before this one are gone through one by one, this one by as many as fit, those behind it are whole.
  const split = axis - 1;
  const step = Math.max(1, Math.floor(most / inner));
  const outer = shape.slice(0, split);
  const rest = shape.slice(axis);
  const at = outer.map(() => 0);
  for (;;) {
    for (let begin = 0; begin < (shape[split] ?? 0); begin += step) {
      const rows = Math.min(step, (shape[split] ?? 0) - begin);
      yield { offset: [...at, begin, ...rest.map(() => 0)], count: [...at.map(() => 1), rows, ...rest] };
    }
    let turn = split - 1;
    while (turn >= 0 && (at[turn] ?? 0) + 1 >= (outer[turn] ?? 0)) {
      at[turn] = 0;
      turn -= 1;
    }
    if (turn < 0) return;
    at[turn] = (at[turn] ?? 0) + 1;
  }
}
