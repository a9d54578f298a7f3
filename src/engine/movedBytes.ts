import { LIMITS, LimitError } from '../bytes';
import { packedChunks, type TensorFiles } from '../formats/tensorValues';
import { bitsOf, elementCount, storedBytes, type Tensor } from '../model';

/** A tensor's packed elements, piece after piece. */
export async function* packedBytes(tensor: Tensor, files: TensorFiles, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of packedChunks(tensor, files, signal)) yield bytes;
}

/** The bytes from `start` to `end` of what comes in pieces. */
export async function* between(pieces: AsyncIterable<Uint8Array>, start: number, end: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const piece of pieces) {
    const [from, to] = [Math.max(0, start - at), Math.min(piece.length, end - at)];
    if (to > from) yield piece.subarray(from, to);
    at += piece.length;
    if (at >= end) return;
  }
}

/** A tensor with its axes in another order; all of it is held meanwhile. */
export async function* transposed(
  tensor: Tensor,
  axes: readonly number[],
  files: TensorFiles,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { shape, dtype, name } = tensor;
  const width = bitsOf(dtype) / 8;
  const size = storedBytes(tensor);
  if (size > LIMITS.viewBytes || !Number.isInteger(width)) {
    throw new LimitError(`Tensor "${name}" takes ${size} bytes; at most ${LIMITS.viewBytes} are put in another order of axes.`, {
      name: 'viewBytes',
      value: LIMITS.viewBytes,
    });
  }
  const elements = elementCount(shape) ?? 0;
  const source = new Uint8Array(elements * width);
  let filled = 0;
  for await (const piece of packedBytes(tensor, files, signal)) {
    source.set(piece, filled);
    filled += piece.length;
  }
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1));
  const [extents, steps] = [axes.map((axis) => shape[axis] ?? 1), axes.map((axis) => strides[axis] ?? 0)];
  const target = new Uint8Array(source.length);
  const index = extents.map(() => 0);
  let from = 0;
  for (let element = 0; element < elements; element += 1) {
    for (let byte = 0; byte < width; byte += 1) target[element * width + byte] = source[from * width + byte] ?? 0;
    for (let axis = extents.length - 1; axis >= 0; axis -= 1) {
      const next = (index[axis] ?? 0) + 1;
      from += steps[axis] ?? 0;
      if (next < (extents[axis] ?? 1)) {
        index[axis] = next;
        break;
      }
      from -= next * (steps[axis] ?? 0);
      index[axis] = 0;
    }
  }
  yield target;
}
