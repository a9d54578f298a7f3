import { extent, type GraphBuilder, type Handle } from '../graph';
import { attentionCore } from './attention';
import { convolution } from './convolution';
import { addSinePositions, appendCoordinates } from './imagePositions';
import { averagePool } from './pooling';
import { relativeLogits } from './relativeLogits';
import { resize } from './resize';

/** How attention over an image learns where its queries and keys stand (Bello et al. 2019, table 5). */
export type ImagePositions = 'relative' | 'sine' | 'coordconv' | 'none';

/** What a network chooses once for all its augmented layers. */
export interface Augmentation {
  /** Depth of the keys, and of the values, as a part of the layer's outputs. */
  readonly kappa: number;
  readonly upsilon: number;
  readonly heads: number;
  /** Least depth of the keys in each head. */
  readonly minimumKeys: number;
  readonly positions: ImagePositions;
}

/** A convolution whose last channels come from attention (Bello et al. 2019, section 3). */
export interface AttentionAugmentedOptions extends Augmentation {
  readonly out: number;
  /** Channels that kappa and upsilon are parts of; `out` unless given. */
  readonly whole?: number;
  readonly kernel: number;
  readonly stride?: number;
  /** Attend on a map of half the side: 3x3 average pooling before, bilinear upsampling after. */
  readonly pooled?: boolean;
}

/** Depth of keys and values over all heads; without values nothing attends. */
export function augmentedDepths(
  out: number,
  { kappa, upsilon, heads, minimumKeys, whole = out }: Augmentation & { readonly whole?: number },
): { readonly dk: number; readonly dv: number } {
  const part = (ratio: number) => Math.floor((ratio * whole) / heads + 1e-9) * heads;
  return { dk: Math.max(minimumKeys * heads, part(kappa)), dv: Math.min(part(upsilon), Math.floor(out / heads) * heads) };
}

/**
 * Attention-augmented convolution of `[N, C, H, W]` (arXiv 1904.09925): dv of
 * the outputs come from self-attention over all positions, the others from a
 * convolution beside it. Without dv it is that convolution alone.
 */
export function attentionAugmented(b: GraphBuilder, name: string, x: Handle, options: AttentionAugmentedOptions): Handle {
  const { out, kernel, stride = 1 } = options;
  const { dk, dv } = augmentedDepths(out, options);
  if (dv === 0) return convolution(b, name, x, { out, kernel, stride });
  return b.scope(name, () => {
    const convolved = dv === out ? [] : [convolution(b, 'conv', x, { out: out - dv, kernel, stride })];
    const attended = b.scope('attention', () => {
      const source = options.pooled ? averagePool(b, x, { kernel: 3, stride: 2, padding: 1 }) : x;
      const mixed = imageAttention(b, source, dk, dv, stride, options);
      return options.pooled ? upsample(b, mixed, [x, ...convolved], stride) : mixed;
    });
    return convolved.length === 0 ? attended : b.node('Concat', [...convolved, attended], { axis: 1 });
  });
}

function imageAttention(b: GraphBuilder, x: Handle, dk: number, dv: number, stride: number, options: Augmentation): Handle {
  const { heads, positions } = options;
  const qkv = convolution(b, 'qkv', withPositions(b, x, positions), { out: 2 * dk + dv, kernel: 1, stride });
  const [height, width] = [extent(qkv, 2), extent(qkv, 3)];
  const parts = b.nodeOutputs('Split', [qkv, b.constant([dk, dk, dv])], { axis: 1 }, 3);
  const [q, k, v] = parts.map((part) => headsOf(b, part, heads));
  if (!q || !k || !v) throw new Error('q, k and v are three values');
  const scaled = b.node('Mul', [q, b.scalar(1 / Math.sqrt(dk / heads))]);
  const bias = positions === 'relative' ? relativeLogits(b, scaled, height, width) : null;
  const mixed = b.node('Transpose', [attentionCore(b, scaled, k, v, { scale: 1, bias })], { perm: [0, 1, 3, 2] });
  return convolution(b, 'proj', b.node('Reshape', [mixed, b.constant([0, dv, height, width])]), { out: dv, kernel: 1 });
}

/** `[N, heads * d, H, W]` to `[N, heads, H * W, d]`. */
function headsOf(b: GraphBuilder, x: Handle, heads: number): Handle {
  const split = b.node('Reshape', [x, b.constant([0, heads, extent(x, 1) / heads, extent(x, 2) * extent(x, 3)])]);
  return b.node('Transpose', [split], { perm: [0, 1, 3, 2] });
}

function withPositions(b: GraphBuilder, x: Handle, positions: ImagePositions): Handle {
  if (positions === 'sine') return addSinePositions(b, x);
  return positions === 'coordconv' ? appendCoordinates(b, x) : x;
}

/** To the side that the layer's other outputs have. */
function upsample(b: GraphBuilder, x: Handle, [input, convolved]: readonly Handle[], stride: number): Handle {
  const side = (axis: 2 | 3) => (convolved ? extent(convolved, axis) : Math.ceil(extent(input ?? x, axis) / stride));
  return resize(b, x, side(2), side(3), 'linear');
}
