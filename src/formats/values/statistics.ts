import type { Tensor } from '../../model';
import { decodeElements, type NumericArray } from './decode';
import { packedChunks, type TensorFiles } from './packedChunks';
import { inStoredOrder } from './strided';

const BINS = 64;

/** Over the finite elements: minimum, maximum, mean, population standard deviation (NaN when there are none), and 64 equal bins. */
export interface Statistics {
  readonly name: string;
  /** All elements, those that are not finite too. */
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly deviation: number;
  readonly zeros: number;
  readonly notFinite: number;
  readonly histogram: readonly number[];
}

/**
 * Reads a tensor twice, a chunk at a time: first for the range and the mean, then for the deviation and the histogram.
 * Complex elements count by their magnitude.
 * @throws UserError when the values cannot be had.
 */
export async function statistics(tensor: Tensor, files: TensorFiles, signal?: AbortSignal): Promise<Statistics> {
  const first = new Range();
  for await (const values of numbers(tensor, files, signal)) for (const value of values) first.add(Number(value));
  const finite = first.count - first.notFinite;
  const mean = first.sum / finite;
  const second = new Spread(first.minimum, first.maximum, mean);
  for await (const values of numbers(tensor, files, signal)) for (const value of values) second.add(Number(value));
  return {
    name: tensor.name,
    count: first.count,
    minimum: finite > 0 ? first.minimum : Number.NaN,
    maximum: finite > 0 ? first.maximum : Number.NaN,
    mean,
    deviation: Math.sqrt(second.squares / finite),
    zeros: first.zeros,
    notFinite: first.notFinite,
    histogram: second.bins,
  };
}

async function* numbers(tensor: Tensor, files: TensorFiles, signal?: AbortSignal): AsyncGenerator<NumericArray> {
  for await (const { bytes, elements } of packedChunks(inStoredOrder(tensor), files, signal)) {
    const values = decodeElements(tensor.dtype, bytes, elements);
    yield tensor.dtype.startsWith('complex') ? magnitudes(values) : values;
  }
}

function magnitudes(parts: NumericArray): Float64Array {
  const lengths = new Float64Array(parts.length / 2);
  for (let index = 0; index < lengths.length; index += 1)
    lengths[index] = Math.hypot(Number(parts[2 * index]), Number(parts[2 * index + 1]));
  return lengths;
}

class Range {
  count = 0;
  notFinite = 0;
  zeros = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.count += 1;
    if (!Number.isFinite(value)) {
      this.notFinite += 1;
      return;
    }
    if (value === 0) this.zeros += 1;
    this.sum += value;
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
  }
}

class Spread {
  squares = 0;
  readonly bins = new Array<number>(BINS).fill(0);

  constructor(
    private readonly minimum: number,
    private readonly maximum: number,
    private readonly mean: number,
  ) {}

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.squares += (value - this.mean) ** 2;
    const width = this.maximum - this.minimum;
    const bin = width > 0 ? Math.min(BINS - 1, Math.floor(((value - this.minimum) / width) * BINS)) : 0;
    this.bins[bin] = (this.bins[bin] ?? 0) + 1;
  }
}
