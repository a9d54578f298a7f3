import { extent, type Fill, type GraphBuilder, type Handle } from '../graph';
import { causalMask, multiHeadAttention, relativeBias } from '../layers';

/** One layer of self-attention over `[N, steps, width]`. */
export interface SelfAttentionOptions {
  readonly heads: number;
  readonly causal: boolean;
  readonly bias: boolean;
  /** A learned bias for each offset: along the sequence, or along rows and columns of a square that it fills. */
  readonly relative: 'none' | '1-D' | '2-D';
  /** Looked at in place of the layer's own input. */
  readonly memory: Handle | null;
}

const TABLE: Fill = { kind: 'uniform', bound: 0.02 * Math.sqrt(3) };

/** Multi-head attention over the sequence itself, or over a memory. */
export function selfAttention(b: GraphBuilder, x: Handle, options: SelfAttentionOptions): Handle {
  const { heads, bias, causal, relative, memory } = options;
  const steps = extent(x, 1);
  const hidden = causal ? causalMask(b, steps) : null;
  const table = relative === 'none' ? null : b.scope('attn', () => offsets(b, steps, heads, relative));
  const mask = hidden && table ? b.node('Add', [table, hidden]) : (table ?? hidden);
  return multiHeadAttention(b, 'attn', x, memory ?? x, { heads, bias, mask });
}

/** `[heads, steps, steps]` from one number per head and offset (arXiv 1803.02155 in 1-D, 2106.04803 in 2-D). */
function offsets(b: GraphBuilder, steps: number, heads: number, relative: '1-D' | '2-D'): Handle {
  if (relative === '2-D') {
    const side = Math.round(Math.sqrt(steps));
    return relativeBias(b, 'relative', { heads, height: side, width: side });
  }
  const table = b.weight('relative_position_bias_table', [heads, 2 * steps - 1], TABLE);
  const places = Array.from({ length: steps * steps }, (_, at) => Math.floor(at / steps) - (at % steps) + steps - 1);
  return b.node('Gather', [table, b.constant(places, 'int64', [steps, steps])], { axis: 1 });
}
