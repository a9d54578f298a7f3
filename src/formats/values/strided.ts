import { type ByteSource, LIMITS, LimitError, UserError } from '../../bytes';
import { bitsOf, byteLengthOf, elementCount, type StridedStorage, type Tensor } from '../../model';
import type { Chunking, PackedChunk } from './chunk';

/**
 * A view's elements in row-major order. What it spans is read once, as far as it may be; a view in row-major order
 * with gaps costs no more than one without.
 * @throws UserError for elements that are parts of a byte, LimitError for a view that spans more than is read at once.
 */
export async function* stridedChunks(
  source: ByteSource,
  { name, dtype, shape }: Tensor,
  { offset, start, strides }: StridedStorage,
  { chunk, signal }: Chunking,
): AsyncGenerator<PackedChunk> {
  const width = bitsOf(dtype) / 8;
  if (!Number.isInteger(width))
    throw new UserError(`Tensor "${name}" is a view of elements that are parts of a byte, which cannot be read.`);
  const total = elementCount(shape) ?? 0;
  if (total === 0) return;
  const span = 1 + shape.reduce((sum, extent, axis) => sum + (extent - 1) * (strides[axis] ?? 0), 0);
  if (span * width > LIMITS.viewBytes) {
    throw new LimitError(`Tensor "${name}" is a view over ${span * width} bytes; at most ${LIMITS.viewBytes} are read at once.`, {
      name: 'viewBytes',
      value: LIMITS.viewBytes,
    });
  }
  const stored = await source.read(offset + start * width, span * width);
  const places = placesOf(shape, strides);
  for (let done = 0; done < total; done += chunk) {
    signal?.throwIfAborted();
    const elements = Math.min(chunk, total - done);
    const bytes = new Uint8Array(elements * width);
    for (let index = 0; index < elements; index += 1) {
      const from = (places.next().value ?? 0) * width;
      for (let byte = 0; byte < width; byte += 1) bytes[index * width + byte] = stored[from + byte] ?? 0;
    }
    yield { bytes, elements };
  }
}

/** Places of a view's elements from its first, in row-major order. */
function* placesOf(shape: readonly number[], strides: readonly number[]): Generator<number, undefined> {
  const at = shape.map(() => 0);
  let place = 0;
  for (;;) {
    yield place;
    let axis = shape.length - 1;
    for (; axis >= 0; axis -= 1) {
      const index = (at[axis] ?? 0) + 1;
      const stride = strides[axis] ?? 0;
      if (index < (shape[axis] ?? 0)) {
        at[axis] = index;
        place += stride;
        break;
      }
      place -= (index - 1) * stride;
      at[axis] = 0;
    }
    if (axis < 0) return undefined;
  }
}

/**
 * The same elements for whoever does not care for their order: a view of each element of a range once, such as a
 * transpose, becomes that range, which is read a chunk at a time whatever it spans. Anything else stays as it is.
 */
export function inStoredOrder(tensor: Tensor): Tensor {
  const { storage, shape, dtype } = tensor;
  const elements = elementCount(shape);
  if (storage.kind !== 'strided' || elements === null || bitsOf(dtype) % 8 !== 0) return tensor;
  const axes = shape.flatMap((extent, axis) => (extent === 1 ? [] : [{ extent, stride: storage.strides[axis] ?? 0 }]));
  let dense = 1;
  for (const { extent, stride } of axes.sort((a, b) => a.stride - b.stride)) {
    if (stride !== dense) return tensor;
    dense *= extent;
  }
  const { strides: _, start, ...range } = storage;
  const offset = storage.offset + byteLengthOf(dtype, start);
  return { ...tensor, storage: { ...range, kind: 'bytes', offset, length: byteLengthOf(dtype, elements) } };
}
