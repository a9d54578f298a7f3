import type { Dim, DType, Shape } from '../../model';
import { type Cost, type CostContext, type Fact, type ShapeContext, type TensorFact, UNKNOWN } from '../rule';
import { formatProduct, multiplyAdds } from './costs';
import { multiplyDims } from './dimArithmetic';
import { checkEqual, extent, product, shaped } from './extents';
import { unknownShape } from './shapes';
import { readWindows, windowCounts } from './windows';

/** Where a convolution finds its operands: quantised and fused variants carry more inputs, NHWC ones another layout. */
export interface ConvolutionForm {
  readonly x: number;
  /** Weights `[M, C/group, k1, k2, ...]`. */
  readonly w: number;
  readonly bias: number;
  /** The image is `[N, spatial..., C]` instead of `[N, C, spatial...]`; weights stay as they are. */
  readonly channelsLast?: boolean;
  /** Further FLOPs per output element: an activation, an added tensor, a requantisation. */
  readonly perOutput?: (context: CostContext) => number;
}

/** Where `Conv` has its image, kernel and bias among its inputs. */
export const PLAIN_CONVOLUTION: ConvolutionForm = { x: 0, w: 1, bias: 2 };

/** Extents of a kernel by its weights `[M, C/group, k...]`, or where those are not known by the attribute; `null` without either. */
export function kernelFrom(weights: Shape | null, attribute: readonly number[] | undefined): Shape | null {
  if (weights && weights.length > 2) return weights.slice(2).map((dim, i) => (typeof dim === 'number' ? dim : (attribute?.[i] ?? dim)));
  return attribute && attribute.length > 0 ? attribute : null;
}

/** Kernel extents: the weights' where known (they cannot be wrong), else `kernel_shape`, else unknown ones for the image's rank. */
export function kernelOf(context: ShapeContext | CostContext, weights: TensorFact | null, image: TensorFact | null): readonly Dim[] | null {
  const kernel = kernelFrom(weights?.shape ?? null, context.attributes.ints('kernel_shape'));
  if (kernel) return kernel;
  return image?.shape && image.shape.length > 2 ? unknownShape(image.shape.length - 2) : null;
}

/** `[N, channels, spatial...]`, or with channels last. */
export function imageShape(batch: Dim, channels: Dim, spatial: readonly Dim[], channelsLast = false): Shape {
  return channelsLast ? [batch, ...spatial, channels] : [batch, channels, ...spatial];
}

/** Extents of the spatial axes of an image of `rank` of them. */
export function spatialOf(fact: TensorFact | null, rank: number, channelsLast = false): readonly Dim[] {
  return Array.from({ length: rank }, (_, i) => extent(fact, i + (channelsLast ? 1 : 2)));
}

/** False where the image's rank is known and is not that of `kernel` plus batch and channels, which is reported. */
export function checkImageRank(context: ShapeContext, image: TensorFact | null, kernel: readonly Dim[]): boolean {
  if (!image?.shape || image.shape.length === kernel.length + 2) return true;
  context.report('rank', `the input has rank ${image.shape.length}, but a kernel of ${kernel.length} axes needs ${kernel.length + 2}.`);
  return false;
}

/** Output of a convolution: `[N, M, spatial...]` with the windows that fit (ONNX Conv). */
export function convolutionOutput(context: ShapeContext, form: ConvolutionForm, dtype: DType): Fact {
  const image = context.tensor(form.x);
  const weights = context.tensor(form.w);
  const kernel = kernelOf(context, weights, image);
  if (kernel === null) return image || weights ? shaped(dtype, null) : UNKNOWN;
  if (!checkImageRank(context, image, kernel)) return shaped(dtype, null);
  const channels = extent(image, form.channelsLast ? -1 : 1);
  const group = context.attributes.int('group', 1);
  checkEqual(context, 'input channels and weight channels times group', channels, multiplyDims(extent(weights, 1), group));
  const spatial = windowCounts(context, readWindows(context, kernel), spatialOf(image, kernel.length, form.channelsLast));
  return shaped(dtype, imageShape(extent(image, 0), extent(weights, 0), spatial, form.channelsLast));
}

/** Taps one output element sums over: `[C/group, k1, k2, ...]`. */
function tapsOf(context: CostContext, form: ConvolutionForm): readonly Dim[] | null {
  const weights = context.tensor(form.w);
  if (weights?.shape) return weights.shape.slice(1);
  const image = context.tensor(form.x);
  const channels = extent(image, form.channelsLast ? -1 : 1);
  const kernel = kernelOf(context, null, image);
  const group = context.attributes.int('group', 1);
  if (typeof channels !== 'number' || kernel === null || group <= 0 || channels % group !== 0) return null;
  return [channels / group, ...kernel];
}

/** One multiply-add per tap and output element; taps on padding count, as every published figure has it. */
export function convolutionCost(context: CostContext, form: ConvolutionForm): Cost | null {
  const output = context.output(0);
  const taps = tapsOf(context, form);
  if (!output?.shape || taps === null) return null;
  const outputs = product(output.shape);
  const perOutput = product(taps);
  if (outputs === null || perOutput === null) return null;
  const bias = context.tensor(form.bias) ? outputs : 0n;
  const extra = BigInt(form.perOutput?.(context) ?? 0);
  const formula = `${formatProduct(output.shape)} outputs * ${formatProduct(taps)} taps`;
  return multiplyAdds(outputs * perOutput, formula, bias + extra * outputs);
}
