import { type ByteSource, LIMITS, LimitError, UserError } from '../../bytes';
import { bitsOf, elementCount, type StridedStorage, type Tensor } from '../../model';
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
  const whole = { shape, strides, start, width, offset };
  const span = 1 + shape.reduce((sum, extent, axis) => sum + (extent - 1) * (strides[axis] ?? 0), 0);
  const row = (total / (shape[0] ?? 1)) * width;
  if (span * width > LIMITS.viewBytes && strides[0] === 1 && row <= LIMITS.gatheredBytes) {
    yield* slabs(source, whole, { chunk, signal });
    return;
  }
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

interface View {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly start: number;
  /** Bytes of an element. */
  readonly width: number;
  readonly offset: number;
}

/**
 * A large view whose first axis is the one that lies together, such as an array in Fortran's order: some rows at a
 * time, each column's part of which is read at once.
 */
async function* slabs(source: ByteSource, view: View, { chunk, signal }: Chunking): AsyncGenerator<PackedChunk> {
  const { shape, strides, start, width, offset } = view;
  const [rows = 0, ...inner] = shape;
  const columns = elementCount(inner) ?? 0;
  const most = Math.max(1, Math.floor(LIMITS.gatheredBytes / width / columns));
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    const bytes = new Uint8Array(count * columns * width);
    let column = 0;
    for (const place of placesOf(inner, strides.slice(1))) {
      if (column % 256 === 0) signal?.throwIfAborted();
      const run = await source.read(offset + (start + first + place) * width, count * width);
      for (let row = 0; row < count; row += 1) {
        const to = (row * columns + column) * width;
        for (let byte = 0; byte < width; byte += 1) bytes[to + byte] = run[row * width + byte] ?? 0;
      }
      column += 1;
    }
    for (let done = 0; done < count * columns; done += chunk) {
      const elements = Math.min(chunk, count * columns - done);
      yield { bytes: bytes.slice(done * width, (done + elements) * width), elements };
    }
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
