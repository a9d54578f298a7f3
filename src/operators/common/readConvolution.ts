import type { Shape } from '../../model';
import type { Convolution } from '../meaning';
import type { Attributes } from '../rule';
import { kernelFrom } from './convolution';

/** A convolution as its attributes and its weight's extents tell it; what is unknown is 0 or empty. */
export interface ConvolutionReading {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly group: number;
  /** Channels of the map it reads, and of the one it makes. */
  readonly inputs: number;
  readonly outputs: number;
  readonly channelsLast: boolean;
}

/** Reads weights `[M, C/group, k...]`, or `[C, M/group, k...]` where transposed, whatever the maps' layout. */
export function readConvolution(form: Convolution, attributes: Attributes, weight: readonly number[] | null): ConvolutionReading {
  const kernel = numbers(kernelFrom(weight, attributes.ints('kernel_shape')));
  const group = attributes.int('group', 1);
  const [outer = 0, inner = 0] = weight ?? [];
  return {
    kernel,
    strides: attributes.ints('strides') ?? kernel.map(() => 1),
    group,
    inputs: form.transposed ? outer : inner * group,
    outputs: form.transposed ? inner * group : outer,
    channelsLast: isChannelsLast(form, attributes),
  };
}

/** The operator's layout, or what com.microsoft's quantised ones say in an attribute. */
export function isChannelsLast(form: { readonly channelsLast: boolean }, attributes: Attributes): boolean {
  return form.channelsLast || attributes.int('channels_last', 0) === 1;
}

function numbers(shape: Shape | null): readonly number[] {
  return (shape ?? []).filter((dim) => typeof dim === 'number');
}
