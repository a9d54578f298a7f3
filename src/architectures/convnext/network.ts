import { extent, type Fill, type GraphBuilder, type Handle } from '../graph';
import { channelLayerNorm, convolution, depthwise, feedForward, globalAveragePool, layerNorm, linear } from '../layers';

/** Blocks and channels of the four stages. */
export interface ConvNeXtOptions {
  readonly dims: readonly number[];
  readonly depths: readonly number[];
  /** Side of the depthwise kernel. */
  readonly kernel: number;
  readonly mlpRatio: number;
  /** A learned factor of each channel of a block's branch. */
  readonly layerScale: boolean;
  readonly classes: number;
}

const EPSILON = 1e-6;
const SCALE: Fill = { kind: 'constant', value: 1e-6 };

/** Logits of a ConvNeXt (arXiv 2201.03545) over images `[N, 3, H, W]`. */
export function convnext(b: GraphBuilder, image: Handle, options: ConvNeXtOptions): Handle {
  const { dims, depths } = options;
  let x = b.scope('stem', () =>
    channelLayerNorm(b, '1', convolution(b, '0', image, { out: dims[0] ?? 0, kernel: 4, stride: 4, padding: 0, bias: true }), EPSILON),
  );
  b.scope('stages', () =>
    depths.forEach((depth, stage) => {
      x = b.scope(String(stage), () => {
        let within = stage === 0 ? x : b.scope('downsample', () => downsample(b, x, dims[stage] ?? 0));
        b.scope('blocks', () => {
          for (let index = 0; index < depth; index++) within = b.scope(String(index), () => block(b, within, options));
        });
        return within;
      });
    }),
  );
  const pooled = globalAveragePool(b, x);
  return b.scope('head', () => linear(b, 'fc', layerNorm(b, 'norm', pooled, EPSILON), options.classes));
}

/** LayerNorm, then 2 x 2 with stride 2. */
function downsample(b: GraphBuilder, x: Handle, out: number): Handle {
  return convolution(b, '1', channelLayerNorm(b, '0', x, EPSILON), { out, kernel: 2, stride: 2, padding: 0, bias: true });
}

/** Depthwise, LayerNorm and two linear layers on `[N, H, W, C]`, scaled, plus the input. */
function block(b: GraphBuilder, x: Handle, { kernel, mlpRatio, layerScale }: ConvNeXtOptions): Handle {
  const channels = extent(x, 1);
  const mixed = b.node('Transpose', [depthwise(b, 'conv_dw', x, { kernel, bias: true })], { perm: [0, 2, 3, 1] });
  const fed = feedForward(b, 'mlp', layerNorm(b, 'norm', mixed, EPSILON), { hidden: Math.round(channels * mlpRatio) });
  const image = b.node('Transpose', [fed], { perm: [0, 3, 1, 2] });
  const branch = layerScale ? b.node('Mul', [b.weight('gamma', [channels, 1, 1], SCALE), image]) : image;
  return b.node('Add', [branch, x]);
}
