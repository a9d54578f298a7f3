import type { Dim } from '../../model';
import { type AttentionSizes, attentionCost, projectionCost, sumCosts } from '../common/attentionCore';
import { operator, uncounted } from '../common/define';
import { addDims, divideExactly, multiplyDims } from '../common/dimArithmetic';
import { checkRank, dtypeOf, extent, like, shaped } from '../common/extents';
import { ROTARY_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { knownScalar } from '../common/shapes';
import type { CostContext, CostRule, Operator, ShapeContext, ShapeRule } from '../rule';

const DOMAIN = 'com.microsoft';

type Context = ShapeContext | CostContext;

/** Key and value heads may be fewer than query heads (grouped queries, Ainslie et al. 2023). */
interface Heads extends AttentionSizes {
  readonly keyHeads: Dim;
  /** Keys without those of the past. */
  readonly fresh: Dim;
  readonly past: Dim;
}

/** What Multi-HeadAttention and its decoder kin differ in. */
interface MultiHeadForm {
  readonly past: number;
  readonly pastLength: number;
  readonly mask: number;
  readonly attentionBias: number;
  readonly bias: number;
}

const MULTI_HEAD: MultiHeadForm = { bias: 3, mask: 4, attentionBias: 5, past: 6, pastLength: 8 };
const DECODER: MultiHeadForm = { mask: 3, attentionBias: 4, past: 5, pastLength: 7, bias: 10 };

/** Extents of key or value: `[B, L, width]`, `[B, heads, L, size]`, or packed `[B, L, heads, 2, size]`. */
function lengthAndSize(context: Context, index: number, heads: Dim): { length: Dim; size: Dim } {
  const fact = context.tensor(index);
  if (fact?.shape?.length === 4) return { length: extent(fact, 2), size: extent(fact, 3) };
  if (fact?.shape?.length === 5) return { length: extent(fact, 1), size: extent(fact, 4) };
  return { length: extent(fact, 1), size: divideExactly(extent(fact, 2), heads) };
}

/** Query `[B, S, width]`, `[B, S, heads, 3, size]`, or q, k and v side by side in one row where there is no key. */
function multiHeadSizes(context: Context, form: MultiHeadForm): Heads {
  const heads = context.attributes.int('num_heads') ?? null;
  const query = context.tensor(0);
  const queries = extent(query, 1);
  const packedRow = !context.inputs[1] && query?.shape?.length === 3;
  const own = lengthAndSize(context, 0, packedRow ? multiplyDims(heads, 3) : heads);
  const key = context.inputs[1] ? lengthAndSize(context, 1, heads) : own;
  const value = context.inputs[2] ? lengthAndSize(context, 2, heads) : key;
  const shared = context.inputs[form.pastLength] != null || context.attributes.int('past_present_share_buffer', 0) === 1;
  const buffer = context.inputs[form.past] ? extent(context.tensor(form.past), 2) : 0;
  const past = shared ? knownScalar(context.tensor(form.pastLength)) : buffer;
  return {
    batch: extent(query, 0),
    heads,
    keyHeads: heads,
    queries,
    keys: addDims(past, key.length),
    headSize: own.size,
    valueSize: value.size,
    fresh: key.length,
    past: buffer,
  };
}

/** Outputs `[B, S, heads * size]`, present key and value `[B, heads, total, size]`, scores. */
function multiHead(form: MultiHeadForm): ShapeRule {
  return (context) => {
    checkRank(context, 0, [3, 5]);
    const sizes = multiHeadSizes(context, form);
    const { batch, heads, queries, keys } = sizes;
    const dtype = dtypeOf(context.tensor(0));
    const shared = context.inputs[form.pastLength] != null || context.attributes.int('past_present_share_buffer', 0) === 1;
    const length = shared ? sizes.past : keys;
    return [
      shaped(dtype, [batch, queries, multiplyDims(heads, sizes.valueSize)]),
      shaped(dtype, [batch, heads, length, sizes.headSize]),
      shaped(dtype, [batch, heads, length, sizes.valueSize]),
      shaped(dtype, [batch, heads, queries, keys]),
    ];
  };
}

function countGiven(context: CostContext, indices: readonly number[]): number {
  return indices.filter((index) => context.inputs[index] != null).length;
}

function multiHeadCost(form: MultiHeadForm): CostRule {
  return (context) => {
    const sizes = multiHeadSizes(context, form);
    const causal = context.attributes.int('unidirectional', 0);
    const core = attentionCost(sizes, { additions: countGiven(context, [form.mask, form.attentionBias]) + causal });
    if (core === null || !context.inputs[form.bias]) return core;
    // The biases of q, k and v are added here, their products were done before.
    const keyed = addDims(sizes.headSize, sizes.valueSize);
    const added = [multiplyDims(sizes.queries, sizes.headSize), multiplyDims(sizes.fresh, keyed)].reduce<Dim>(addDims, 0);
    const count = multiplyDims(multiplyDims(sizes.batch, sizes.heads), added);
    return typeof count === 'number' ? { ...core, flops: core.flops + BigInt(count) } : null;
  };
}

/** Query `[B, S, heads * size]`, or q, k and v in one row `[B, S, (heads + 2 * kv_heads) * size]`; past at 3, total length at `total`. */
function groupedSizes(context: Context, total: number): Heads {
  const heads = context.attributes.int('num_heads') ?? null;
  const keyHeads = context.attributes.int('kv_num_heads') ?? null;
  const query = context.tensor(0);
  const rows = context.inputs[1] ? heads : addDims(heads, multiplyDims(keyHeads, 2));
  const size = divideExactly(extent(query, 2), rows);
  const past = context.inputs[3] ? extent(context.tensor(3), 2) : 0;
  const queries = extent(query, 1);
  const fresh = context.inputs[1] ? extent(context.tensor(1), 1) : queries;
  const known = context.tensor(total)?.data?.[0] ?? null;
  const keys = known ?? addDims(past, fresh);
  return { batch: extent(query, 0), heads, keyHeads, queries, keys, headSize: size, valueSize: size, fresh, past };
}

/** The longer of buffer and sequence, which is what the present holds. */
function longer(buffer: Dim, total: Dim): Dim {
  if (buffer === 0) return total;
  return typeof buffer === 'number' && typeof total === 'number' ? Math.max(buffer, total) : buffer === total ? total : null;
}

/** Outputs `[B, S, heads * size]`, present key and value `[B, kv_heads, length, size]`, scores. */
const groupQuery: ShapeRule = (context) => {
  checkRank(context, 0, [3]);
  const sizes = groupedSizes(context, 6);
  const dtype = dtypeOf(context.tensor(0));
  const known = context.tensor(6)?.data?.[0] ?? null;
  const length = known === null ? (sizes.past === 0 ? sizes.keys : null) : longer(sizes.past, known);
  const present = [sizes.batch, sizes.keyHeads, length, sizes.headSize];
  return [
    shaped(dtype, [sizes.batch, sizes.queries, multiplyDims(sizes.heads, sizes.headSize)]),
    shaped(dtypeOf(context.tensor(3), dtype), present),
    shaped(dtypeOf(context.tensor(4), dtype), present),
    shaped(dtype, [sizes.batch, sizes.heads, sizes.queries, sizes.keys]),
  ];
};

/** Always causal, so a mask is applied to every score; `do_rotary` turns queries and new keys by their positions. */
const groupQueryCost: CostRule = (context) => {
  const sizes = groupedSizes(context, 6);
  const work = { additions: 1 + countGiven(context, [10]), softcap: context.attributes.float('softcap', 0) > 0 };
  const core = attentionCost(sizes, work);
  if (core === null || context.attributes.int('do_rotary', 0) === 0) return core;
  const rows = addDims(multiplyDims(sizes.queries, sizes.heads), multiplyDims(sizes.fresh, sizes.keyHeads));
  const turned = multiplyDims(multiplyDims(sizes.batch, rows), sizes.headSize);
  return typeof turned === 'number' ? { ...core, flops: core.flops + BigInt(turned) * BigInt(ROTARY_FLOPS) } : null;
};

/** Presents are the past buffers. The block pattern is data: every key up to the total length is counted. */
const sparse: ShapeRule = (context) => {
  const sizes = groupedSizes(context, 7);
  const width = multiplyDims(sizes.heads, sizes.headSize);
  const output = shaped(dtypeOf(context.tensor(0)), [sizes.batch, sizes.queries, width]);
  return [output, like(context.tensor(3)), like(context.tensor(4))];
};

const sparseCost: CostRule = (context) => {
  const known = context.tensor(7)?.data?.[0] ?? null;
  return known === null ? null : attentionCost(groupedSizes(context, 7), { additions: 1 });
};

/** Query `[tokens, heads * size]`; which blocks of the cache each token meets is data, so no work is claimed. */
const paged: ShapeRule = (context) => {
  const query = context.tensor(0);
  const heads = context.attributes.int('num_heads') ?? null;
  const keyHeads = context.attributes.int('kv_num_heads') ?? null;
  const rows = context.inputs[1] ? heads : addDims(heads, multiplyDims(keyHeads, 2));
  const size = divideExactly(extent(query, 1), rows);
  const valueSize = context.attributes.int('v_head_size', 0) || size;
  const output = shaped(dtypeOf(query), [extent(query, 0), multiplyDims(heads, valueSize)]);
  return [output, like(context.tensor(3)), like(context.tensor(4))];
};

/** Query `[S, B, width]`, key `[T, B, width]`, and the projections' weights; caches `[B, heads, length, size]`. */
const decoder: ShapeRule = (context) => {
  const query = context.tensor(0);
  const heads = context.attributes.int('num_heads') ?? null;
  const cache = shaped(dtypeOf(query), [extent(query, 1), heads, null, divideExactly(extent(query, 2), heads)]);
  return [like(query), cache, cache];
};

/** Counted where the flags say that there is no past: static_kv picks cross attention over self attention. */
const decoderCost: CostRule = (context) => {
  const staticKeys = knownScalar(context.tensor(8));
  if (staticKeys === null || knownScalar(context.tensor(9)) !== 0) return null;
  const query = context.tensor(0);
  const heads = context.attributes.int('num_heads') ?? null;
  const [queries, batch, width] = [extent(query, 0), extent(query, 1), extent(query, 2)];
  const keys = staticKeys === 0 ? queries : extent(context.tensor(1), 0);
  const size = divideExactly(width, heads);
  return sumCosts([
    projectionCost({ rows: [queries, batch], inputs: width, outputs: extent(context.tensor(2), 1), bias: true }),
    projectionCost({ rows: [keys, batch], inputs: width, outputs: extent(context.tensor(3), 1), bias: true }),
    attentionCost({ batch, heads, queries, keys, headSize: size, valueSize: size }, { additions: countGiven(context, [5]) }),
  ]);
};

/** Attention of com.microsoft on queries, keys and values that were projected before. */
export const CONTRIB_HEADS: readonly Operator[] = meaning.means(
  {
    MultiHeadAttention: meaning.attend(),
    DecoderMaskedMultiHeadAttention: meaning.attend(),
    GroupQueryAttention: meaning.attend({ causal: true }, { settings: [5, 6, 9] }),
    SparseAttention: meaning.attend(),
    PagedAttention: meaning.attend(),
    DecoderAttention: meaning.projectAndAttend(),
  },
  [
    operator('MultiHeadAttention', 1, multiHead(MULTI_HEAD), multiHeadCost(MULTI_HEAD), DOMAIN),
    operator('DecoderMaskedMultiHeadAttention', 1, multiHead(DECODER), multiHeadCost(DECODER), DOMAIN),
    operator('GroupQueryAttention', 1, groupQuery, groupQueryCost, DOMAIN),
    operator('SparseAttention', 1, sparse, sparseCost, DOMAIN),
    uncounted('PagedAttention', 1, paged, { reason: 'how long each sequence is stands in its page table', multiplies: true }, DOMAIN),
    operator('DecoderAttention', 1, decoder, decoderCost, DOMAIN),
  ],
);
