import { LIMITS, LimitError, UserError } from '../../bytes';
import { bitsOf, type Tensor } from '../../model';
import { codecOf } from './codecs';
import { numbersOf } from './moments';
import type { TensorFiles } from './packedChunks';

/** Indices `from`, `from + step`, ... of one axis, `count` of them. */
export interface AxisPart {
  readonly from: number;
  readonly count: number;
  readonly step: number;
}

/**
 * Elements at the given indices of every axis, row-major in the axes' order, as float32; complex ones by magnitude, and
 * those of a quantised type that has one scale as what they stand for. Reads only rows of the file that hold one of them,
 * where that is less than all.
 * @throws LimitError for more elements than `LIMITS.pictureElements`, UserError for indices that there are not.
 */
export async function tensorBlock(
  tensor: Tensor,
  parts: readonly AxisPart[],
  files: TensorFiles,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const count = checked(tensor, parts);
  const places = placesOf(tensor.shape, parts, count);
  const values = new Float32Array(count);
  const row = rowWise(tensor, parts);
  if (row === null) await scan(tensor, places, values, files, signal);
  else await readRows(tensor, parts, values, row, files, signal);
  const { quantization } = tensor;
  if (quantization?.per === 'tensor') {
    for (let index = 0; index < count; index += 1) values[index] = quantization.scale * ((values[index] ?? 0) - quantization.zeroPoint);
  }
  return values;
}

function checked({ name, shape }: Tensor, parts: readonly AxisPart[]): number {
  if (parts.length !== shape.length) throw new UserError(`Tensor "${name}" has ${shape.length} axes, not ${parts.length}.`);
  let count = 1;
  parts.forEach(({ from, count: indices, step }, axis) => {
    const whole = [from, indices, step].every((value) => Number.isSafeInteger(value) && value >= 0) && step > 0 && indices > 0;
    if (!whole || from + (indices - 1) * step >= (shape[axis] ?? 0))
      throw new UserError(`Tensor "${name}" has no such indices on axis ${axis}.`);
    count *= indices;
  });
  if (count > LIMITS.pictureElements) {
    throw new LimitError(`${count} elements of "${name}" are more than the ${LIMITS.pictureElements} that one picture shows.`, {
      name: 'pictureElements',
      value: LIMITS.pictureElements,
    });
  }
  return count;
}

/** Distance of neighbours on each axis in a packed row-major tensor, in elements. */
function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** Row-major place in the tensor of every element of the block, in the block's order. */
function placesOf(shape: readonly number[], parts: readonly AxisPart[], count: number): Float64Array {
  const strides = stridesOf(shape);
  const places = new Float64Array(count);
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const { from, count: indices, step } = parts[axis] ?? { from: 0, count: 1, step: 1 };
    const stride = strides[axis] ?? 1;
    for (let index = 0; index < count; index += 1) {
      places[index] = (places[index] ?? 0) + (from + (Math.floor(index / inner) % indices) * step) * stride;
    }
    inner *= indices;
  }
  return places;
}

/** The whole tensor chunk by chunk; places ascend in row-major order. */
async function scan(tensor: Tensor, places: Float64Array, values: Float32Array, files: TensorFiles, signal?: AbortSignal): Promise<void> {
  let next = 0;
  let first = 0;
  for await (const numbers of numbersOf(tensor, files, signal)) {
    const end = first + numbers.length;
    for (; next < places.length && (places[next] ?? 0) < end; next += 1) values[next] = Number(numbers[(places[next] ?? 0) - first]);
    first = end;
    if (next >= places.length) return;
  }
}

/** Elements that one row of the block spans, where reading row by row is less than reading all; else `null`. */
function rowWise({ dtype, shape, storage }: Tensor, parts: readonly AxisPart[]): number | null {
  const whole =
    storage.kind === 'encoded' ? codecOf(storage.codec) : storage.kind === 'bytes' && bitsOf(dtype) % 8 === 0 && bitsOf(dtype) > 0;
  if (!whole || shape.length === 0) return null;
  const last = parts.at(-1);
  if (!last) return null;
  const rows = parts.slice(0, -1).reduce((product, { count }) => product * count, 1);
  const all = shape.reduce((product, extent) => product * extent, 1);
  const span = 1 + (last.count - 1) * last.step;
  return rows * (span + ROW_COST) < all ? span : null;
}

/** What a read costs beside its elements, in elements. */
const ROW_COST = 4096;

async function readRows(
  tensor: Tensor,
  parts: readonly AxisPart[],
  values: Float32Array,
  span: number,
  files: TensorFiles,
  signal?: AbortSignal,
): Promise<void> {
  const { shape } = tensor;
  const last = parts.at(-1);
  if (!last) return;
  const outer = placesOf(shape, [...parts.slice(0, -1), { from: last.from, count: 1, step: 1 }], values.length / last.count);
  let at = 0;
  for (const place of outer) {
    signal?.throwIfAborted();
    const { row, lead } = rowAt(tensor, place, span);
    let first = -lead;
    let index = 0;
    for await (const numbers of numbersOf(row, files, signal)) {
      for (; index < last.count && index * last.step < first + numbers.length; index += 1) {
        values[at + index] = Number(numbers[index * last.step - first]);
      }
      first += numbers.length;
    }
    at += last.count;
  }
}

/** The elements from `place` on as a tensor of their own, `lead` others before them: encoded ones begin with their block. */
function rowAt(tensor: Tensor, place: number, span: number): { readonly row: Tensor; readonly lead: number } {
  const { name, dtype, storage } = tensor;
  if (storage.kind === 'bytes') {
    const width = bitsOf(dtype) / 8;
    return {
      row: { name, dtype, shape: [span], storage: { ...storage, offset: storage.offset + place * width, length: span * width } },
      lead: 0,
    };
  }
  const codec = storage.kind === 'encoded' ? codecOf(storage.codec) : undefined;
  if (storage.kind !== 'encoded' || !codec) return { row: tensor, lead: place };
  const lead = place % codec.elements;
  const range = {
    offset: storage.offset + ((place - lead) / codec.elements) * codec.bytes,
    length: Math.ceil((lead + span) / codec.elements) * codec.bytes,
  };
  return { row: { name, dtype, shape: [lead + span], storage: { ...storage, ...range } }, lead };
}
