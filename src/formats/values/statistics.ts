import { LIMITS } from '../../bytes';
import type { Tensor } from '../../model';
import type { NumericArray } from './decode';
import { type Moments, momentsOf, numbersOf, SMALL } from './moments';
import type { TensorFiles } from './packedChunks';

const BINS = 64;

/** What a tensor's elements tell, and how the finite ones lie in 64 equal bins from minimum to maximum. */
export interface Statistics extends Moments {
  readonly name: string;
  /** NaN and infinities together. */
  readonly notFinite: number;
  readonly histogram: readonly number[];
}

/**
 * Reads a tensor a chunk at a time: first for its moments, then, once its range is known, for the histogram. What was
 * read is kept in between as far as it may be, so that only large tensors are read twice.
 * @throws UserError when the values cannot be had.
 */
export async function statistics(tensor: Tensor, files: TensorFiles, signal?: AbortSignal): Promise<Statistics> {
  const kept = new Kept();
  const moments = await momentsOf(tensor, files, signal, (values) => kept.add(values));
  const bins = new Bins(moments);
  if (!Number.isNaN(moments.minimum)) {
    if (kept.values) for (const values of kept.values) bins.add(values);
    else for await (const values of numbersOf(tensor, files, signal)) bins.add(values);
  }
  return { name: tensor.name, ...moments, notFinite: moments.nan + moments.infinite, histogram: bins.list() };
}

/** The chunks of a tensor while they are few. */
class Kept {
  values: NumericArray[] | null = [];
  private bytes = 0;

  add(values: NumericArray): void {
    this.bytes += values.byteLength;
    if (this.bytes > LIMITS.gatheredBytes) this.values = null;
    this.values?.push(values);
  }
}

/** Counts elements by where they lie between minimum and maximum. */
class Bins {
  /** Four counters a bin: two elements of one bin in a row would else wait for each other. The last bin is the maximum alone. */
  private readonly counts = new Float64Array(4 * (BINS + 1));
  /** Of one chunk: whole numbers of 32 bits are quicker, and a chunk has no more. */
  private readonly few = new Int32Array(4 * (BINS + 1));
  private readonly scale: number;
  private readonly minimum: number;
  private readonly width: number;
  private readonly allFinite: boolean;

  constructor({ minimum, maximum, nan, infinite }: Moments) {
    // The largest numbers of float64 lie further apart than it reaches.
    this.scale = Number.isFinite(maximum - minimum) ? 1 : SMALL;
    this.minimum = minimum * this.scale;
    this.width = maximum * this.scale - this.minimum;
    this.allFinite = nan + infinite === 0;
  }

  add(values: NumericArray): void {
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) this.addNumbers(Float64Array.from(values, Number));
    else if (this.allFinite) this.addNumbers(values);
    else this.addNumbers(values.filter((value: number) => value - value === 0));
  }

  private addNumbers(values: Exclude<NumericArray, BigInt64Array | BigUint64Array>): void {
    const { counts, few, minimum, scale } = this;
    // All alike, they are in the first bin.
    const width = this.width === 0 ? 1 : this.width;
    few.fill(0);
    for (let index = 0; index < values.length; index += 1) {
      const counter = 4 * (((((values[index] ?? 0) * scale - minimum) / width) * BINS) | 0) + (index & 3);
      few[counter] = (few[counter] ?? 0) + 1;
    }
    for (let counter = 0; counter < few.length; counter += 1) counts[counter] = (counts[counter] ?? 0) + (few[counter] ?? 0);
  }

  list(): readonly number[] {
    const whole = Array.from({ length: BINS + 1 }, (_, bin) =>
      this.counts.subarray(4 * bin, 4 * bin + 4).reduce((sum, count) => sum + count, 0),
    );
    const [top = 0] = whole.splice(BINS);
    whole[BINS - 1] = (whole[BINS - 1] ?? 0) + top;
    return whole;
  }
}
