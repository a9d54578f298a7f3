import { extent, type GraphBuilder, type Handle } from '../graph';
import { activation, batchNorm, convolution, globalAveragePool, layerNorm, linear } from '../layers';
import { type MbconvOptions, mbconv } from './mbconv';
import { type TransformerStageOptions, transformerStage } from './transformer';

/** A stage of MBConv blocks (`C`) or of relative attention blocks (`T`). */
export interface Stage {
  readonly kind: 'C' | 'T';
  readonly dim: number;
  readonly depth: number;
  /** Of the first block. */
  readonly stride: number;
}

/** The whole network: blocks and channels of the stem and of four stages. */
export interface CoAtNetOptions {
  /** Two convolutions with stride 2, or one convolution over patches of 16 (ViT_REL). */
  readonly stem: { readonly kind: 'convolutions' | 'patches'; readonly dim: number };
  readonly stages: readonly Stage[];
  readonly mbconv: Omit<MbconvOptions, 'out' | 'stride'>;
  readonly transformer: Omit<TransformerStageOptions, 'out' | 'depth' | 'stride'>;
  /** A linear layer with tanh before the classifier. */
  readonly preLogits: boolean;
  readonly classes: number;
}

/** Logits of a CoAtNet (arXiv 2106.04803) over images `[N, 3, H, W]`; names are timm's. */
export function coatnet(b: GraphBuilder, image: Handle, options: CoAtNetOptions): Handle {
  let x = b.scope('stem', () => stem(b, image, options.stem));
  b.scope('stages', () =>
    options.stages.forEach((stage, index) => {
      x = b.scope(String(index), () => b.scope('blocks', () => stageOf(b, x, stage, options)));
    }),
  );
  return b.scope('head', () => head(b, x, options));
}

function stem(b: GraphBuilder, image: Handle, { kind, dim }: CoAtNetOptions['stem']): Handle {
  if (kind === 'patches') return convolution(b, 'proj', image, { out: dim, kernel: 16, stride: 16, padding: 0, bias: true });
  const first = activation(b, 'gelu', batchNorm(b, 'norm1', convolution(b, 'conv1', image, { out: dim, kernel: 3, stride: 2 })));
  return convolution(b, 'conv2', first, { out: dim, kernel: 3 });
}

function stageOf(b: GraphBuilder, input: Handle, { kind, dim, depth, stride }: Stage, options: CoAtNetOptions): Handle {
  if (kind === 'T') return transformerStage(b, input, { ...options.transformer, out: dim, depth, stride });
  let x = input;
  for (let block = 0; block < depth; block++) {
    x = b.scope(String(block), () => mbconv(b, x, { ...options.mbconv, out: dim, stride: block === 0 ? stride : 1 }));
  }
  return x;
}

function head(b: GraphBuilder, x: Handle, { preLogits, classes }: CoAtNetOptions): Handle {
  const pooled = layerNorm(b, 'norm', globalAveragePool(b, x));
  const features = preLogits ? b.scope('pre_logits', () => b.node('Tanh', [linear(b, 'fc', pooled, extent(pooled, -1))])) : pooled;
  return linear(b, 'fc', features, classes);
}
