import { FormatError, LIMITS, LimitError, UserError } from '../../bytes';
import { bitsOf, elementCount, type Tensor, type TensorBlock } from '../../model';
import type { PackedChunk } from './chunk';

/** Reads the elements of one block, a chunk at a time. */
type ReadBlock = (tensor: Tensor) => AsyncGenerator<PackedChunk>;

/**
 * A tensor's elements from blocks of it. Blocks of whole rows follow each other and are read one after the other; any
 * other division is put together in memory.
 * @throws FormatError where the blocks are not the whole tensor, LimitError for one that is too large to be put together
 */
export async function* blockChunks(
  tensor: Tensor,
  blocks: readonly TensorBlock[],
  read: ReadBlock,
  chunk: number,
): AsyncGenerator<PackedChunk> {
  const { name, dtype, shape } = tensor;
  const total = elementCount(shape) ?? 0;
  const held = blocks.reduce((sum, block) => sum + (elementCount(block.shape) ?? 0), 0);
  if (held !== total || blocks.some((block) => !isInside(block, shape))) {
    throw new FormatError(`Tensor "${name}" has ${total} elements, and its ${blocks.length} blocks hold ${held} of it.`, { field: name });
  }
  const inOrder = [...blocks].sort((a, b) => (a.offsets[0] ?? 0) - (b.offsets[0] ?? 0));
  const asTensor = (block: TensorBlock): Tensor => ({ name, dtype, shape: block.shape, storage: block.storage });
  if (blocks.every((block) => block.shape.every((extent, axis) => axis === 0 || extent === shape[axis]))) {
    for (const block of inOrder) yield* read(asTensor(block));
    return;
  }
  const width = bitsOf(dtype) / 8;
  if (!Number.isInteger(width))
    throw new UserError(`Tensor "${name}" is in blocks of elements that are parts of a byte, which cannot be read.`);
  if (total * width > LIMITS.viewBytes) {
    throw new LimitError(`Tensor "${name}" is in blocks of ${total * width} bytes; at most ${LIMITS.viewBytes} are put together.`, {
      name: 'viewBytes',
      value: LIMITS.viewBytes,
    });
  }
  const whole = new Uint8Array(total * width);
  for (const block of blocks) await place(whole, shape, block, width, read(asTensor(block)));
  for (let done = 0; done < total; done += chunk) {
    const elements = Math.min(chunk, total - done);
    yield { bytes: whole.subarray(done * width, (done + elements) * width), elements };
  }
}

function isInside({ offsets, shape }: TensorBlock, whole: readonly number[]): boolean {
  return offsets.length === whole.length && whole.every((extent, axis) => (offsets[axis] ?? 0) + (shape[axis] ?? 0) <= extent);
}

/** Copies a block's rows (along the last axis) to where they stand in the whole. */
async function place(
  whole: Uint8Array,
  shape: readonly number[],
  block: TensorBlock,
  width: number,
  chunks: AsyncGenerator<PackedChunk>,
): Promise<void> {
  const row = block.shape.at(-1) ?? 1;
  let index = 0;
  for await (const { bytes, elements } of chunks) {
    for (let done = 0; done < elements; ) {
      const inRow = index % row;
      const length = Math.min(row - inRow, elements - done);
      const to = (rowStart(Math.floor(index / row), shape, block) + inRow) * width;
      whole.set(bytes.subarray(done * width, (done + length) * width), to);
      done += length;
      index += length;
    }
  }
}

function rowStart(row: number, shape: readonly number[], { offsets, shape: own }: TensorBlock): number {
  let rest = row;
  let stride = shape.at(-1) ?? 1;
  let start = offsets.at(-1) ?? 0;
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    const extent = own[axis] ?? 1;
    start += ((offsets[axis] ?? 0) + (rest % extent)) * stride;
    rest = Math.floor(rest / extent);
    stride *= shape[axis] ?? 1;
  }
  return start;
}
