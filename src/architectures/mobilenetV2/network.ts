import { extent, type GraphBuilder, type Handle } from '../graph';
import {
  type ActivationName,
  activation,
  batchNorm,
  type ConvolutionOptions,
  convolution,
  depthwise,
  globalAveragePool,
  linear,
  squeezeExcite,
} from '../layers';

/** Blocks of one width; the first has the stride. */
export interface MobileStage {
  /** Factor of the channels inside a block; 1 leaves the expansion out. */
  readonly expansion: number;
  readonly channels: number;
  readonly blocks: number;
  readonly stride: number;
  readonly kernel: number;
  /** Width of squeeze-and-excitation as a part of the block's input channels; 0 for none. */
  readonly squeeze: number;
}

/** The block that a widening convolution belongs to. */
export interface BlockPlace {
  /** Counts from 1. */
  readonly stage: number;
  readonly stride: number;
  /** Channels that the block puts out. */
  readonly channels: number;
}

/** Pointwise convolution that widens a block's input, or what stands in its place. */
export type Expansion = (b: GraphBuilder, name: string, x: Handle, out: number, place: BlockPlace) => Handle;

/** Channels of the stem, the stages and the last convolution before the classifier. */
export interface MobileOptions {
  readonly stem: number;
  readonly stages: readonly MobileStage[];
  readonly head: number;
  readonly classes: number;
  readonly activation: ActivationName;
  /** TensorFlow's padding, which may be uneven, instead of the same on both sides. */
  readonly same?: boolean;
  readonly expand?: Expansion;
}

/** Channels rounded to a multiple of 8, at least 8 and not more than a tenth below (arXiv 1801.04381's reference code). */
export function multipleOf8(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

/** Logits of a network of inverted residuals over images `[N, 3, H, W]`: MobileNetV2, MnasNet, EfficientNet. */
export function mobileNetwork(b: GraphBuilder, image: Handle, options: MobileOptions): Handle {
  let x = normalised(b, ['conv_stem', 'bn1'], image, { out: options.stem, kernel: 3, stride: 2 }, options);
  options.stages.forEach((stage, index) => {
    b.scope('blocks', () =>
      b.scope(String(index), () => {
        for (let block = 0; block < stage.blocks; block++) {
          const stride = block === 0 ? stage.stride : 1;
          x = b.scope(String(block), () => invertedResidual(b, x, { ...stage, stride }, index + 1, options));
        }
      }),
    );
  });
  const features = normalised(b, ['conv_head', 'bn2'], x, { out: options.head, kernel: 1 }, options);
  return linear(b, 'classifier', globalAveragePool(b, features), options.classes);
}

/** Expansion 1x1, depthwise k x k, squeeze-and-excitation, linear projection 1x1; summed with the input where shapes allow. */
function invertedResidual(b: GraphBuilder, x: Handle, stage: MobileStage, number: number, options: MobileOptions): Handle {
  const input = extent(x, 1);
  const wide = stage.expansion === 1 ? x : expanded(b, x, stage.expansion * input, { ...stage, stage: number }, options);
  const spatial = depthwise(b, 'conv_dw', wide, { kernel: stage.kernel, stride: stage.stride, ...padding(options) });
  const filtered = activation(b, options.activation, batchNorm(b, 'bn2', spatial));
  const hidden = Math.max(1, Math.round(stage.squeeze * input));
  const gated = stage.squeeze === 0 ? filtered : squeezeExcite(b, 'se', filtered, { hidden, activation: options.activation });
  const out = batchNorm(b, 'bn3', convolution(b, 'conv_pwl', gated, { out: stage.channels, kernel: 1 }));
  return stage.stride === 1 && input === stage.channels ? b.node('Add', [x, out]) : out;
}

function expanded(b: GraphBuilder, x: Handle, out: number, place: BlockPlace, options: MobileOptions): Handle {
  const wide = options.expand?.(b, 'conv_pw', x, out, place) ?? convolution(b, 'conv_pw', x, { out, kernel: 1 });
  return activation(b, options.activation, batchNorm(b, 'bn1', wide));
}

function normalised(
  b: GraphBuilder,
  [conv, norm]: readonly [string, string],
  x: Handle,
  at: ConvolutionOptions,
  options: MobileOptions,
): Handle {
  return activation(b, options.activation, batchNorm(b, norm, convolution(b, conv, x, { ...at, ...padding(options) })));
}

function padding({ same }: MobileOptions): { readonly padding?: 'same' } {
  return same ? { padding: 'same' } : {};
}
