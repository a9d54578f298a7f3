import { extent, fanIn, type GraphBuilder, type Handle } from '../graph';
import { averagePool, convolution } from '../layers';

/** Attention of every position over the window around it. */
export interface LocalAttentionOptions {
  readonly out: number;
  readonly heads: number;
  /** Side of the neighbourhood; odd. */
  readonly window: number;
  readonly stride: number;
  /** Adds learnt row and column offsets to the keys, half a head each. */
  readonly relative: boolean;
}

/**
 * Every position of `[N, C, H, W]` attends to its `window` x `window`
 * neighbourhood, zeros beyond the border (arXiv 1906.05909, section 3). A
 * stride of 2 attends at the full side and pools after it.
 */
export function localAttention(b: GraphBuilder, name: string, x: Handle, options: LocalAttentionOptions): Handle {
  const { out, heads, window, stride, relative } = options;
  const [height, width] = [extent(x, 2), extent(x, 3)];
  const [size, positions, neighbours] = [out / heads, height * width, window * window];
  return b.scope(name, () => {
    const [q, k, v] = (['q', 'k', 'v'] as const).map((part) => convolution(b, part, x, { out, kernel: 1 }));
    if (!q || !k || !v) throw new Error('q, k and v are three values');
    const rows = b.node('Reshape', [q, b.constant([0, heads, size, positions, 1])]);
    const queries = b.node('Transpose', [rows], { perm: [0, 1, 3, 4, 2] });
    const near = neighbourhoods(b, k, heads, window, [0, 1, 4, 6, 2, 3, 5]);
    const placed = relative ? b.node('Add', [near, offsets(b, size, window)]) : near;
    const keys = b.node('Reshape', [placed, b.constant([0, heads, positions, size, neighbours])]);
    const values = b.node('Reshape', [
      neighbourhoods(b, v, heads, window, [0, 1, 4, 6, 3, 5, 2]),
      b.constant([0, heads, positions, neighbours, size]),
    ]);
    const weights = b.node('Softmax', [b.node('MatMul', [queries, keys])], { axis: -1 });
    const mixed = b.node('Reshape', [b.node('MatMul', [weights, values]), b.constant([0, heads, positions, size])]);
    const channels = b.node('Transpose', [mixed], { perm: [0, 1, 3, 2] });
    const image = b.node('Reshape', [channels, b.constant([0, out, height, width])]);
    return stride === 1 ? image : averagePool(b, image, { kernel: 2, stride: 2 });
  });
}

/** `[N, C, H, W]` unfolded to `[N, heads, size, window, H, window, W]`, then transposed by `perm`. */
function neighbourhoods(b: GraphBuilder, x: Handle, heads: number, window: number, perm: readonly number[]): Handle {
  const [channels, height, width] = [extent(x, 1), extent(x, 2), extent(x, 3)];
  const margin = (window - 1) / 2;
  const padded = b.node('Pad', [x, b.constant([0, 0, margin, margin, 0, 0, margin, margin])]);
  const rows = b.node('Gather', [padded, sliding(b, window, height)], { axis: 2 });
  const both = b.node('Gather', [rows, sliding(b, window, width)], { axis: 4 });
  const split = b.node('Reshape', [both, b.constant([0, heads, channels / heads, window, height, window, width])]);
  return b.node('Transpose', [split], { perm });
}

/** `[window, side]`: the place in the padded axis of each neighbour of each position. */
function sliding(b: GraphBuilder, window: number, side: number): Handle {
  const places = Array.from({ length: window * side }, (_, at) => Math.floor(at / side) + (at % side));
  return b.constant(places, 'int64', [window, side]);
}

/** `[size, window, window]`: row offsets in the first half of a head, column offsets in the second, shared by the heads. */
function offsets(b: GraphBuilder, size: number, window: number): Handle {
  const half = size / 2;
  const square = b.constant([half, window, window]);
  const rows = b.weight('rel_h', [half, window, 1], fanIn(size));
  const columns = b.weight('rel_w', [half, 1, window], fanIn(size));
  return b.node('Concat', [b.node('Expand', [rows, square]), b.node('Expand', [columns, square])], { axis: 0 });
}
