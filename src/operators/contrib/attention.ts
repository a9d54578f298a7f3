import type { Dim } from '../../model';
import { type AttentionSizes, attentionCost, projectionCost, type ScoreWork, sumCosts } from '../common/attentionCore';
import { operator } from '../common/define';
import { addDims, divideExactly, multiplyDims } from '../common/dimArithmetic';
import { checkRank, dtypeOf, extent, like, shaped } from '../common/extents';
import * as meaning from '../common/meanings';
import { knownScalar } from '../common/shapes';
import { linearAttention, linearAttentionCost } from '../onnx/attention';
import type { Cost, CostContext, CostRule, Operator, ShapeContext, ShapeRule } from '../rule';

const DOMAIN = 'com.microsoft';

type Context = ShapeContext | CostContext;

/** Where an attention operator that projects its input keeps its operands. */
interface ProjectingForm {
  readonly weights: number;
  readonly bias: number;
  readonly mask: number;
  readonly past: number;
  readonly attentionBias: number;
}

/** Input `[B, S, D]`, weights `[D, Dq + Dk + Dv]`. */
const ATTENTION: ProjectingForm = { weights: 1, bias: 2, mask: 3, past: 4, attentionBias: 5 };
/** The quantised one has scales and zero points in between. */
const Q_ATTENTION: ProjectingForm = { weights: 1, bias: 2, mask: 5, past: 8, attentionBias: -1 };

interface Projected extends AttentionSizes {
  readonly inputs: Dim;
  /** Widths of q, k and v together. */
  readonly projected: Dim;
  readonly valueWidth: Dim;
  readonly past: Dim;
}

function headsOf(context: Context): Dim {
  return context.attributes.int('num_heads') ?? null;
}

/** Widths of q, k and v: `qkv_hidden_sizes`, or a third of the weights' columns each. */
function widthsOf(context: Context, weights: number): readonly [q: Dim, k: Dim, v: Dim] {
  const sizes = context.attributes.ints('qkv_hidden_sizes');
  if (sizes?.length === 3) return [sizes[0] ?? null, sizes[1] ?? null, sizes[2] ?? null];
  const third = divideExactly(extent(context.tensor(weights), 1), 3);
  return [third, third, third];
}

/** True where past and present share one buffer, whose length is not that of the sequence. */
function sharesBuffer(context: Context): boolean {
  return context.attributes.int('past_present_share_buffer', 0) === 1;
}

function projectedSizes(context: Context, form: ProjectingForm): Projected {
  const input = context.tensor(0);
  const heads = headsOf(context);
  const [q, k, v] = widthsOf(context, form.weights);
  const queries = extent(input, 1);
  const buffer = context.inputs[form.past] ? extent(context.tensor(form.past), 3) : 0;
  const past = sharesBuffer(context) ? (knownScalar(context.tensor(6)) ?? null) : buffer;
  return {
    batch: extent(input, 0),
    heads,
    queries,
    keys: addDims(past, queries),
    headSize: divideExactly(q, heads),
    valueSize: divideExactly(v, heads),
    inputs: extent(input, 2),
    projected: addDims(addDims(q, k), v),
    valueWidth: v,
    past: buffer,
  };
}

/** Outputs `[B, S, Dv]` and present `[2, B, heads, past + S, Dk / heads]`. */
function projecting(form: ProjectingForm): ShapeRule {
  return (context) => {
    checkRank(context, 0, [3]);
    checkRank(context, form.weights, [2]);
    const sizes = projectedSizes(context, form);
    // A quantised input attends in the type of its bias.
    const dtype = form === ATTENTION ? dtypeOf(context.tensor(0)) : dtypeOf(context.tensor(form.bias), 'float32');
    const length = sharesBuffer(context) ? sizes.past : sizes.keys;
    return [
      shaped(dtype, [sizes.batch, sizes.queries, sizes.valueWidth]),
      shaped(dtype, [2, sizes.batch, sizes.heads, length, sizes.headSize]),
    ];
  };
}

function scoreWork(context: CostContext, ...additions: readonly number[]): ScoreWork {
  const causal = context.attributes.int('unidirectional', 0) === 1 ? 1 : 0;
  const added = additions.filter((index) => context.inputs[index] != null).length;
  return { additions: added + causal, softcap: context.attributes.float('softcap', 0) > 0 };
}

/** Projection to q, k and v, then the attention core; the output projection is a node of its own. */
function projectingCost(form: ProjectingForm): CostRule {
  return (context) => {
    const sizes = projectedSizes(context, form);
    const rows = [sizes.batch, sizes.queries];
    const bias = context.inputs[form.bias] != null;
    return sumCosts([
      projectionCost({ rows, inputs: sizes.inputs, outputs: sizes.projected, bias }),
      attentionCost(sizes, scoreWork(context, form.mask, form.attentionBias)),
    ]);
  };
}

/** QOrderedAttention has q, k and v weights apart, as inputs 5 to 7; the input is int8 and so is the output. */
const qOrdered: ShapeRule = (context) => {
  const input = context.tensor(0);
  return [shaped(dtypeOf(input), [extent(input, 0), extent(input, 1), extent(context.tensor(7), 1)])];
};

