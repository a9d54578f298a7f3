import { extent, fanIn, type GraphBuilder, type Handle } from '../graph';
import { feedForward, gatedLinearUnit, kernelPads, linear, padSteps, swapSteps } from '../layers';
import { addAndNormalise, crossAttend, type TranslationLayers, type TranslationOptions } from '../transformer/network';

/** What stands where a Transformer has self-attention: `[N, steps, width]` to the same. */
export interface StepConvolution {
  readonly kernel: number;
  readonly heads: number;
  readonly causal: boolean;
}

/** A convolution over the steps of `[N, T, C]` that keeps the length. */
export type StepLayer = (b: GraphBuilder, x: Handle, options: StepConvolution) => Handle;

/**
 * Depthwise convolution whose kernels are normalised by a softmax over their
 * taps and shared by each C / heads neighbouring channels: heads * kernel
 * weights (arXiv 1901.10430, section 3).
 */
export function lightConvolution(b: GraphBuilder, x: Handle, { kernel, heads, causal }: StepConvolution): Handle {
  const channels = extent(x, -1);
  const weight = b.node('Softmax', [b.weight('weight', [heads, 1, kernel], fanIn(kernel))], { axis: -1 });
  const repeated = b.node('Expand', [weight, b.constant([heads, channels / heads, kernel])]);
  const filters = b.node('Reshape', [repeated, b.constant([channels, 1, kernel])]);
  const padded = padSteps(b, swapSteps(b, x), kernelPads(kernel, causal), 2);
  const mixed = b.node('Conv', [padded, filters], { kernel_shape: [kernel], group: channels });
  return swapSteps(b, mixed);
}

/** Encoder and decoder layers around that convolution. */
export interface ConvolutionStackOptions {
  readonly encoderKernels: readonly number[];
  readonly decoderKernels: readonly number[];
  /** Doubles the layer before the convolution, and gates. */
  readonly glu: boolean;
  readonly convolve: StepLayer;
}

/** The Transformer with its self-attentions replaced by convolutions (arXiv 1901.10430, section 5). */
export function convolutionLayers(options: TranslationOptions, stack: ConvolutionStackOptions): TranslationLayers {
  const { heads, hidden } = options;
  const feed = (b: GraphBuilder, name: string, x: Handle) =>
    addAndNormalise(b, name, x, feedForward(b, 'ffn', x, { hidden, activation: 'relu' }));
  return {
    encoder: stack.encoderKernels.map((kernel) => (b, x) => feed(b, 'norm2', mix(b, x, { kernel, heads, causal: false }, stack))),
    decoder: stack.decoderKernels.map((kernel) => (b, x, memory) => {
      const own = mix(b, x, { kernel, heads, causal: true }, stack);
      return feed(b, 'norm3', crossAttend(b, own, memory, heads));
    }),
  };
}

function mix(b: GraphBuilder, x: Handle, at: StepConvolution, { glu, convolve }: ConvolutionStackOptions): Handle {
  const width = extent(x, -1);
  const entered = linear(b, 'linear1', x, glu ? 2 * width : width);
  const gated = glu ? gatedLinearUnit(b, entered) : entered;
  const mixed = b.scope('conv', () => convolve(b, gated, at));
  return addAndNormalise(b, 'norm1', x, linear(b, 'linear2', mixed, width));
}
