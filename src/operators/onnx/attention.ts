import type { Dim } from '../../model';
import { type AttentionSizes, attentionCost } from '../common/attentionCore';
import { flopsOnly, formatProduct, multiplyAdds } from '../common/costs';
import { operator } from '../common/define';
import { addDims, divideExactly, multiplyDims } from '../common/dimArithmetic';
import { checkEqual, checkRank, dtypeOf, extent, like, product, shaped } from '../common/extents';
import { ROTARY_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import type { Attributes, Cost, CostContext, CostRule, Operator, ShapeContext, ShapeRule, TensorFact } from '../rule';

type Context = ShapeContext | CostContext;

interface HeadedTensor {
  readonly batch: Dim;
  readonly heads: Dim;
  readonly length: Dim;
  readonly size: Dim;
}

/** Reads `[batch, heads, length, size]`, or `[batch, length, heads * size]` with the heads from an attribute. */
function headed(fact: TensorFact | null, heads: Dim): HeadedTensor {
  if (fact?.shape?.length === 4) {
    return { batch: extent(fact, 0), heads: extent(fact, 1), length: extent(fact, 2), size: extent(fact, 3) };
  }
  return { batch: extent(fact, 0), heads, length: extent(fact, 1), size: divideExactly(extent(fact, 2), heads) };
}

interface Operands {
  readonly q: HeadedTensor;
  readonly k: HeadedTensor;
  readonly v: HeadedTensor;
  readonly past: Dim;
  readonly total: Dim;
}

/** Inputs Q, K, V, attn_mask, past_key, past_value (ONNX Attention-23). */
function operandsOf(context: Context): Operands {
  const q = headed(context.tensor(0), context.attributes.int('q_num_heads') ?? null);
  const kvHeads = context.attributes.int('kv_num_heads') ?? null;
  const k = headed(context.tensor(1), kvHeads);
  const v = headed(context.tensor(2), kvHeads);
  const past = context.inputs[4] ? extent(context.tensor(4), 2) : 0;
  return { q, k, v, past, total: addDims(past, k.length) };
}

function sizesOf({ q, v, total }: Operands): AttentionSizes {
  return { batch: q.batch, heads: q.heads, queries: q.length, keys: total, headSize: q.size, valueSize: v.size };
}

/** Outputs Y, present_key, present_value, qk_matmul_output. */
const attention: ShapeRule = (context) => {
  checkRank(context, 0, [3, 4]);
  const { q, k, v, past, total } = operandsOf(context);
  checkEqual(context, 'the head sizes of Q and K', q.size, k.size);
  checkEqual(context, 'the lengths of K and V', k.length, v.length);
  const rank = context.tensor(0)?.shape?.length;
  const dtype = dtypeOf(context.tensor(0));
  const flat = [q.batch, q.length, multiplyDims(q.heads, v.size)];
  const output = rank === undefined ? null : rank === 4 ? [q.batch, q.heads, q.length, v.size] : flat;
  const length = addDims(past, k.length);
  return [
    shaped(dtype, output),
    shaped(dtypeOf(context.tensor(1), dtype), [k.batch, k.heads, length, k.size]),
    shaped(dtypeOf(context.tensor(2), dtype), [v.batch, v.heads, length, v.size]),
    shaped(dtype, [q.batch, q.heads, q.length, total]),
  ];
};

const attentionCore: CostRule = (context) => {
  const { attributes } = context;
  const windowed = attributes.int('left_window_size', -1) >= 0 || attributes.int('right_window_size', -1) >= 0;
  const masked = attributes.int('is_causal', 0) === 1 || windowed || context.inputs[6] != null;
  return attentionCost(sizesOf(operandsOf(context)), {
    additions: (context.inputs[3] ? 1 : 0) + (masked ? 1 : 0),
    softcap: attributes.float('softcap', 0) > 0,
  });
};

/** Scores and probabilities may pass through subgraphs, whose own work is reported with their nodes. */
const flexAttention: ShapeRule = (context) => {
  checkRank(context, 0, [4]);
  const { q, v } = operandsOf(context);
  return [shaped(dtypeOf(context.tensor(0)), [q.batch, q.heads, q.length, v.size])];
};

const flexAttentionCost: CostRule = (context) => attentionCost(sizesOf(operandsOf(context)));

/** X `[batch, heads, length, size]` or `[batch, length, heads * size]`: the rotated part of each head costs two products and a sum. */
export function rotaryFlops(x: TensorFact | null, attributes: Attributes): Cost | null {
  const shape = x?.shape;
  const elements = shape ? product(shape) : null;
  if (!shape || elements === null) return null;
  const rotated = attributes.int('rotary_embedding_dim', 0);
  const size = shape.length === 4 ? shape[3] : divideExactly(shape.at(-1) ?? null, attributes.int('num_heads') ?? null);
  const partial = rotated > 0 && typeof size === 'number' && rotated < size;
  const count = partial ? (elements * BigInt(rotated)) / BigInt(size) : elements;
  const part = partial ? ` * ${rotated}/${size}` : '';
  return flopsOnly(count * BigInt(ROTARY_FLOPS), `${formatProduct(shape)} elements${part} * ${ROTARY_FLOPS} FLOPs`);
}

/** Two products and a sum for each turned element. */
export const rotaryCost: CostRule = (context) => rotaryFlops(context.tensor(0), context.attributes);

const rotaryEmbedding: ShapeRule = (context) => {
  checkRank(context, 0, [3, 4]);
  return [like(context.tensor(0))];
};

interface LinearSizes {
  readonly batch: Dim;
  readonly length: Dim;
  readonly queryHeads: Dim;
  readonly stateHeads: Dim;
  readonly keySize: Dim;
  readonly valueSize: Dim;
}

/** Inputs query `[B, T, H_q * d_k]`, key, value `[B, T, H_kv * d_v]`, past_state, decay, beta. */
function linearSizes(context: Context): LinearSizes {
  const queryHeads = context.attributes.int('q_num_heads') ?? null;
  const stateHeads = context.attributes.int('kv_num_heads') ?? null;
  const query = context.tensor(0);
  return {
    batch: extent(query, 0),
    length: extent(query, 1),
    queryHeads,
    stateHeads,
    keySize: divideExactly(extent(query, 2), queryHeads),
    valueSize: divideExactly(extent(context.tensor(2), 2), stateHeads),
  };
}

/** Outputs `[B, T, H * d_v]` and the state `[B, H_kv, d_k, d_v]`, with a leading window axis where `state_window` asks for one. */
export const linearAttention: ShapeRule = (context) => {
  checkRank(context, 0, [3]);
  const sizes = linearSizes(context);
  const { queryHeads, stateHeads } = sizes;
  const heads = typeof queryHeads === 'number' && typeof stateHeads === 'number' ? Math.max(queryHeads, stateHeads) : queryHeads;
  const window = context.attributes.int('state_window', 0);
  const state = [sizes.batch, stateHeads, sizes.keySize, sizes.valueSize];
  const dtype = dtypeOf(context.tensor(0));
  return [
    shaped(dtype, [sizes.batch, sizes.length, multiplyDims(heads, sizes.valueSize)]),
    shaped(dtypeOf(context.tensor(3), dtype), window > 0 ? [window, ...state] : state),
  ];
};

/**
 * Per token: the outer product k v into every state, its product with every
 * query, and for the delta rules its product with the key. A gate multiplies
 * every state element (Yang et al. 2024, Gated Delta Networks).
 */
export const linearAttentionCost: CostRule = (context) => {
  const sizes = linearSizes(context);
  const state = product([sizes.batch, sizes.length, sizes.keySize, sizes.valueSize]);
  if (state === null || typeof sizes.queryHeads !== 'number' || typeof sizes.stateHeads !== 'number') return null;
  const rule = context.attributes.string('update_rule', 'gated_delta');
  const products = sizes.stateHeads * (rule.includes('delta') ? 2 : 1) + Math.max(sizes.queryHeads, sizes.stateHeads);
  const gate = rule.startsWith('gated') ? state * BigInt(sizes.stateHeads) : 0n;
  const formula = `${sizes.batch}*${sizes.length} tokens * ${sizes.keySize}*${sizes.valueSize} state * ${products} products`;
  return multiplyAdds(state * BigInt(products), formula, gate);
};

/** Attention of ai.onnx (opset 23 on); Attention-24 and 25 add inputs and attributes that change no shape. */
export const ATTENTION: readonly Operator[] = meaning.means(
  {
    Attention: meaning.attend(),
    RotaryEmbedding: meaning.embed('rotate', { buffers: [1, 2, 3] }),
    LinearAttention: meaning.attend(),
    FlexAttention: meaning.attend(),
  },
  [
    operator('Attention', 23, attention, attentionCore),
    operator('RotaryEmbedding', 23, rotaryEmbedding, rotaryCost),
    operator('LinearAttention', 27, linearAttention, linearAttentionCost),
    operator('FlexAttention', 1, flexAttention, flexAttentionCost, 'ai.onnx.preview'),
  ],
);
