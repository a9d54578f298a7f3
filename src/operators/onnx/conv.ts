import { convolutionCost, convolutionOutput, PLAIN_CONVOLUTION } from '../common/convolution';
import { transposedCost, transposedOutput } from '../common/convolutionTransposed';
import { flopsOnly, formatProduct, multiplyAdds } from '../common/costs';
import { operator } from '../common/define';
import { divideExactly, productOf, subtractDims } from '../common/dimArithmetic';
import { checkEqual, checkRank, dtypeOf, extent, like, product, shaped } from '../common/extents';
import { ACTIVATION_FLOPS, BILINEAR_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { knownLength, knownNumbers } from '../common/shapes';
import type { CostRule, Operator, ShapeRule } from '../rule';

const conv: ShapeRule = (context) => [convolutionOutput(context, PLAIN_CONVOLUTION, dtypeOf(context.tensor(0), context.tensor(1)?.dtype))];

const convCost: CostRule = (context) => convolutionCost(context, PLAIN_CONVOLUTION);

const convTranspose: ShapeRule = (context) => [transposedOutput(context)];

/** Inputs X, W, offset [N, offset_group * 2 * taps, oH, oW], B, mask [N, offset_group * taps, oH, oW] (Zhu et al. 2019). */
const deformable = { x: 0, w: 1, bias: 3 };

const deformConv: ShapeRule = (context) => {
  const output = convolutionOutput(context, deformable, dtypeOf(context.tensor(0)));
  if (output.kind === 'tensor' && output.shape) {
    checkEqual(context, 'output height and offset height', output.shape[2] ?? null, extent(context.tensor(2), 2));
  }
  return [output];
};

/** A convolution over samples interpolated between four neighbours each, modulated by the mask where there is one. */
const deformConvCost: CostRule = (context) => {
  const cost = convolutionCost(context, deformable);
  const image = context.tensor(0);
  const output = context.output(0);
  const weights = context.tensor(1);
  if (cost === null || !output?.shape || !weights?.shape) return null;
  const samples = product([extent(image, 0), extent(image, 1), ...output.shape.slice(2), ...weights.shape.slice(2)]);
  if (samples === null) return null;
  const each = BILINEAR_FLOPS + (context.tensor(4) ? 1 : 0);
  const formula = `${cost.formula}; ${samples} samples * ${each} FLOPs`;
  return { macs: cost.macs, flops: cost.flops + samples * BigInt(each), formula };
};

const convInteger: ShapeRule = (context) => [convolutionOutput(context, { x: 0, w: 1, bias: -1 }, 'int32')];

const convIntegerCost: CostRule = (context) => convolutionCost(context, { x: 0, w: 1, bias: -1 });

/** Input [N, C * product(block), L], image_shape, block_shape; output [N, C, image...]. */
const col2im: ShapeRule = (context) => {
  const columns = context.tensor(0);
  checkRank(context, 0, [3]);
  const image = context.tensor(1);
  const block = knownNumbers(context.tensor(2));
  const spatial = image?.data ?? new Array<null>(knownLength(image) ?? knownLength(context.tensor(2)) ?? 0).fill(null);
  if (spatial.length === 0) return [shaped(dtypeOf(columns), null)];
  const channels = block ? divideExactly(extent(columns, 1), productOf(block)) : null;
  return [shaped(dtypeOf(columns), [extent(columns, 0), channels, ...spatial])];
};

/** Every column element is added to one output element. */
const col2imCost: CostRule = (context) => {
  const shape = context.tensor(0)?.shape;
  const count = shape ? product(shape) : null;
  return shape && count !== null ? flopsOnly(count, `${formatProduct(shape)} column elements * 1 FLOP`) : null;
};

/** Inputs X [B, C, L], W [C, 1, k], bias, past state; outputs Y like X and the state [B, C, k - 1]. */
const causalConv: ShapeRule = (context) => {
  const x = context.tensor(0);
  checkRank(context, 0, [3]);
  const past = context.tensor(3);
  const state = subtractDims(extent(context.tensor(1), -1), 1);
  return [like(x), shaped(past?.dtype ?? dtypeOf(x), [extent(x, 0), extent(x, 1), state])];
};

const causalConvCost: CostRule = (context) => {
  const output = context.output(0)?.shape;
  const kernel = extent(context.tensor(1), -1);
  const outputs = output ? product(output) : null;
  if (!output || outputs === null || typeof kernel !== 'number') return null;
  const activation = context.attributes.string('activation', 'none') === 'none' ? 0 : ACTIVATION_FLOPS.Swish;
  const extra = (context.tensor(2) ? 1n : 0n) + BigInt(activation);
  return multiplyAdds(outputs * BigInt(kernel), `${formatProduct(output)} outputs * ${kernel} taps`, outputs * extra);
};

/** Convolutions of ai.onnx. Rules hold for every version: later ones only add element types. */
export const CONVOLUTIONS: readonly Operator[] = meaning.means(
  {
    Conv: meaning.convolve(),
    ConvTranspose: meaning.convolve({ transposed: true }),
    DeformConv: meaning.convolve({}, { weights: [1, 3] }),
    ConvInteger: meaning.convolve({}, { weights: [1], settings: [2, 3] }),
    Col2Im: meaning.other({ settings: [1, 2] }),
  },
  [
    operator('Conv', 1, conv, convCost),
    operator('ConvTranspose', 1, convTranspose, (context) => transposedCost(context)),
    operator('DeformConv', 19, deformConv, deformConvCost),
    operator('ConvInteger', 10, convInteger, convIntegerCost),
    operator('Col2Im', 18, col2im, col2imCost),
    operator('CausalConvWithState', 27, causalConv, causalConvCost),
  ],
);
