import { type MbconvOptions, mbconv } from '../coatnet/mbconv';
import type { GraphBuilder, Handle } from '../graph';
import { activation, batchNorm, convolution, globalAveragePool, layerNorm, linear } from '../layers';
import { type PartitionOptions, partitionAttention } from './partitionAttention';

/** Blocks and channels of the stem and of four stages. */
export interface MaxVitOptions {
  readonly stem: number;
  readonly dims: readonly number[];
  readonly depths: readonly number[];
  readonly mbconv: Omit<MbconvOptions, 'out' | 'stride'>;
  readonly attention: Omit<PartitionOptions, 'kind'>;
  /** Width of a linear layer with tanh before the classifier; 0 leaves it out. */
  readonly preLogits: number;
  readonly classes: number;
}

/** Logits of a MaxViT (arXiv 2204.01697) over images `[N, 3, H, W]`; names are timm's. */
export function maxvit(b: GraphBuilder, image: Handle, options: MaxVitOptions): Handle {
  let x = b.scope('stem', () => {
    const first = convolution(b, 'conv1', image, { out: options.stem, kernel: 3, stride: 2, bias: true });
    return convolution(b, 'conv2', activation(b, 'gelu', batchNorm(b, 'norm1', first)), { out: options.stem, kernel: 3, bias: true });
  });
  b.scope('stages', () =>
    options.depths.forEach((depth, stage) => {
      b.scope(String(stage), () =>
        b.scope('blocks', () => {
          for (let index = 0; index < depth; index++)
            x = b.scope(String(index), () => block(b, x, options.dims[stage] ?? 0, index === 0 ? 2 : 1, options));
        }),
      );
    }),
  );
  return b.scope('head', () => head(b, x, options));
}

/** MBConv, attention within windows, attention over the grid (section 3.3). */
function block(b: GraphBuilder, x: Handle, out: number, stride: number, options: MaxVitOptions): Handle {
  const local = b.scope('conv', () => mbconv(b, x, { ...options.mbconv, out, stride }));
  let image = b.node('Transpose', [local], { perm: [0, 2, 3, 1] });
  image = b.scope('attn_block', () => partitionAttention(b, image, { ...options.attention, kind: 'window' }));
  image = b.scope('attn_grid', () => partitionAttention(b, image, { ...options.attention, kind: 'grid' }));
  return b.node('Transpose', [image], { perm: [0, 3, 1, 2] });
}

function head(b: GraphBuilder, x: Handle, { preLogits, classes }: MaxVitOptions): Handle {
  const pooled = layerNorm(b, 'norm', globalAveragePool(b, x));
  if (preLogits === 0) return linear(b, 'fc', pooled, classes);
  const features = b.scope('pre_logits', () => b.node('Tanh', [linear(b, 'fc', pooled, preLogits)]));
  return linear(b, 'fc', features, classes);
}
