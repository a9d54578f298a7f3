import { extent, type GraphBuilder, type Handle } from '../graph';
import { attentionCore, mergeHeads, splitHeads } from './attention';
import { linear } from './linear';

/** Attention of one sequence over another or itself, in several heads. */
export interface MultiHeadOptions {
  readonly heads: number;
  readonly bias?: boolean;
  /** Added to the scores, broadcast to `[N, heads, queries, keys]`. */
  readonly mask?: Handle | null;
}

/**
 * Multi-head attention of `[N, queries, C]` over `memory` `[N, keys, C]`
 * (arXiv 1706.03762, section 3.2.2): `q_proj`, `k_proj`, `v_proj`, `out_proj`,
 * four C x C matrices. Over itself with `memory` = `x`.
 */
export function multiHeadAttention(b: GraphBuilder, name: string, x: Handle, memory: Handle, options: MultiHeadOptions): Handle {
  const width = extent(x, -1);
  const bias = options.bias ?? true;
  return b.scope(name, () => {
    const q = splitHeads(b, linear(b, 'q_proj', x, width, { bias }), options.heads);
    const k = splitHeads(b, linear(b, 'k_proj', memory, width, { bias }), options.heads);
    const v = splitHeads(b, linear(b, 'v_proj', memory, width, { bias }), options.heads);
    return linear(b, 'out_proj', mergeHeads(b, attentionCore(b, q, k, v, { bias: options.mask ?? null })), width, { bias });
  });
}

/** `[steps, steps]`: 0 where a step may look, minus infinity at later steps. */
export function causalMask(b: GraphBuilder, steps: number): Handle {
  const hidden = b.node('Expand', [b.scalar(Number.NEGATIVE_INFINITY), b.constant([steps, steps])]);
  return b.node('Trilu', [hidden, b.scalar(1, 'int64')], { upper: 1 });
}

/** Positions `first`, `first + step`... as sine and cosine of falling frequencies, `[count, width]` (arXiv 1706.03762, section 3.5). */
export function sinusoids(b: GraphBuilder, count: number, width: number, { first = 0, step = 1 } = {}): Handle {
  const half = width / 2;
  const position = b.node('Range', [b.scalar(first), b.scalar(first + count * step), b.scalar(step)]);
  const index = b.node('Range', [b.scalar(0), b.scalar(half), b.scalar(1)]);
  const frequency = b.node('Exp', [b.node('Mul', [index, b.scalar(-Math.log(10_000) / half)])]);
  const angle = b.node('Mul', [b.node('Reshape', [position, b.constant([count, 1])]), frequency]);
  const pair = ['Sin', 'Cos'].map((op) => b.node('Unsqueeze', [b.node(op, [angle]), b.constant([2])]));
  return b.node('Reshape', [b.node('Concat', pair, { axis: 2 }), b.constant([count, width])]);
}

/** First half times the sigmoid of the second, over the last axis: `[..., 2 C]` to `[..., C]` (arXiv 1612.08083). */
export function gatedLinearUnit(b: GraphBuilder, x: Handle): Handle {
  const half = extent(x, -1) / 2;
  const [value, gate] = b.nodeOutputs('Split', [x, b.constant([half, half])], { axis: -1 }, 2);
  if (!value || !gate) throw new Error('a split in two has two parts');
  return b.node('Mul', [value, b.node('Sigmoid', [gate])]);
}

/** Zeros before and after the steps of `[N, C, T]` (axis 2) or `[N, T, C]` (axis 1). */
export function padSteps(b: GraphBuilder, x: Handle, [before, after]: readonly [number, number], axis: 1 | 2): Handle {
  if (before === 0 && after === 0) return x;
  const pads = axis === 1 ? [0, before, 0, 0, after, 0] : [0, 0, before, 0, 0, after];
  return b.node('Pad', [x, b.constant(pads)]);
}

/** Zeros that keep the length under a kernel: all before for a causal one, else as even as they come. */
export function kernelPads(kernel: number, causal: boolean): readonly [number, number] {
  const before = causal ? kernel - 1 : Math.floor((kernel - 1) / 2);
  return [before, kernel - 1 - before];
}

/** Swaps steps and channels. */
export function swapSteps(b: GraphBuilder, x: Handle): Handle {
  return b.node('Transpose', [x], { perm: [0, 2, 1] });
}
