import { extent, type GraphBuilder, type Handle } from '../graph';
import { feedForward, layerNorm, type Partition, partition, relativeBias, selfAttention, unpartition } from '../layers';
import { expandedBias } from './expandedBias';

/** Attention within windows, or over a grid of positions that lie apart by as many windows. */
export interface PartitionOptions {
  readonly kind: Partition;
  /** Side of a window, and of the grid. */
  readonly side: number;
  readonly headSize: number;
  readonly expansion: number;
  /** How the bias table is read: by two matrix products with one-hot tables, by index, or not at all. */
  readonly bias: 'einsum' | 'gather' | 'none';
}

/** Attention within windows or over a grid, and feed-forward, both with residuals, on `[N, H, W, C]`. */
export function partitionAttention(b: GraphBuilder, x: Handle, options: PartitionOptions): Handle {
  const [height, width, channels] = [extent(x, 1), extent(x, 2), extent(x, 3)];
  const { kind, side, headSize, expansion } = options;
  const heads = channels / headSize;
  const tokens = partition(b, layerNorm(b, 'norm1', x), side, kind);
  const bias = b.scope('attn', () => relativePositions(b, heads, options));
  const mixed = unpartition(b, selfAttention(b, 'attn', tokens, { heads, bias }), side, height, width, kind);
  const attended = b.node('Add', [x, mixed]);
  return b.node('Add', [attended, feedForward(b, 'mlp', layerNorm(b, 'norm2', attended), { hidden: channels * expansion })]);
}

function relativePositions(b: GraphBuilder, heads: number, { bias, side }: PartitionOptions): Handle | null {
  if (bias === 'none') return null;
  return bias === 'gather'
    ? relativeBias(b, 'rel_pos', { heads, height: side, width: side })
    : b.scope('rel_pos', () => expandedBias(b, heads, side));
}
