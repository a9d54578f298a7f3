import { extent, fanIn, type GraphBuilder, type Handle } from '../graph';

/** A convolution as PyTorch's `Conv2d` takes it; padding keeps the size at stride 1 unless given. */
export interface ConvolutionOptions {
  readonly out: number;
  /** Side of a square kernel, or [height, width] (1-D: one number in a list). */
  readonly kernel: number | readonly number[];
  readonly stride?: number;
  /** Zeros per side; default keeps the extent at stride 1 (`floor(dilation * (kernel - 1) / 2)`). `same` is TensorFlow's rule. */
  readonly padding?: number | 'same';
  readonly dilation?: number;
  readonly groups?: number;
  /** Default: none, as a normalisation follows. */
  readonly bias?: boolean;
}

/** Convolution of `[N, C, ...]` with as many spatial axes as the input has; weights `[out, C / groups, ...kernel]`. */
export function convolution(b: GraphBuilder, name: string, x: Handle, options: ConvolutionOptions): Handle {
  const axes = x.shape.length - 2;
  const kernel = typeof options.kernel === 'number' ? new Array<number>(axes).fill(options.kernel) : options.kernel;
  const { out, stride = 1, dilation = 1, groups = 1, bias = false, padding } = options;
  const inputs = extent(x, 1) / groups;
  const fan = inputs * kernel.reduce((product, side) => product * side, 1);
  return b.scope(name, () => {
    const weight = b.weight('weight', [out, inputs, ...kernel], fanIn(fan));
    const given = bias ? [b.weight('bias', [out], fanIn(fan))] : [];
    const pads = kernel.map((side) => (typeof padding === 'number' ? padding : Math.floor((dilation * (side - 1)) / 2)));
    return b.node('Conv', [x, weight, ...given], {
      kernel_shape: kernel,
      strides: kernel.map(() => stride),
      dilations: kernel.map(() => dilation),
      group: groups,
      ...(padding === 'same' ? { auto_pad: 'SAME_UPPER' } : { pads: [...pads, ...pads] }),
    });
  });
}

/** One k x k filter per channel. */
export function depthwise(b: GraphBuilder, name: string, x: Handle, options: Omit<ConvolutionOptions, 'out' | 'groups'>): Handle {
  const channels = extent(x, 1);
  return convolution(b, name, x, { ...options, out: channels, groups: channels });
}
