import type { Tensor } from '../../model';
import type { NumericArray } from './decode';
import { numbersOf } from './moments';
import { packedChunks, type TensorFiles } from './packedChunks';

/** How far two tensors of as many elements are from each other, the second seen from the first. */
export interface TensorDistance {
  /** True where both have the very same elements. */
  readonly equal: boolean;
  /** ||b - a|| / ||a||; infinite where the first is all zero and the second is not. */
  readonly relativeL2: number;
  /** (a . b) / (||a|| ||b||); NaN where one is all zero. */
  readonly cosine: number;
  /** Largest |b - a|. */
  readonly maxAbs: number;
  /** Places where one of the two is NaN or infinite and the other is not the same; they are no part of the figures. */
  readonly notFinite: number;
}

/** A tensor with the files that hold it. */
export interface StoredTensor {
  readonly tensor: Tensor;
  readonly files: TensorFiles;
}

/**
 * Reads two tensors side by side, a chunk at a time.
 * @throws UserError when the values cannot be had, FormatError.
 */
export async function tensorDistance(a: StoredTensor, b: StoredTensor, signal?: AbortSignal): Promise<TensorDistance> {
  const sums = new Sums();
  if (a.tensor.dtype === b.tensor.dtype && (await equalPieces(a, b, signal)))
    return { equal: true, relativeL2: 0, cosine: 1, maxAbs: 0, notFinite: 0 };
  const [left, right] = [new Pieces(numbersOf(a.tensor, a.files, signal)), new Pieces(numbersOf(b.tensor, b.files, signal))];
  try {
    for (;;) {
      const [x, y] = [await left.open(), await right.open()];
      if (x === null || y === null) break;
      const length = Math.min(x.length - left.at, y.length - right.at);
      sums.add(x, left.at, y, right.at, length);
      left.at += length;
      right.at += length;
    }
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
  return sums.result();
}

/** Most tensors of two checkpoints are equal: their bytes say so before a number is made of them. */
async function equalPieces(a: StoredTensor, b: StoredTensor, signal?: AbortSignal): Promise<boolean> {
  const others = packedChunks(b.tensor, b.files, signal);
  try {
    for await (const { bytes } of packedChunks(a.tensor, a.files, signal)) {
      const other = await others.next();
      if (other.done || !equalBytes(bytes, other.value.bytes)) return false;
    }
    return true;
  } finally {
    await others.return(undefined);
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  if (a.length % 8 === 0 && a.byteOffset % 8 === 0 && b.byteOffset % 8 === 0) {
    const [x, y] = [a, b].map((bytes) => new Float64Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / 8));
    const [u, w] = [a, b].map((bytes) => new BigUint64Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / 8));
    if (!x || !y || !u || !w) return false;
    // Numbers are compared faster than words of 64 bits; where they differ (NaN is no number) the words decide.
    for (let index = 0; index < x.length; index += 1) if (x[index] !== y[index] && u[index] !== w[index]) return false;
    return true;
  }
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** Chunks of numbers as one list with a place in it. */
class Pieces {
  at = 0;
  private piece: NumericArray | null = null;

  constructor(private readonly pieces: AsyncGenerator<NumericArray>) {}

  /** The piece at hand, or the next where all of it was read; `null` at the end. */
  async open(): Promise<NumericArray | null> {
    while (this.piece === null || this.at >= this.piece.length) {
      const { value, done } = await this.pieces.next();
      if (done) return null;
      this.piece = value;
      this.at = 0;
    }
    return this.piece;
  }

  async close(): Promise<void> {
    await this.pieces.return(undefined);
  }
}

class Sums {
  private difference = 0;
  private first = 0;
  private second = 0;
  private product = 0;
  private most = 0;
  private notFinite = 0;

  add(x: NumericArray, from: number, y: NumericArray, to: number, length: number): void {
    let { difference, first, second, product, most } = this;
    for (let index = 0; index < length; index += 1) {
      const a = Number(x[from + index]);
      const b = Number(y[to + index]);
      const apart = b - a;
      if (apart - apart !== 0 || a - a !== 0) {
        if (!Object.is(a, b)) this.notFinite += 1;
        continue;
      }
      difference += apart * apart;
      first += a * a;
      second += b * b;
      product += a * b;
      if (apart > most) most = apart;
      else if (-apart > most) most = -apart;
    }
    Object.assign(this, { difference, first, second, product, most });
  }

  result(): TensorDistance {
    const { difference, first, second, product, most, notFinite } = this;
    const same = difference === 0;
    return {
      equal: same && notFinite === 0,
      relativeL2: same ? 0 : Math.sqrt(difference / first),
      cosine: product / Math.sqrt(first * second),
      maxAbs: most,
      notFinite,
    };
  }
}
