import { extent, type Fill, type GraphBuilder, type Handle } from '../graph';
import { attentionCore, linear, mergeHeads, partition, roll, splitHeads, unpartition } from '../layers';

/** Attention within windows of the map, shifted or not. */
export interface WindowAttentionOptions {
  readonly heads: number;
  /** Side of a window. */
  readonly window: number;
  /** Pixels by which windows are moved before, and back after; 0 in every other block. */
  readonly shift: number;
  /** Where each query and key find their relative position bias, from `relativeIndex`; `null` for none. */
  readonly index: Handle | null;
  /** `[windows, tokens, tokens]` from `shiftMask` where windows are shifted, else `null`. */
  readonly mask: Float32Array | null;
}

const TABLE: Fill = { kind: 'uniform', bound: 0.02 * Math.sqrt(3) };

/** Attention within windows of `[N, H, W, C]`, shifted or not (arXiv 2103.14030, section 3.2). */
export function windowAttention(b: GraphBuilder, x: Handle, options: WindowAttentionOptions): Handle {
  const [height, width, channels] = [extent(x, 1), extent(x, 2), extent(x, 3)];
  const { heads, window, shift } = options;
  return b.scope('attn', () => {
    const moved = shift === 0 ? x : roll(b, x, -shift);
    const tokens = partition(b, moved, window);
    const qkv = linear(b, 'qkv', tokens, 3 * channels);
    const parts = b.nodeOutputs('Split', [qkv, b.constant([channels, channels, channels])], { axis: -1 }, 3);
    const [q, k, v] = parts.map((part) => splitHeads(b, part, heads));
    if (!q || !k || !v) throw new Error('q, k and v are three values');
    const bias = options.index ? relativeBias(b, heads, window, options.index) : null;
    const mixed = options.mask ? maskedCore(b, [q, k, v], bias, heads, options.mask) : attentionCore(b, q, k, v, { bias });
    const merged = linear(b, 'proj', mergeHeads(b, mixed), channels);
    const image = unpartition(b, merged, window, height, width);
    return shift === 0 ? image : roll(b, image, shift);
  });
}

/** The scores of each window get the mask of that window, windows of one image beside each other. */
function maskedCore(
  b: GraphBuilder,
  [q, k, v]: readonly [Handle, Handle, Handle],
  bias: Handle | null,
  heads: number,
  values: Float32Array,
): Handle {
  const tokens = extent(q, 2);
  const windows = values.length / tokens ** 2;
  const scaled = b.node('Mul', [q, b.scalar(1 / Math.sqrt(extent(q, -1)))]);
  const scores = b.node('MatMul', [scaled, b.node('Transpose', [k], { perm: [0, 1, 3, 2] })]);
  const biased = bias ? b.node('Add', [scores, bias]) : scores;
  const byImage = b.node('Reshape', [biased, b.constant([-1, windows, heads, tokens, tokens])]);
  const mask = b.weight('attn_mask', [windows, 1, tokens, tokens], { kind: 'values', values });
  const masked = b.node('Reshape', [b.node('Add', [byImage, mask]), b.constant([-1, heads, tokens, tokens])]);
  return b.node('MatMul', [b.node('Softmax', [masked], { axis: -1 }), v]);
}

/** `[1, heads, tokens, tokens]` from a table `[(2 window - 1)^2, heads]` (equation 4). */
function relativeBias(b: GraphBuilder, heads: number, window: number, index: Handle): Handle {
  const tokens = window * window;
  const table = b.weight('relative_position_bias_table', [(2 * window - 1) ** 2, heads], TABLE);
  const looked = b.node('Gather', [table, index], { axis: 0 });
  const square = b.node('Transpose', [b.node('Reshape', [looked, b.constant([tokens, tokens, heads])])], { perm: [2, 0, 1] });
  return b.node('Unsqueeze', [square, b.constant([0])]);
}

/** `[tokens * tokens]`: the table's row for each query and key of a window, the same in every block. */
export function relativeIndex(b: GraphBuilder, window: number): Handle {
  const tokens = window * window;
  const side = 2 * window - 1;
  const rows = Array.from({ length: tokens * tokens }, (_, at) => {
    const [query, key] = [Math.floor(at / tokens), at % tokens];
    const down = Math.floor(query / window) - Math.floor(key / window) + window - 1;
    return down * side + (query % window) - (key % window) + window - 1;
  });
  return b.constant(rows);
}

/**
 * `[windows, tokens, tokens]`: 0 where query and key were neighbours before the
 * shift, -100 where the shift brought them together from opposite sides.
 */
export function shiftMask(height: number, width: number, window: number, shift: number): Float32Array {
  const band = (at: number, size: number): number => (at < size - window ? 0 : at < size - shift ? 1 : 2);
  const tokens = window * window;
  const across = width / window;
  const mask = new Float32Array((height / window) * across * tokens * tokens);
  const regions = new Uint8Array(tokens);
  for (let at = 0; at < mask.length; at += tokens * tokens) {
    const place = at / (tokens * tokens);
    const [top, left] = [Math.floor(place / across) * window, (place % across) * window];
    for (let token = 0; token < tokens; token++)
      regions[token] = 3 * band(top + Math.floor(token / window), height) + band(left + (token % window), width);
    for (let query = 0; query < tokens; query++)
      for (let key = 0; key < tokens; key++) if (regions[query] !== regions[key]) mask[at + query * tokens + key] = -100;
  }
  return mask;
}
