import { extent, type Fill, type GraphBuilder, type Handle } from '../graph';
import { convolution, feedForward, imageToTokens, layerNorm, linear, selfAttention } from '../layers';

/** Patches, width and depth of the encoder. */
export interface VitOptions {
  readonly patch: number;
  readonly dim: number;
  readonly layers: number;
  readonly heads: number;
  readonly mlp: number;
  /** Adds the learned position table. */
  readonly position: boolean;
  readonly classes: number;
  readonly classToken: boolean;
  /** DeiT's second token with a classifier of its own; the two are averaged (arXiv 2012.12877, section 4). */
  readonly distilled: boolean;
}

const EPSILON = 1e-6;
const TABLE: Fill = { kind: 'uniform', bound: 0.02 * Math.sqrt(3) };

/** Logits of a Vision Transformer (arXiv 2010.11929) over images `[N, 3, H, W]`; names are timm's. */
export function vit(b: GraphBuilder, image: Handle, options: VitOptions): Handle {
  const { dim, patch } = options;
  const extra = (options.classToken ? 1 : 0) + (options.distilled ? 1 : 0);
  let x = b.scope('patch_embed', () =>
    imageToTokens(b, convolution(b, 'proj', image, { out: dim, kernel: patch, stride: patch, padding: 0, bias: true })),
  );
  if (extra > 0) x = withTokens(b, x, options);
  if (options.position) x = b.node('Add', [x, b.weight('pos_embed', [1, extent(x, 1), dim], TABLE)]);
  b.scope('blocks', () => {
    for (let layer = 0; layer < options.layers; layer++) x = b.scope(String(layer), () => block(b, x, options));
  });
  const normal = layerNorm(b, 'norm', x, EPSILON);
  if (extra === 0) return linear(b, 'head', b.node('ReduceMean', [normal], { axes: [1], keepdims: 0 }), options.classes);
  const logits = linear(b, 'head', tokenAt(b, normal, 0), options.classes);
  if (!options.distilled) return logits;
  const second = linear(b, 'head_dist', tokenAt(b, normal, 1), options.classes);
  return b.node('Mul', [b.node('Add', [logits, second]), b.scalar(0.5)]);
}

function block(b: GraphBuilder, x: Handle, { heads, mlp }: VitOptions): Handle {
  const mixed = b.node('Add', [x, selfAttention(b, 'attn', layerNorm(b, 'norm1', x, EPSILON), { heads })]);
  return b.node('Add', [mixed, feedForward(b, 'mlp', layerNorm(b, 'norm2', mixed, EPSILON), { hidden: mlp })]);
}

/** The class token, and the distillation token, in front of the patches of every image. */
function withTokens(b: GraphBuilder, x: Handle, { dim, distilled }: VitOptions): Handle {
  const batch = b.node('Shape', [x], { start: 0, end: 1 });
  const shape = b.node('Concat', [batch, b.constant([1, dim])], { axis: 0 });
  const names = distilled ? ['cls_token', 'dist_token'] : ['cls_token'];
  const tokens = names.map((name) => b.node('Expand', [b.weight(name, [1, 1, dim], TABLE), shape]));
  return b.node('Concat', [...tokens, x], { axis: 1 });
}

function tokenAt(b: GraphBuilder, x: Handle, index: number): Handle {
  return b.node('Gather', [x, b.constant([index], 'int64', [])], { axis: 1 });
}
