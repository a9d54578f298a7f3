import { setImmediate } from 'node:timers/promises';
import { LIMITS, UserError } from '../bytes';
import { rowSimilarity } from '../checkpoint/similarity';
import { SPECTRUM_SIDE, singularValues } from '../checkpoint/spectrum';
import { type TensorFiles, tensorBlock } from '../formats/tensorValues';
import type { Tensor } from '../model';
import type { AxisPart, CallContext, TensorSimilarity, TensorSpectrum } from '../protocol';

/** Rows between which similarity is computed; of more, so many spread over all. */
const SIMILAR_ROWS = 576;

/** Singular values of a tensor as a matrix of its first axis by all others. @throws UserError for one that is no matrix, or too large. */
export async function tensorSpectrum(tensor: Tensor, files: TensorFiles, { signal }: CallContext): Promise<TensorSpectrum> {
  const [rows, columns] = asMatrix(tensor);
  const elements = rows * columns;
  if (Math.min(rows, columns) > SPECTRUM_SIDE || elements > LIMITS.pictureElements * 4) {
    throw new UserError(
      `"${tensor.name}" is a matrix of ${rows} by ${columns}; singular values are computed up to ${SPECTRUM_SIDE} on the smaller side and ${LIMITS.pictureElements * 4} elements.`,
    );
  }
  const matrix = new Float32Array(elements);
  // As many rows at once as one block holds.
  const step = Math.max(1, Math.floor(LIMITS.pictureElements / columns));
  for (let from = 0; from < rows; from += step) {
    const count = Math.min(step, rows - from);
    matrix.set(await tensorBlock(tensor, [{ from, count, step: 1 }, ...whole(tensor.shape.slice(1))], files, signal), from * columns);
  }
  const values = await driven(singularValues(matrix, rows, columns), signal);
  return { rows, columns, values: Float32Array.from(values) };
}

/** Cosine similarity between the rows of a tensor as a matrix of its last axis by all others. */
export async function tensorSimilarity(tensor: Tensor, files: TensorFiles, { signal }: CallContext): Promise<TensorSimilarity> {
  const extents = tensor.shape.filter((extent) => extent !== 1);
  const [all = 0, columns = 0] = extents;
  if (extents.length !== 2) throw new UserError(`"${tensor.name}" is no list of vectors, so there is no similarity between them.`);
  const step = Math.max(1, Math.ceil(all / Math.min(SIMILAR_ROWS, Math.max(2, Math.floor(LIMITS.pictureElements / columns)))));
  const rows = Math.ceil(all / step);
  let first = true;
  const parts = tensor.shape.map((extent): AxisPart => {
    if (extent === 1) return { from: 0, count: 1, step: 1 };
    const isRows = first;
    first = false;
    return isRows ? { from: 0, count: rows, step } : { from: 0, count: extent, step: 1 };
  });
  const matrix = await tensorBlock(tensor, parts, files, signal);
  return { rows, step, cosines: await driven(rowSimilarity(matrix, rows, columns), signal) };
}

function asMatrix({ name, shape }: Tensor): readonly [number, number] {
  const [rows = 0, ...rest] = shape;
  const columns = rest.reduce((product, extent) => product * extent, 1);
  if (shape.length < 2 || rows === 0 || columns === 0) throw new UserError(`"${name}" is no matrix, so it has no singular values.`);
  return [rows, columns];
}

function whole(shape: readonly number[]): readonly AxisPart[] {
  return shape.map((count) => ({ from: 0, count, step: 1 }));
}

/** Milliseconds of work at a time: others are answered in between. */
const TURN = 30;

/** Drives work to its end, and stops when nobody waits for it. */
async function driven<Result>(work: Generator<void, Result>, signal: AbortSignal): Promise<Result> {
  for (;;) {
    const end = performance.now() + TURN;
    do {
      const { done, value } = work.next();
      if (done) return value;
    } while (performance.now() < end);
    await setImmediate();
    signal.throwIfAborted();
  }
}
