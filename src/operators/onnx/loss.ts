import type { Shape } from '../../model';
import { flopsOnly, formatProduct } from '../common/costs';
import { operator } from '../common/define';
import { checkEqual, checkLeastRank, dtypeOf, extent, product, shaped } from '../common/extents';
import { SOFTMAX_FLOPS } from '../common/flops';
import type { CostContext, CostRule, Operator, ShapeContext, ShapeRule } from '../rule';

/** Scores `[N, C, d...]`, targets `[N, d...]`: the targets' shape, or a scalar where losses are reduced. */
function lossShape(context: ShapeContext): Shape | null {
  if (context.attributes.string('reduction', 'mean') !== 'none') return [];
  const scores = context.tensor(0)?.shape;
  return context.tensor(1)?.shape ?? (scores ? [...scores.slice(0, 1), ...scores.slice(2)] : null);
}

function check(context: ShapeContext): void {
  checkLeastRank(context, 0, 2);
  checkEqual(context, 'the batches of scores and targets', extent(context.tensor(0), 0), extent(context.tensor(1), 0));
}

const negativeLogLikelihood: ShapeRule = (context) => {
  check(context);
  return [shaped(dtypeOf(context.tensor(0)), lossShape(context))];
};

/** The second output holds the logarithms of the probabilities. */
const softmaxCrossEntropy: ShapeRule = (context) => {
  check(context);
  const scores = context.tensor(0);
  return [shaped(dtypeOf(scores), lossShape(context)), shaped(dtypeOf(scores), scores?.shape ?? null)];
};

/** Per target: a negation, a weighing where there are weights, a sum where losses are reduced. */
function targetFlops(context: CostContext): { flops: bigint; formula: string } | null {
  const targets = context.tensor(1)?.shape;
  const count = targets ? product(targets) : null;
  if (!targets || count === null) return null;
  const reduced = context.attributes.string('reduction', 'mean') === 'none' ? 0 : 1;
  const each = 1 + (context.tensor(2) ? 1 : 0) + reduced;
  return { flops: count * BigInt(each), formula: `${formatProduct(targets)} targets * ${each} FLOPs` };
}

const negativeLogLikelihoodCost: CostRule = (context) => {
  const cost = targetFlops(context);
  return cost && flopsOnly(cost.flops, cost.formula);
};

const softmaxCrossEntropyCost: CostRule = (context) => {
  const shape = context.tensor(0)?.shape;
  const scores = shape ? product(shape) : null;
  const targets = targetFlops(context);
  if (!shape || scores === null || targets === null) return null;
  const formula = `${formatProduct(shape)} scores * ${SOFTMAX_FLOPS} FLOPs + ${targets.formula}`;
  return flopsOnly(scores * BigInt(SOFTMAX_FLOPS) + targets.flops, formula);
};

/** Losses of ai.onnx. */
export const LOSSES: readonly Operator[] = [
  operator('NegativeLogLikelihoodLoss', 12, negativeLogLikelihood, negativeLogLikelihoodCost),
  operator('SoftmaxCrossEntropyLoss', 12, softmaxCrossEntropy, softmaxCrossEntropyCost),
];
