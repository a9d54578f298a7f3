import { LimitError, UserError } from '../bytes';
import type { RuntimeTensor, TensorData } from './runtime';

/** An input to make up values for; extents are bound. */
export interface InputType {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | string | null)[] | null;
}

/** Elements of one generated input: 256 MB of float32. */
const MAX_ELEMENTS = 2 ** 26;

type Typed = Exclude<TensorData, readonly string[]>;

const ARRAYS: Readonly<Record<string, new (length: number) => Typed>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
};

/**
 * Tensors to run a model on when only its time is asked: floats spread over
 * [0, 1) (float16 over [0.25, 1)), the same every time; integers, booleans and strings 0, false and `''`.
 * `values` are numbers that an input's elements take in turn instead.
 * @throws UserError for an input whose shape or type leaves open what to feed; LimitError for one too large.
 */
export function sampleInputs(
  inputs: readonly InputType[],
  values: ReadonlyMap<string, readonly number[]> = new Map(),
): Record<string, RuntimeTensor> {
  return Object.fromEntries(inputs.map((input) => [input.name, sample(input, values.get(input.name))]));
}

function sample({ name, dtype, shape }: InputType, values: readonly number[] | undefined): RuntimeTensor {
  const extents = shape?.filter((extent) => typeof extent === 'number');
  if (!shape || !extents || extents.length !== shape.length) {
    throw new UserError(`The input ${name} has no fixed shape to measure with. Give it one (--input ${name}=1x3x224x224, --bind NAME=N).`);
  }
  const elements = extents.reduce((product, extent) => product * extent, 1);
  if (elements > MAX_ELEMENTS) {
    throw new LimitError(`The input ${name} of [${extents.join(', ')}] has more than ${MAX_ELEMENTS} elements, too many to measure with.`, {
      name: 'MAX_ELEMENTS',
      value: MAX_ELEMENTS,
    });
  }
  if (dtype === 'string') return { dtype, shape: extents, data: Array.from({ length: elements }, () => '') };
  const Data = ARRAYS[dtype];
  if (!Data)
    throw new UserError(`The input ${name} is of type ${dtype}, which no value can be made up for, so the model cannot be measured.`);
  const data = new Data(elements);
  if (values && values.length > 0) repeat(data, values, { name, dtype });
  else fill(data, dtype);
  return { dtype, shape: extents, data };
}

/** The numbers in turn, as the input's type holds them. */
function repeat(data: Typed, values: readonly number[], { name, dtype }: Pick<InputType, 'name' | 'dtype'>): void {
  if (dtype === 'float16') throw new UserError(`Values of the float16 input ${name} cannot be given as numbers.`);
  const number = (index: number) => values[index % values.length] ?? 0;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let index = 0; index < data.length; index++) data[index] = BigInt(Math.trunc(number(index)));
  } else for (let index = 0; index < data.length; index++) data[index] = number(index);
}

function fill(data: Typed, dtype: string): void {
  if (!dtype.startsWith('float')) return;
  // Park and Miller's minimal standard generator: its products stay below 2^53.
  let state = 1;
  for (let index = 0; index < data.length; index++) {
    state = (state * 48271) % 0x7fffffff;
    // As float16 the bits 0x3400 to 0x3bff are the numbers of [0.25, 1).
    data[index] = dtype === 'float16' ? 0x3400 + (state & 0x7ff) : state / 0x7fffffff;
  }
}
