import type { Tensor } from '../../model';
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
 * Reads a tensor twice, a chunk at a time: first for its moments, then for the histogram.
 * @throws UserError when the values cannot be had.
 */
export async function statistics(tensor: Tensor, files: TensorFiles, signal?: AbortSignal): Promise<Statistics> {
  const moments = await momentsOf(tensor, files, signal);
  const { minimum, maximum } = moments;
  const histogram = new Array<number>(BINS).fill(0);
  // The largest numbers of float64 lie further apart than it reaches.
  const scale = Number.isFinite(maximum - minimum) ? 1 : SMALL;
  const range = { scale, minimum: minimum * scale, width: maximum * scale - minimum * scale };
  if (!Number.isNaN(minimum)) for await (const values of numbersOf(tensor, files, signal)) count(values, histogram, range);
  return { name: tensor.name, ...moments, notFinite: moments.nan + moments.infinite, histogram };
}

function count(
  values: ArrayLike<number | bigint>,
  bins: number[],
  { scale, minimum, width }: { readonly scale: number; readonly minimum: number; readonly width: number },
): void {
  for (let index = 0; index < values.length; index += 1) {
    const value = Number(values[index]) * scale;
    if (value - value !== 0) continue;
    const bin = width > 0 ? Math.min(BINS - 1, Math.floor(((value - minimum) / width) * BINS)) : 0;
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
}
