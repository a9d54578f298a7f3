import type { DType } from '../../model';
import { flopsOnly, formatProduct, noArithmetic } from '../common/costs';
import { operator } from '../common/define';
import { dtypeOf, extent, like, product, shaped } from '../common/extents';
import { RMS_FLOPS, STANDARDIZE_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { knownScalar, normalizeAxis, sameAsFirst } from '../common/shapes';
import {
  type CostContext,
  type CostRule,
  type Fact,
  type Operator,
  type ShapeContext,
  type ShapeRule,
  type TensorFact,
  UNKNOWN,
} from '../rule';

/** `flops` per element of the first input, with the reason in words. */
export function perElement(context: CostContext, flops: number, why: string): ReturnType<CostRule> {
  const shape = context.tensor(0)?.shape;
  const count = shape ? product(shape) : null;
  return shape && count !== null ? flopsOnly(count * BigInt(flops), `${formatProduct(shape)} elements * ${flops} FLOPs (${why})`) : null;
}

/** Element type of a mean or variance: `stash_type` (1 is float32) where the operator has it. */
function statisticType(context: ShapeContext, fallback: DType): DType {
  const names: Readonly<Record<number, DType>> = { 1: 'float32', 10: 'float16', 11: 'float64', 16: 'bfloat16' };
  return names[context.attributes.int('stash_type', 1)] ?? fallback;
}

/** One value per channel, in the type of the given statistics. */
function channelVector(context: ShapeContext, input: TensorFact): Fact {
  const known = context.tensor(1)?.shape;
  const dtype = context.tensor(3)?.dtype ?? input.dtype;
  return shaped(dtype, known ?? [extent(input, 1)]);
}

/**
 * Outputs past the first are the updated statistics, one value per channel:
 * up to opset 13 mean, variance and the saved pair, from 14 mean and variance.
 */
const batchNormalization: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  const statistics = context.node.outputs.slice(1).map(() => channelVector(context, input));
  return [like(input), ...statistics];
};

/** True where statistics are computed from the batch instead of given. */
function trainsBatchNormalization(context: CostContext): boolean {
  if (context.opset >= 14) return context.attributes.int('training_mode', 0) === 1;
  if (context.opset >= 7) return context.node.outputs.length > 1;
  return context.attributes.int('is_test', 0) === 0 && context.node.outputs.length > 1;
}

/** Given statistics fold into one scale and one shift per channel; otherwise the batch is standardised first. */
const batchNormalizationCost: CostRule = (context) =>
  trainsBatchNormalization(context)
    ? perElement(context, STANDARDIZE_FLOPS + 2, 'mean, centre, square, sum, divide, scale, shift')
    : perElement(context, 2, 'scale, shift');

const standardizeAffine: CostRule = (context) =>
  perElement(context, STANDARDIZE_FLOPS + 2, 'mean, centre, square, sum, divide, scale, shift');

/** Before opset 17 ONNX Runtime defines LayerNormalization itself, whose output has the scale's element type. */
export const earlyLayerNormalization: ShapeRule = (context) => {
  const [y, ...statistics] = layerNormalization(context);
  return y?.kind === 'tensor' ? [shaped(dtypeOf(context.tensor(1), y.dtype), y.shape), ...statistics] : [UNKNOWN];
};

/** Y like X, then mean and inverse deviation: X's shape with 1 from `axis` on. */
const layerNormalization: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  const rank = input.shape?.length ?? 0;
  const axis = normalizeAxis(context.attributes.int('axis', -1), rank);
  if (input.shape && axis === null) {
    context.report('axis', `axis ${context.attributes.int('axis', -1)} does not exist at rank ${rank}.`);
  }
  const reduced = input.shape && axis !== null ? input.shape.map((dim, i) => (i < axis ? dim : 1)) : null;
  const statistic = shaped(statisticType(context, input.dtype), reduced);
  return [like(input), statistic, statistic];
};

const layerNormalizationCost: CostRule = (context) => {
  const bias = context.tensor(2) ? 1 : 0;
  return perElement(context, STANDARDIZE_FLOPS + 1 + bias, `mean, centre, square, sum, divide, scale${bias ? ', shift' : ''}`);
};

/** The output has the scale's element type. */
const rmsNormalization: ShapeRule = (context) => {
  const input = context.tensor(0);
  return [input ? shaped(dtypeOf(context.tensor(1), input.dtype), input.shape) : UNKNOWN];
};

/** Squares, a window sum over `size` channels, times alpha, plus bias, power, division. */
export const lrnCost: CostRule = (context) => {
  const size = context.attributes.int('size', 1);
  return perElement(context, size + 5, `square, ${size} channels summed, scale, bias, power, divide`);
};

/** Output and mask have the input's shape; the mask is boolean from opset 10 on. */
const dropout: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  return [{ ...input }, shaped(context.opset >= 10 ? 'bool' : input.dtype, input.shape)];
};

/** Nothing at inference; in training mode a choice and a scaling per element. */
const dropoutCost: CostRule = (context) => {
  const trains =
    context.opset >= 12 ? knownScalar(context.tensor(2)) === 1 : context.opset < 7 && context.attributes.int('is_test', 0) === 0;
  return trains ? perElement(context, 2, 'mask, scale') : noArithmetic(context);
};

/** Normalisations of ai.onnx. One rule serves every version; what changed between them is read from the opset. */
export const NORMALIZATIONS: readonly Operator[] = meaning.means(
  {
    BatchNormalization: meaning.normalize('batchNorm', { weights: [1, 2], buffers: [3, 4] }),
    InstanceNormalization: meaning.normalize('instanceNorm', { weights: [1, 2] }),
    LayerNormalization: meaning.normalize('layerNorm', { weights: [1, 2] }),
    GroupNormalization: meaning.normalize('groupNorm', { weights: [1, 2] }),
    RMSNormalization: meaning.normalize('rmsNorm', { weights: [1] }),
    LRN: meaning.normalize('localResponseNorm'),
    LpNormalization: meaning.normalize('lpNorm'),
    MeanVarianceNormalization: meaning.normalize('standardize'),
    Dropout: meaning.pass('drop', { settings: [1, 2] }),
  },
  [
    operator('BatchNormalization', 1, batchNormalization, batchNormalizationCost),
    operator('InstanceNormalization', 1, sameAsFirst, standardizeAffine),
    operator('LayerNormalization', 1, earlyLayerNormalization, layerNormalizationCost),
    operator('LayerNormalization', 17, layerNormalization, layerNormalizationCost),
    operator('GroupNormalization', 18, sameAsFirst, standardizeAffine),
    operator('RMSNormalization', 23, rmsNormalization, (context) => perElement(context, RMS_FLOPS + 1, 'square, sum, divide, scale')),
    operator('LRN', 1, sameAsFirst, lrnCost),
    operator('LpNormalization', 1, sameAsFirst, (context) => perElement(context, 3, 'power, sum, divide')),
    operator('MeanVarianceNormalization', 9, sameAsFirst, (context) =>
      perElement(context, STANDARDIZE_FLOPS, 'mean, centre, square, sum, divide'),
    ),
    operator('Dropout', 1, dropout, dropoutCost),
  ],
);
