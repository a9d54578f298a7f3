import type { Dim, DType } from '../../model';
import { imageShape, spatialOf } from '../common/convolution';
import { flopsOnly, formatProduct, noArithmetic, perInputElement } from '../common/costs';
import { operator, operators } from '../common/define';
import { addDims, multiplyDims, subtractDims } from '../common/dimArithmetic';
import { checkLeastRank, checkRank, dtypeOf, extent, product, shaped } from '../common/extents';
import { BILINEAR_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { knownNumbers } from '../common/shapes';
import { readWindows, windowCounts } from '../common/windows';
import { type CostContext, type CostRule, type Fact, type Operator, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';

/** Output of a pooling over windows of `kernel_shape`; input `[N, C, spatial...]`, or `[N, spatial..., C]`. */
export function pooled(context: ShapeContext, dtype: DType, channelsLast = false): Fact {
  const input = context.tensor(0);
  const kernel = context.attributes.ints('kernel_shape');
  if (!input) return UNKNOWN;
  if (!kernel || kernel.length === 0) {
    context.report('attribute', 'kernel_shape is missing.');
    return shaped(dtype, null);
  }
  if (!checkRank(context, 0, [kernel.length + 2])) return shaped(dtype, null);
  const spatial = windowCounts(context, readWindows(context, kernel), spatialOf(input, kernel.length, channelsLast));
  return shaped(dtype, imageShape(extent(input, 0), extent(input, channelsLast ? -1 : 1), spatial, channelsLast));
}

/** `perTap` FLOPs for every element of the window and `perOutput` for every output element; padding counts. */
export function pooledCost(context: CostContext, perTap: number, perOutput: number): ReturnType<CostRule> {
  const output = context.output(0)?.shape;
  const kernel = context.attributes.ints('kernel_shape');
  const outputs = output ? product(output) : null;
  if (!output || !kernel || outputs === null) return null;
  const taps = kernel.reduce((result, extentOfKernel) => result * BigInt(extentOfKernel), 1n);
  const each = taps * BigInt(perTap) + BigInt(perOutput);
  const rest = perOutput === 0 ? '' : ` + ${perOutput}`;
  return flopsOnly(outputs * each, `${formatProduct(output)} outputs * (${formatProduct(kernel)} taps * ${perTap}${rest}) FLOPs`);
}

const pool: ShapeRule = (context) => [pooled(context, dtypeOf(context.tensor(0)))];

/** The second output holds the indices of the maxima. */
const maxPool: ShapeRule = (context) => {
  const output = pooled(context, dtypeOf(context.tensor(0)));
  return [output, shaped('int64', output.kind === 'tensor' ? output.shape : null)];
};

/** One comparison per tap; an average is as many sums and one division less. */
const perTap: CostRule = (context) => pooledCost(context, 1, 0);

/** |x|^p and a sum per tap, one root per output. */
const lpPoolCost: CostRule = (context) => pooledCost(context, 2, 1);

/** LpPool before opset 2 wrote p as a float and, like GlobalLpPool, is otherwise the same. */
const globalPool: ShapeRule = (context) => [globallyPooled(context, false)];

/** `[N, C, 1, 1, ...]`. */
export function globallyPooled(context: ShapeContext, channelsLast: boolean): Fact {
  const input = context.tensor(0);
  if (!input) return UNKNOWN;
  if (!input.shape || !checkLeastRank(context, 0, 2)) return shaped(input.dtype, null);
  const spatial = new Array<Dim>(input.shape.length - 2).fill(1);
  return shaped(input.dtype, imageShape(extent(input, 0), extent(input, channelsLast ? -1 : 1), spatial, channelsLast));
}

/** Inverse of MaxPool: input 1 holds the indices, input 2 (optional) the output's shape. */
const maxUnpool: ShapeRule = (context) => {
  const input = context.tensor(0);
  const kernel = context.attributes.ints('kernel_shape');
  const wanted = context.tensor(2);
  if (!input) return [UNKNOWN];
  if (wanted?.data) return [shaped(input.dtype, wanted.data)];
  if (wanted || !kernel || !input.shape || !checkRank(context, 0, [kernel.length + 2])) {
    return [shaped(input.dtype, input.shape ? input.shape.map(() => null) : null)];
  }
  const { strides, pads } = readWindows(context, kernel);
  const spatial = spatialOf(input, kernel.length).map((size, i) => {
    const grown = multiplyDims(subtractDims(size, 1), strides[i] ?? 1);
    return subtractDims(addDims(grown, kernel[i] ?? null), (pads[i] ?? 0) + (pads[i + kernel.length] ?? 0));
  });
  return [shaped(input.dtype, imageShape(extent(input, 0), extent(input, 1), spatial))];
};

/** X [N, C, H, W], rois [R, 5]; output [R, C, pooled_shape]. */
const maxRoiPool: ShapeRule = (context) => {
  const x = context.tensor(0);
  checkRank(context, 0, [4]);
  const size = context.attributes.ints('pooled_shape');
  return [shaped(dtypeOf(x), [extent(context.tensor(1), 0), extent(x, 1), size?.[0] ?? null, size?.[1] ?? null])];
};

/** Which elements a region covers depends on its coordinates: every region is taken to cover the whole map once. */
const maxRoiPoolCost: CostRule = (context) => {
  const covered = [extent(context.tensor(1), 0), ...[1, 2, 3].map((axis) => extent(context.tensor(0), axis))];
  const count = product(covered);
  return count === null ? null : flopsOnly(count, `at most ${formatProduct(covered)} comparisons`);
};

/** X [N, C, H, W], rois [R, 4], batch indices [R]; output [R, C, output_height, output_width] (He et al. 2017). */
const roiAlign: ShapeRule = (context) => {
  const x = context.tensor(0);
  checkRank(context, 0, [4]);
  const height = context.attributes.int('output_height', 1);
  const width = context.attributes.int('output_width', 1);
  return [shaped(dtypeOf(x), [extent(context.tensor(1), 0), extent(x, 1), height, width])];
};

/** Bilinear samples per bin, pooled; with sampling_ratio 0 their number depends on the regions and one is counted. */
const roiAlignCost: CostRule = (context) => {
  const output = context.output(0)?.shape;
  const outputs = output ? product(output) : null;
  if (!output || outputs === null) return null;
  const ratio = Math.max(1, context.attributes.int('sampling_ratio', 0));
  const samples = outputs * BigInt(ratio * ratio);
  const each = BigInt(BILINEAR_FLOPS + 1);
  return flopsOnly(samples * each, `${formatProduct(output)} outputs * ${ratio}*${ratio} samples * ${each} FLOPs`);
};

/** X [N, C, H, W], rois [R, 4], batch indices, crop size [2]; output [R, C, crop height, crop width]. */
const cropAndResize: ShapeRule = (context) => {
  const x = context.tensor(0);
  const size = knownNumbers(context.tensor(3));
  return [shaped(dtypeOf(x), [extent(context.tensor(1), 0), extent(x, 1), size?.[0] ?? null, size?.[1] ?? null])];
};

/** Pooling over windows, whole maps and regions. */
export const POOLING: readonly Operator[] = meaning.means(
  {
    MaxPool: meaning.pool('poolWindows', 'largest'),
    AveragePool: meaning.pool('poolWindows', 'mean'),
    LpPool: meaning.pool('poolWindows', 'norm'),
    GlobalMaxPool: meaning.pool('poolAll', 'largest'),
    GlobalAveragePool: meaning.pool('poolAll', 'mean'),
    GlobalLpPool: meaning.pool('poolAll', 'norm'),
    MaxUnpool: meaning.pool('unpool', 'largest'),
    MaxRoiPool: meaning.pool('poolRegions', 'largest'),
    RoiAlign: meaning.pool('poolRegions', 'mean'),
  },
  [
    operator('MaxPool', 1, maxPool, perTap),
    operator('AveragePool', 1, pool, perTap),
    operator('LpPool', 1, pool, lpPoolCost),
    ...operators(['GlobalMaxPool', 'GlobalAveragePool'], 1, globalPool, perInputElement(1)),
    operator('GlobalLpPool', 1, globalPool, perInputElement(2)),
    operator('MaxUnpool', 9, maxUnpool, noArithmetic),
    operator('MaxRoiPool', 1, maxRoiPool, maxRoiPoolCost),
    operator('RoiAlign', 10, roiAlign, roiAlignCost),
    operator('CropAndResize', 1, cropAndResize, roiAlignCost, 'com.microsoft'),
  ],
);
