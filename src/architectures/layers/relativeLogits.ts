import { extent, fanIn, type GraphBuilder, type Handle } from '../graph';

/**
 * S_H + S_W of relative self-attention in two dimensions (arXiv 1904.09925,
 * section 3.2): queries `[N, heads, H * W, d]` against one learnt vector for
 * each difference of rows and of columns, `[d, 2 H - 1]` and `[d, 2 W - 1]`,
 * shared by the heads. Returns `[N, heads, H * W, H * W]`.
 */
export function relativeLogits(b: GraphBuilder, q: Handle, height: number, width: number): Handle {
  const [heads, depth] = [extent(q, 1), extent(q, 3)];
  const grid = b.node('Reshape', [q, b.constant([0, heads, height, width, depth])]);
  const columns = b.node('Reshape', [alongLast(b, 'rel_w', grid), b.constant([0, heads, height, width, 1, width])]);
  const turned = alongLast(b, 'rel_h', b.node('Transpose', [grid], { perm: [0, 1, 3, 2, 4] }));
  const upright = b.node('Transpose', [turned], { perm: [0, 1, 3, 2, 4] });
  const rows = b.node('Reshape', [upright, b.constant([0, heads, height, width, height, 1])]);
  return b.node('Reshape', [b.node('Add', [rows, columns]), b.constant([0, heads, height * width, height * width])]);
}

/** Queries `[N, heads, lines, length, d]` to logits `[N, heads, lines, length, length]` over the offsets along `length`. */
function alongLast(b: GraphBuilder, name: string, q: Handle): Handle {
  const [heads, lines, length, depth] = [extent(q, 1), extent(q, 2), extent(q, 3), extent(q, 4)];
  const merged = b.node('Reshape', [q, b.constant([0, heads * lines, length, depth])]);
  const offsets = b.node('MatMul', [merged, b.weight(name, [depth, 2 * length - 1], fanIn(depth))]);
  return b.node('Reshape', [skew(b, offsets), b.constant([0, heads, lines, length, length])]);
}

/**
 * The skewing trick (arXiv 1809.04281): `[N, M, L, 2 L - 1]` indexed by
 * query and offset (from -(L - 1)) to `[N, M, L, L]` indexed by query and key,
 * by padding and reshaping alone.
 */
export function skew(b: GraphBuilder, offsets: Handle): Handle {
  const [lines, length] = [extent(offsets, 1), extent(offsets, 2)];
  const padded = b.node('Pad', [offsets, b.constant([0, 0, 0, 0, 0, 0, 0, 1])]);
  const flat = b.node('Reshape', [padded, b.constant([0, lines, 2 * length * length])]);
  const longer = b.node('Pad', [flat, b.constant([0, 0, 0, 0, 0, length - 1])]);
  const shifted = b.node('Reshape', [longer, b.constant([0, lines, length + 1, 2 * length - 1])]);
  return b.node('Slice', [shifted, b.constant([0, length - 1]), b.constant([length, 2 * length - 1]), b.constant([2, 3])]);
}
