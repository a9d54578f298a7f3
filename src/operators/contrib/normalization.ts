import { flopsOnly, formatProduct } from '../common/costs';
import { operator } from '../common/define';
import { checkRank, dtypeOf, extent, like, product, shaped } from '../common/extents';
import { ACTIVATION_FLOPS, RMS_FLOPS, STANDARDIZE_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { earlyLayerNormalization, perElement } from '../onnx/normalization';
import type { CostContext, CostRule, Operator, ShapeRule } from '../rule';

const DOMAIN = 'com.microsoft';

/** Output like the input, mean and inverse deviation `[..., 1]` in float32, and the sum that was normalised. */
const skipLayer: ShapeRule = (context) => {
  const input = context.tensor(0);
  const statistic = shaped('float32', input?.shape ? [...input.shape.slice(0, -1), 1] : null);
  return [like(input), statistic, statistic, like(input)];
};

/** `norm` FLOPs of the normalisation, and one for each of these inputs that is there (skip, scale, shift, bias). */
function withInputs(norm: number, inputs: readonly number[], why: string): CostRule {
  return (context) => perElement(context, norm + inputs.filter((index) => context.inputs[index] != null).length, why);
}

/** Output, mean and inverse root mean square of RMS normalisation, under the name ONNX Runtime gave it before opset 23. */
const simplifiedLayer: ShapeRule = (context) => earlyLayerNormalization(context).slice(0, 2);

/** Word, position and segment embeddings summed, then layer normalisation: `[B, S, D]`, mask_index `[B]`, the sum. */
const embedLayer: ShapeRule = (context) => {
  checkRank(context, 0, [2]);
  const ids = context.tensor(0);
  const words = context.tensor(2);
  const dtype = context.node.op === 'QEmbedLayerNormalization' ? 'float32' : dtypeOf(words);
  const output = shaped(dtype, [extent(ids, 0), extent(ids, 1), extent(words, 1)]);
  return [output, shaped('int32', [extent(ids, 0)]), output];
};

const embedLayerCost: CostRule = (context) => {
  const shape = context.output(0)?.shape;
  const count = shape ? product(shape) : null;
  if (!shape || count === null) return null;
  const each = STANDARDIZE_FLOPS + 2 + (context.inputs[1] ? 2 : 1);
  return flopsOnly(count * BigInt(each), `${formatProduct(shape)} elements * ${each} FLOPs (embeddings summed, normalised)`);
};

/** Group normalisation, scale and shift; `activation` 1 appends SiLU. */
function groupFlops(context: CostContext): number {
  return STANDARDIZE_FLOPS + 2 + (context.attributes.int('activation', 0) === 1 ? ACTIVATION_FLOPS.Swish : 0);
}

const sameAsInput: ShapeRule = (context) => [like(context.tensor(0))];

/** The normalised output and the sum it was made of. */
const skipGroup: ShapeRule = (context) => [like(context.tensor(0)), like(context.tensor(0))];

const skipGroupCost: CostRule = (context) => {
  const bias = context.inputs[4] ? 1 : 0;
  return perElement(context, groupFlops(context) + 1 + bias, 'skip added, groups normalised');
};

/** X times SiLU of the gate after RMS normalisation per head. */
const GATED_RMS = RMS_FLOPS + 1 + ACTIVATION_FLOPS.Swish + 1;

/** Normalisations of com.microsoft and the names ONNX Runtime registers beside ai.onnx's. */
export const CONTRIB_NORMALIZATION: readonly Operator[] = meaning.means(
  {
    SkipLayerNormalization: meaning.normalize('layerNorm', { weights: [2, 3, 4] }),
    SkipSimplifiedLayerNormalization: meaning.normalize('rmsNorm'),
    SimplifiedLayerNormalization: meaning.normalize('rmsNorm', { weights: [1] }),
    EmbedLayerNormalization: meaning.normalize('embeddingNorm'),
    GroupNorm: meaning.normalize('groupNorm'),
    SkipGroupNorm: meaning.normalize('groupNorm'),
  },
  [
    operator('SkipLayerNormalization', 1, skipLayer, withInputs(STANDARDIZE_FLOPS, [1, 2, 3, 4], 'skip added, normalised'), DOMAIN),
    operator('SkipSimplifiedLayerNormalization', 1, skipLayer, withInputs(RMS_FLOPS, [1, 2, 3], 'skip added, normalised'), DOMAIN),
    operator('SimplifiedLayerNormalization', 1, simplifiedLayer, withInputs(RMS_FLOPS, [1], 'square, sum, divide, scale')),
    operator('SimplifiedLayerNormalization', 1, simplifiedLayer, withInputs(RMS_FLOPS, [1], 'square, sum, divide, scale'), DOMAIN),
    operator('EmbedLayerNormalization', 1, embedLayer, embedLayerCost, DOMAIN),
    operator('QEmbedLayerNormalization', 1, embedLayer, embedLayerCost, DOMAIN),
    operator('QOrderedLayerNormalization', 1, sameAsInput, withInputs(STANDARDIZE_FLOPS, [2, 3], 'normalised'), DOMAIN),
    operator('GroupNorm', 1, sameAsInput, (context) => perElement(context, groupFlops(context), 'groups normalised'), DOMAIN),
    operator('SkipGroupNorm', 1, skipGroup, skipGroupCost, DOMAIN),
    operator('GatedRMSNorm', 1, sameAsInput, (context) => perElement(context, GATED_RMS, 'normalised, scaled, gated'), DOMAIN),
  ],
);
