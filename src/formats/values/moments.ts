import type { Tensor } from '../../model';
import { decodeElements, type NumericArray } from './decode';
import { packedChunks, type TensorFiles } from './packedChunks';

/** What one look at a tensor's elements tells. Range, sums and norm are of the finite ones; complex elements count by their magnitude. */
export interface Moments {
  /** All elements. */
  readonly count: number;
  readonly nan: number;
  /** Of either sign. */
  readonly infinite: number;
  readonly zeros: number;
  /** NaN where no element is finite, like `maximum`, `mean` and `deviation`. */
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** Of the population: NumPy's `std`. */
  readonly deviation: number;
  /** Square root of the sum of squares. */
  readonly norm: number;
  /** Slices along the first axis whose elements are all zero; 0 for a tensor of fewer than two axes. */
  readonly deadFilters: number;
}

/** Numbers of float64 reach 2^1024, their squares and sums pass it: so they are divided by a power of two, which keeps their digits. */
export const SMALL = 2 ** -600;

/**
 * Reads a tensor once (one whose squares pass float64 twice), a chunk at a time; the next chunk is on its way while one is looked at.
 * `seen` is shown the elements as they come.
 * @throws UserError when the values cannot be had, FormatError.
 */
export async function momentsOf(
  tensor: Tensor,
  files: TensorFiles,
  signal?: AbortSignal,
  seen: (values: NumericArray) => void = () => {},
): Promise<Moments> {
  const sums = new RunningMoments();
  const filters = new DeadFilters(tensor.shape);
  for await (const values of numbersOf(tensor, files, signal)) {
    sums.add(values);
    filters.add(values);
    seen(values);
  }
  const result = sums.isFinite ? sums.result() : await smallMoments(tensor, files, signal);
  return { ...result, deadFilters: filters.dead };
}

async function smallMoments(tensor: Tensor, files: TensorFiles, signal?: AbortSignal): Promise<Omit<Moments, 'deadFilters'>> {
  const sums = new RunningMoments();
  for await (const values of numbersOf(tensor, files, signal))
    sums.add(Float64Array.from(values as ArrayLike<number>, (value) => Number(value) * SMALL));
  const { minimum, maximum, mean, deviation, norm, ...counts } = sums.result();
  const large = (small: number) => small / SMALL;
  return {
    ...counts,
    minimum: large(minimum),
    maximum: large(maximum),
    mean: large(mean),
    deviation: large(deviation),
    norm: large(norm),
  };
}

/** A tensor's elements as numbers, chunk after chunk. The arrays may be views of what was read: look, do not write. */
export async function* numbersOf(tensor: Tensor, files: TensorFiles, signal?: AbortSignal): AsyncGenerator<NumericArray> {
  const isComplex = tensor.dtype.startsWith('complex');
  for await (const { bytes, elements } of ahead(packedChunks(tensor, files, signal))) {
    if (tensor.dtype === 'float32' && bytes.byteOffset % 4 === 0) {
      yield new Float32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, elements);
      continue;
    }
    const values = decodeElements(tensor.dtype, bytes, elements);
    yield isComplex ? magnitudes(values) : values;
  }
}

/** Asks for the next item while the one before is worked on. */
async function* ahead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let next = items.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = items.next();
      // Whoever stops early never awaits it.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await items.return(undefined);
  }
}

function magnitudes(parts: NumericArray): Float64Array {
  const lengths = new Float64Array(parts.length / 2);
  for (let index = 0; index < lengths.length; index += 1)
    lengths[index] = Math.hypot(Number(parts[2 * index]), Number(parts[2 * index + 1]));
  return lengths;
}

type PlainArray = Exclude<NumericArray, BigInt64Array | BigUint64Array>;

/** Sums about the first finite element, so that a small spread about a large mean keeps its digits. */
class RunningMoments {
  private count = 0;
  private nan = 0;
  private infinite = 0;
  private zeros = 0;
  private minimum = Number.POSITIVE_INFINITY;
  private maximum = Number.NEGATIVE_INFINITY;
  private shift = Number.NaN;
  private sum = 0;
  private squares = 0;
  private power = 0;

  add(values: NumericArray): void {
    this.count += values.length;
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) this.addNumbers(Float64Array.from(values, Number));
    else this.addNumbers(values);
  }

  private addNumbers(values: PlainArray): void {
    if (Number.isNaN(this.shift)) this.shift = values.find((value) => value - value === 0) ?? Number.NaN;
    if (!this.addFinite(values)) this.addAny(values);
  }

  /**
   * The hot loop, which decides nothing: branches in it cost several times what it does. False, with nothing added,
   * where an element is not finite, or too large to be squared, which the sums tell at their end.
   */
  private addFinite(values: PlainArray): boolean {
    let { zeros, minimum, maximum, sum, squares, power } = this;
    const { shift } = this;
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? 0;
      const moved = value - shift;
      sum += moved;
      squares += moved * moved;
      power += value * value;
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
      zeros += value === 0 ? 1 : 0;
    }
    if (!Number.isFinite(power) || !Number.isFinite(squares)) return false;
    Object.assign(this, { zeros, minimum, maximum, sum, squares, power });
    return true;
  }

  private addAny(values: PlainArray): void {
    let { zeros, minimum, maximum, sum, squares, power } = this;
    const { shift } = this;
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? 0;
      // NaN and infinities alone are not equal to 0 when taken from themselves.
      if (value - value !== 0) {
        if (Number.isNaN(value)) this.nan += 1;
        else this.infinite += 1;
        continue;
      }
      const moved = value - shift;
      sum += moved;
      squares += moved * moved;
      power += value * value;
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
      zeros += value === 0 ? 1 : 0;
    }
    Object.assign(this, { zeros, minimum, maximum, sum, squares, power });
  }

  /** False where a sum or a square passed the largest number. */
  get isFinite(): boolean {
    return [this.sum, this.squares, this.power].every(Number.isFinite);
  }

  result(): Omit<Moments, 'deadFilters'> {
    const { count, nan, infinite, zeros, minimum, maximum, shift, sum, squares, power } = this;
    const finite = count - nan - infinite;
    const some = finite > 0;
    const moved = sum / finite;
    return {
      ...{ count, nan, infinite, zeros },
      minimum: some ? minimum : Number.NaN,
      maximum: some ? maximum : Number.NaN,
      mean: some ? shift + moved : Number.NaN,
      deviation: some ? Math.sqrt(Math.max(0, squares / finite - moved * moved)) : Number.NaN,
      norm: Math.sqrt(power),
    };
  }
}

/** Counts the slices along the first axis that hold nothing but zeros. */
class DeadFilters {
  dead = 0;
  private readonly length: number;
  /** Elements of the slice that is open, and whether one of them was no zero. */
  private inside = 0;
  private alive = false;

  constructor(shape: readonly number[]) {
    this.length = shape.length < 2 ? 0 : shape.slice(1).reduce((product, extent) => product * extent, 1);
  }

  add(values: NumericArray): void {
    if (this.length === 0) return;
    for (let at = 0; at < values.length; ) {
      const end = Math.min(values.length, at + this.length - this.inside);
      // Most slices are told by their first element.
      for (let index = at; index < end && !this.alive; index += 1) this.alive = Number(values[index]) !== 0;
      this.inside += end - at;
      at = end;
      if (this.inside < this.length) return;
      if (!this.alive) this.dead += 1;
      this.inside = 0;
      this.alive = false;
    }
  }
}
