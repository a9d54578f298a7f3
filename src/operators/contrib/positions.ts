import type { Dim, Shape } from '../../model';
import { projectionCost, sumCosts } from '../common/attentionCore';
import { noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { addDims } from '../common/dimArithmetic';
import { dtypeOf, extent, like, shaped } from '../common/extents';
import * as meaning from '../common/meanings';
import { sameAsFirst } from '../common/shapes';
import { rotaryCost, rotaryFlops } from '../onnx/attention';
import type { CostContext, CostRule, Operator, ShapeContext, ShapeRule } from '../rule';

const DOMAIN = 'com.microsoft';

function headsOf(context: ShapeContext | CostContext): Dim {
  return context.attributes.int('num_heads') ?? null;
}

/** Query, key and its rotated partners: two outputs like q and k. */
const gemmaRotary: ShapeRule = (context) => [like(context.tensor(1)), like(context.tensor(3))];

const gemmaRotaryCost: CostRule = (context) => {
  const cost = rotaryFlops(context.tensor(1), context.attributes);
  return cost && { ...cost, flops: cost.flops * 2n, formula: `2 * ${cost.formula}` };
};

/** bias_table `[buckets, heads]`, query and key length as data; `[1, heads, queries, keys]`. */
const relativePositionBias: ShapeRule = (context) => {
  const table = context.tensor(0);
  const length = (index: number): Dim => context.tensor(index)?.data?.[0] ?? null;
  return [shaped(dtypeOf(table), [1, extent(table, 1), length(1), length(2)])];
};

/** Query `[B, S, heads * size]` (or packed, with token_offset `[B, S]`): `[B, heads, S, S]`. */
const gatedBias: ShapeRule = (context) => {
  const query = context.tensor(0);
  const rows = context.tensor(6) ?? query;
  const length = extent(rows, 1);
  return [shaped(dtypeOf(query), [extent(rows, 0), headsOf(context), length, length])];
};

/** Two gates per head and token from a `[size, D]` product (WavLM, Chen et al. 2022), then one product per output. */
const gatedBiasCost: CostRule = (context) => {
  const output = context.output(0)?.shape;
  const weights = context.tensor(3);
  if (!output) return null;
  const rows: Shape = output.slice(0, 3);
  const gates = projectionCost({ rows, inputs: extent(weights, 0), outputs: extent(weights, 1), bias: true });
  const scaling = projectionCost({ rows, inputs: 0, outputs: output[3] ?? null, bias: true });
  return sumCosts([gates, scaling && { ...scaling, formula: `${output.join('*')} outputs * 1 FLOP` }]);
};

/** Drops padding tokens: `[tokens, D]`, offsets `[B, S]`, cumulated lengths `[B + 1]`, longest `[1]`. */
const removePadding: ShapeRule = (context) => {
  const input = context.tensor(0);
  const batch = extent(input, 0);
  return [
    shaped(dtypeOf(input), [null, extent(input, 2)]),
    shaped('int32', [batch, extent(input, 1)]),
    shaped('int32', [addDims(batch, 1)]),
    shaped('int32', [1]),
  ];
};

const restorePadding: ShapeRule = (context) => {
  const input = context.tensor(0);
  const offsets = context.tensor(1);
  return [shaped(dtypeOf(input), [extent(offsets, 0), extent(offsets, 1), extent(input, 1)])];
};

/** Position terms and padding around the attention of com.microsoft. */
export const CONTRIB_POSITIONS: readonly Operator[] = meaning.means(
  {
    RotaryEmbedding: meaning.embed('rotate', { buffers: [1, 2, 3] }),
    RelativePositionBias: meaning.embed('positionBias'),
    GatedRelativePositionBias: meaning.embed('positionBias'),
  },
  [
    operator('RotaryEmbedding', 1, sameAsFirst, rotaryCost, DOMAIN),
    operator('MRotaryEmbedding', 1, sameAsFirst, rotaryCost, DOMAIN),
    operator('GemmaRotaryEmbedding', 1, gemmaRotary, gemmaRotaryCost, DOMAIN),
    operator('RelativePositionBias', 1, relativePositionBias, noArithmetic, DOMAIN),
    operator('GatedRelativePositionBias', 1, gatedBias, gatedBiasCost, DOMAIN),
    operator('RemovePadding', 1, removePadding, noArithmetic, DOMAIN),
    operator('RestorePadding', 1, restorePadding, noArithmetic, DOMAIN),
  ],
);
