import { extent, type GraphBuilder, type Handle } from '../graph';
import { attentionCore, averagePool, convolution, relativeLogits } from '../layers';

/** Attention in place of the 3x3 convolution of a bottleneck, `[N, C, H, W]` to the same size. */
export interface BottleneckAttentionOptions {
  readonly out: number;
  readonly heads: number;
  readonly stride: number;
  /** Learnt vectors for differences of rows and of columns, against the queries; otherwise content alone. */
  readonly relative: boolean;
}

/**
 * Self-attention over all positions of `[N, C, H, W]` in place of a 3x3
 * convolution (arXiv 2101.11605, figure 4): no output projection; a stride of
 * 2 attends at the full side and pools after it.
 */
export function bottleneckAttention(b: GraphBuilder, name: string, x: Handle, options: BottleneckAttentionOptions): Handle {
  const { out, heads, stride, relative } = options;
  const [height, width] = [extent(x, 2), extent(x, 3)];
  return b.scope(name, () => {
    const qkv = convolution(b, 'qkv', x, { out: 3 * out, kernel: 1 });
    const parts = b.nodeOutputs('Split', [qkv, b.constant([out, out, out])], { axis: 1 }, 3);
    const [q, k, v] = parts.map((part) => {
      const split = b.node('Reshape', [part, b.constant([0, heads, out / heads, height * width])]);
      return b.node('Transpose', [split], { perm: [0, 1, 3, 2] });
    });
    if (!q || !k || !v) throw new Error('q, k and v are three values');
    const scaled = b.node('Mul', [q, b.scalar(1 / Math.sqrt(out / heads))]);
    const bias = relative ? b.scope('pos_embed', () => relativeLogits(b, scaled, height, width)) : null;
    const mixed = attentionCore(b, scaled, k, v, { scale: 1, bias });
    const channels = b.node('Transpose', [mixed], { perm: [0, 1, 3, 2] });
    const image = b.node('Reshape', [channels, b.constant([0, out, height, width])]);
    return stride === 1 ? image : averagePool(b, image, { kernel: 2, stride: 2 });
  });
}
