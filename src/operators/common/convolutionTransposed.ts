import type { Dim } from '../../model';
import { type Cost, type CostContext, type Fact, type ShapeContext, UNKNOWN } from '../rule';
import { checkImageRank, imageShape, kernelOf, spatialOf } from './convolution';
import { formatProduct, multiplyAdds } from './costs';
import { addDims, multiplyDims, subtractDims } from './dimArithmetic';
import { checkEqual, extent, product, shaped } from './extents';
import { autoPadOf, readWindows, spanOf } from './windows';

/** Placement of a transposed convolution's operands; weights are `[C, M/group, k1, ...]`. */
export interface TransposedForm {
  readonly bias: number;
  readonly channelsLast?: boolean;
  /** Padding as a value instead of an attribute; `null` while unknown. */
  readonly pads?: readonly Dim[] | null;
}

interface Axis {
  readonly input: Dim;
  readonly stride: number;
  readonly span: Dim;
  readonly outputPadding: number;
  readonly pads: Dim;
  readonly same: boolean;
}

/**
 * Extent of one axis: `stride * (input - 1) + output_padding + span - pads`
 * (ONNX ConvTranspose). With SAME padding at most `input * stride`, as ONNX Runtime has it.
 */
function transposedExtent(axis: Axis): Dim {
  const full = addDims(addDims(multiplyDims(subtractDims(axis.input, 1), axis.stride), axis.outputPadding), axis.span);
  if (!axis.same) return subtractDims(full, axis.pads);
  const same = multiplyDims(axis.input, axis.stride);
  if (typeof full === 'number' && typeof same === 'number') return Math.min(full, same);
  return typeof axis.span === 'number' && axis.span >= axis.stride ? same : null;
}

/** Spatial extents of a transposed convolution; `output_shape` decides where it is given. */
function transposedSpatial(context: ShapeContext, kernel: readonly Dim[], input: readonly Dim[], form: TransposedForm): readonly Dim[] {
  const rank = kernel.length;
  const wanted = context.attributes.ints('output_shape');
  // Some exporters write batch and channels too; the last extents are the spatial ones.
  if (wanted && wanted.length >= rank) return wanted.slice(-rank);
  const windows = readWindows(context, kernel);
  const outputPadding = context.attributes.ints('output_padding');
  const mode = autoPadOf(context.attributes);
  const given: readonly Dim[] | null = form.pads === undefined ? windows.pads : form.pads;
  return kernel.map((extentOfKernel, i) =>
    transposedExtent({
      input: input[i] ?? null,
      stride: windows.strides[i] ?? 1,
      span: spanOf(extentOfKernel, windows.dilations[i] ?? 1),
      outputPadding: outputPadding?.[i] ?? 0,
      pads: mode === 'VALID' ? 0 : addDims(given?.[i] ?? null, given?.[i + rank] ?? null),
      same: mode.startsWith('SAME'),
    }),
  );
}

/** Output `[N, M, spatial...]` of a transposed convolution. */
export function transposedOutput(context: ShapeContext, form: TransposedForm = { bias: 2 }): Fact {
  const image = context.tensor(0);
  const weights = context.tensor(1);
  const dtype = image?.dtype ?? weights?.dtype;
  if (!dtype) return UNKNOWN;
  const kernel = kernelOf(context, weights, image);
  if (kernel === null || !checkImageRank(context, image, kernel)) return shaped(dtype, null);
  checkEqual(context, 'input channels and weight channels', extent(image, form.channelsLast ? -1 : 1), extent(weights, 0));
  const channels = multiplyDims(extent(weights, 1), context.attributes.int('group', 1));
  const spatial = transposedSpatial(context, kernel, spatialOf(image, kernel.length, form.channelsLast), form);
  return shaped(dtype, imageShape(extent(image, 0), channels, spatial, form.channelsLast));
}

/** Every input element is multiplied with every tap of its group's outputs: `[M/group, k1, ...]`; what padding cuts off counts. */
export function transposedCost(context: CostContext, form: TransposedForm = { bias: 2 }): Cost | null {
  const input = context.tensor(0)?.shape;
  const taps = context.tensor(1)?.shape?.slice(1);
  const output = context.output(0)?.shape;
  if (!input || !taps) return null;
  const inputs = product(input);
  const perInput = product(taps);
  const outputs = output ? product(output) : null;
  const bias = context.tensor(form.bias) ? outputs : 0n;
  if (inputs === null || perInput === null || bias === null) return null;
  return multiplyAdds(inputs * perInput, `${formatProduct(input)} inputs * ${formatProduct(taps)} taps`, bias);
}
