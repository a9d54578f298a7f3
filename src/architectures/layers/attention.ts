import { extent, type GraphBuilder, type Handle } from '../graph';
import { linear } from './linear';

/** What differs between attentions of one formula (Vaswani et al. 2017, section 3.2.1). */
export interface AttentionCoreOptions {
  /** Multiplied into the queries before the product; 1 / sqrt(head size) unless given. */
  readonly scale?: number;
  /** Added to the scores, broadcast to `[N, heads, queries, keys]`: relative position bias, mask of -inf. */
  readonly bias?: Handle | null;
}

/** `[N, T, heads * size]` to `[N, heads, T, size]`. */
export function splitHeads(b: GraphBuilder, x: Handle, heads: number): Handle {
  const size = extent(x, -1) / heads;
  const split = b.node('Reshape', [x, b.constant([0, extent(x, 1), heads, size])]);
  return b.node('Transpose', [split], { perm: [0, 2, 1, 3] });
}

/** `[N, heads, T, size]` to `[N, T, heads * size]`. */
export function mergeHeads(b: GraphBuilder, x: Handle): Handle {
  const last = b.node('Transpose', [x], { perm: [0, 2, 1, 3] });
  return b.node('Reshape', [last, b.constant([0, extent(last, 1), extent(last, 2) * extent(last, 3)])]);
}

/**
 * softmax(scale q k^T + bias) v for q `[N, heads, queries, d]`, k and v
 * `[N, heads, keys, d]` (arXiv 1706.03762, section 3.2.1).
 */
export function attentionCore(b: GraphBuilder, q: Handle, k: Handle, v: Handle, options: AttentionCoreOptions = {}): Handle {
  const scale = options.scale ?? 1 / Math.sqrt(extent(q, -1));
  const scaled = scale === 1 ? q : b.node('Mul', [q, b.scalar(scale)]);
  const scores = b.node('MatMul', [scaled, b.node('Transpose', [k], { perm: [0, 1, 3, 2] })]);
  const biased = options.bias ? b.node('Add', [scores, options.bias]) : scores;
  return b.node('MatMul', [b.node('Softmax', [biased], { axis: -1 }), v]);
}

/** Queries, keys and values of one sequence, each projected from it. */
export interface SelfAttentionOptions extends AttentionCoreOptions {
  readonly heads: number;
  /** Width of each head; width / heads unless given. */
  readonly headSize?: number;
  /** One matrix for q, k and v (timm, torchvision) or three. */
  readonly fused?: boolean;
  readonly qkvBias?: boolean;
  /** Width after the output projection; the input's unless given. */
  readonly out?: number;
}

/** Multi-head self-attention over `[N, T, C]` with its projections. */
export function selfAttention(b: GraphBuilder, name: string, x: Handle, options: SelfAttentionOptions): Handle {
  const width = extent(x, -1);
  const inner = (options.headSize ?? width / options.heads) * options.heads;
  const bias = options.qkvBias ?? true;
  return b.scope(name, () => {
    const [q, k, v] =
      (options.fused ?? true) ? fusedQkv(b, x, inner, bias) : (['q', 'k', 'v'] as const).map((part) => linear(b, part, x, inner, { bias }));
    if (!q || !k || !v) throw new Error('q, k and v are three values');
    const [qh, kh, vh] = [splitHeads(b, q, options.heads), splitHeads(b, k, options.heads), splitHeads(b, v, options.heads)];
    return linear(b, 'proj', mergeHeads(b, attentionCore(b, qh, kh, vh, options)), options.out ?? width);
  });
}

function fusedQkv(b: GraphBuilder, x: Handle, inner: number, bias: boolean): readonly Handle[] {
  const qkv = linear(b, 'qkv', x, 3 * inner, { bias });
  return b.nodeOutputs('Split', [qkv, b.constant([inner, inner, inner])], { axis: -1 }, 3);
}
