import { extent, fanIn, type GraphBuilder, type Handle } from '../graph';
import { batchNorm, type ConvolutionOptions, convolution } from '../layers';

/** Inner width of a bottleneck: a quarter of its input, which is its output too where the sides stay. */
const NARROWING = 4;

/** PReLU with one slope in the encoder, ReLU in the decoder. */
export type Activation = 'prelu' | 'relu';

/** A bottleneck that keeps the size: plain, dilated, or with a 5x1 and a 1x5 convolution. */
export interface RegularOptions {
  readonly activation: Activation;
  readonly dilation?: number;
  /** A 5x1 and a 1x5 convolution in place of the 3x3. */
  readonly asymmetric?: boolean;
}

/** Activation named where it needs a slope. */
export function activate(b: GraphBuilder, name: string, x: Handle, activation: Activation): Handle {
  if (activation === 'relu') return b.node('Relu', [x]);
  return b.scope(name, () => b.node('PRelu', [x, b.weight('weight', [1], { kind: 'constant', value: 0.25 })]));
}

/** Convolution, BatchNorm and activation. */
export function unit(b: GraphBuilder, name: string, x: Handle, at: ConvolutionOptions, activation: Activation): Handle {
  return b.scope(name, () => activate(b, 'act', batchNorm(b, 'bn', convolution(b, 'conv', x, at)), activation));
}

/** 1x1 to a quarter, a 3x3 (dilated, or split into 5x1 and 1x5), 1x1 back, summed with the input. */
export function regularBottleneck(b: GraphBuilder, x: Handle, options: RegularOptions): Handle {
  const { activation, dilation = 1 } = options;
  const [channels, inner] = [extent(x, 1), extent(x, 1) / NARROWING];
  let y = unit(b, 'reduce', x, { out: inner, kernel: 1 }, activation);
  if (options.asymmetric) {
    y = unit(b, 'vertical', y, { out: inner, kernel: [5, 1] }, activation);
    y = unit(b, 'horizontal', y, { out: inner, kernel: [1, 5] }, activation);
  } else {
    y = unit(b, 'middle', y, { out: inner, kernel: 3, dilation }, activation);
  }
  y = unit(b, 'expand', y, { out: channels, kernel: 1 }, activation);
  return activate(b, 'out', b.node('Add', [x, y]), activation);
}

/** A map of half the sides, and where each maximum of the shortcut stood. */
export interface Downsampled {
  readonly map: Handle;
  readonly indices: Handle;
}

/** What a bottleneck that halves the sides narrows to a quarter of. */
export type Narrowed = 'input' | 'output';

/** 2x2 with stride 2, 3x3 and 1x1 beside max-pooling, whose missing channels are zeros. */
export function downsamplingBottleneck(b: GraphBuilder, x: Handle, out: number, narrowed: Narrowed): Downsampled {
  const inner = (narrowed === 'input' ? extent(x, 1) : out) / NARROWING;
  const [pooled, indices] = b.nodeOutputs('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2] }, 2);
  if (!pooled || !indices) throw new Error('MaxPool has two outputs');
  let y = unit(b, 'reduce', x, { out: inner, kernel: 2, stride: 2, padding: 0 }, 'prelu');
  y = unit(b, 'middle', y, { out: inner, kernel: 3 }, 'prelu');
  y = unit(b, 'expand', y, { out, kernel: 1 }, 'prelu');
  const shortcut = b.node('Pad', [pooled, b.constant([0, 0, 0, 0, 0, out - extent(x, 1), 0, 0])]);
  return { map: activate(b, 'out', b.node('Add', [shortcut, y]), 'prelu'), indices };
}

/** 1x1, transposed 2x2 with stride 2 and 1x1 beside a 1x1 whose values go back to where the maxima stood. */
export function upsamplingBottleneck(b: GraphBuilder, x: Handle, indices: Handle, out: number): Handle {
  const inner = extent(x, 1) / NARROWING;
  const shortcut = b.scope('shortcut', () => batchNorm(b, 'bn', convolution(b, 'conv', x, { out, kernel: 1 })));
  const unpooled = b.node('MaxUnpool', [shortcut, indices], { kernel_shape: [2, 2], strides: [2, 2] });
  let y = unit(b, 'reduce', x, { out: inner, kernel: 1 }, 'relu');
  y = b.node('Relu', [b.scope('middle', () => batchNorm(b, 'bn', transposed(b, 'conv', y, inner, { kernel: 2 })))]);
  y = unit(b, 'expand', y, { out, kernel: 1 }, 'relu');
  return b.node('Relu', [b.node('Add', [unpooled, y])]);
}

/** Transposed convolution with stride 2 that doubles the sides; weights `[in, out, k, k]`, no bias. */
export function transposed(b: GraphBuilder, name: string, x: Handle, out: number, { kernel }: { readonly kernel: 2 | 3 }): Handle {
  const inputs = extent(x, 1);
  const pad = kernel - 2;
  return b.scope(name, () =>
    b.node('ConvTranspose', [x, b.weight('weight', [inputs, out, kernel, kernel], fanIn(out * kernel * kernel))], {
      kernel_shape: [kernel, kernel],
      strides: [2, 2],
      pads: [pad, pad, pad, pad],
      output_padding: [pad, pad],
    }),
  );
}