const qOrderedCost: CostRule = (context) => {
  const input = context.tensor(0);
  const rows = [extent(input, 0), extent(input, 1)];
  const widths = [5, 6, 7].map((index) => extent(context.tensor(index), 1));
  const heads = headsOf(context);
  const outputs = widths.reduce<Dim>(addDims, 0);
  const sizes: AttentionSizes = {
    batch: rows[0] ?? null,
    heads,
    queries: rows[1] ?? null,
    keys: rows[1] ?? null,
    headSize: divideExactly(widths[0] ?? null, heads),
    valueSize: divideExactly(widths[2] ?? null, heads),
  };
  const projection = projectionCost({ rows, inputs: extent(input, 2), outputs, bias: true });
  return sumCosts([projection, attentionCost(sizes, scoreWork(context, 17, 19))]);
};

/** Packed (padding removed): input `[tokens, D]`, token_offset `[B, S]` at input 3. Every token is taken to meet S keys. */
function packedSizes(context: Context, widthQ: Dim, widthV: Dim, offsets: number): AttentionSizes {
  const heads = headsOf(context);
  return {
    batch: 1,
    heads,
    queries: extent(context.tensor(0), 0),
    keys: extent(context.tensor(offsets), 1),
    headSize: divideExactly(widthQ, heads),
    valueSize: divideExactly(widthV, heads),
  };
}

const packed: ShapeRule = (context) => {
  const input = context.tensor(0);
  return [shaped(dtypeOf(input), [extent(input, 0), widthsOf(context, 1)[2]])];
};

const packedCost: CostRule = (context) => {
  const [q, k, v] = widthsOf(context, 1);
  const input = context.tensor(0);
  const outputs = addDims(addDims(q, k), v);
  return sumCosts([
    projectionCost({ rows: [extent(input, 0)], inputs: extent(input, 1), outputs, bias: context.inputs[2] != null }),
    attentionCost(packedSizes(context, q, v, 3), scoreWork(context, 5)),
  ]);
};

/** Query `[tokens, Dq]`, or q, k and v in one `[tokens, heads, 3, size]`; offsets at input 4. */
function packedMultiHeadWidths(context: Context): readonly [Dim, Dim] {
  const query = context.tensor(0);
  if (query?.shape?.length === 4) {
    const width = multiplyDims(extent(query, 1), extent(query, 3));
    return [width, width];
  }
  return [extent(query, 1), extent(context.tensor(2), 1)];
}

const packedMultiHead: ShapeRule = (context) => {
  const query = context.tensor(0);
  return [shaped(dtypeOf(query), [extent(query, 0), packedMultiHeadWidths(context)[1]])];
};

const packedMultiHeadCost: CostRule = (context) =>
  attentionCost(packedSizes(context, ...packedMultiHeadWidths(context), 4), scoreWork(context, 6));

/**
 * Longformer (Beltagy et al. 2020): every token meets `2 * window + 1` others.
 * Tokens that attend globally are data and are not counted.
 */
const longformerCost =
  (weights: number): CostRule =>
  (context): Cost | null => {
    const input = context.tensor(0);
    const rows = [extent(input, 0), extent(input, 1)];
    const [queries] = rows.slice(1);
    const width = extent(input, 2);
    const reach = 2 * context.attributes.int('window', 0) + 1;
    const heads = headsOf(context);
    const size = divideExactly(width, heads);
    const keys = typeof queries === 'number' ? Math.min(queries, reach) : null;
    return sumCosts([
      projectionCost({ rows, inputs: width, outputs: extent(context.tensor(weights), 1), bias: true }),
      attentionCost({ batch: rows[0] ?? null, heads, queries: queries ?? null, keys, headSize: size, valueSize: size }, { additions: 1 }),
    ]);
  };

const sameAsInput: ShapeRule = (context) => [like(context.tensor(0))];

/** Attention of com.microsoft that projects its input itself, its packed and its linear forms. */
export const CONTRIB_ATTENTION: readonly Operator[] = meaning.means(
  {
    Attention: meaning.projectAndAttend(),
    QAttention: meaning.projectAndAttend({ weights: [1, 2], settings: [3, 4, 6, 7] }),
    DecoderMaskedSelfAttention: meaning.projectAndAttend(),
    QOrderedAttention: meaning.projectAndAttend(),
    PackedAttention: meaning.projectAndAttend(),
    PackedMultiHeadAttention: meaning.attend(),
    LongformerAttention: meaning.projectAndAttend(),
    QOrderedLongformerAttention: meaning.projectAndAttend(),
    LinearAttention: meaning.attend(),
  },
  [
    operator('Attention', 1, projecting(ATTENTION), projectingCost(ATTENTION), DOMAIN),
    operator('QAttention', 1, projecting(Q_ATTENTION), projectingCost(Q_ATTENTION), DOMAIN),
    operator('DecoderMaskedSelfAttention', 1, projecting(ATTENTION), projectingCost(ATTENTION), DOMAIN),
    operator('QOrderedAttention', 1, qOrdered, qOrderedCost, DOMAIN),
    operator('PackedAttention', 1, packed, packedCost, DOMAIN),
    operator('PackedMultiHeadAttention', 1, packedMultiHead, packedMultiHeadCost, DOMAIN),
    operator('LongformerAttention', 1, sameAsInput, longformerCost(1), DOMAIN),
    operator('QOrderedLongformerAttention', 1, sameAsInput, longformerCost(2), DOMAIN),
    operator('LinearAttention', 1, linearAttention, linearAttentionCost, DOMAIN),
  ],
);
