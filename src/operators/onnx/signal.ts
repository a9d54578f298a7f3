import type { Dim } from '../../model';
import { flopsOnly, formatProduct, perOutputElement } from '../common/costs';
import { operator, operators } from '../common/define';
import { addDims, floorDivide, subtractDims } from '../common/dimArithmetic';
import { dtypeOf, extent, product, replaceExtents, shaped } from '../common/extents';
import * as meaning from '../common/meanings';
import { knownScalar, normalizeAxis } from '../common/shapes';
import { type Cost, type CostContext, type CostRule, type Operator, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';
import { numberedType } from './quantization';

/** Transformed axis: input 2 from opset 20 on (default -2), an attribute before (default 1). */
function dftAxis(context: ShapeContext | CostContext, rank: number): number | null {
  const input = context.tensor(2);
  if (context.opset < 20) return normalizeAxis(context.attributes.int('axis', 1), rank);
  if (input === null) return context.inputs[2] ? null : normalizeAxis(-2, rank);
  const axis = knownScalar(input);
  return axis === null ? null : normalizeAxis(axis, rank);
}

/** A value given as a scalar input: its number, its name, or `null`. */
function scalarDim(context: ShapeContext | CostContext, index: number): Dim {
  return context.tensor(index)?.data?.[0] ?? null;
}

/** `[..., n, 1 or 2]` to `[..., n or n/2 + 1, 2]`; the last axis holds real and imaginary parts. */
const dft: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x) return [UNKNOWN];
  const axis = x.shape ? dftAxis(context, x.shape.length) : null;
  if (!x.shape || axis === null) return [shaped(x.dtype, x.shape ? [...x.shape.slice(0, -1).map(() => null), null] : null)];
  const length = context.inputs[1] ? scalarDim(context, 1) : (x.shape[axis] ?? null);
  const onesided = context.attributes.int('onesided', 0) === 1;
  const inverse = context.attributes.int('inverse', 0) === 1;
  // The inverse of a one-sided transform is real and of full length (opset 20).
  if (onesided && inverse) {
    const full = context.inputs[1] ? length : multiplied(subtractDims(length, 1));
    return [shaped(x.dtype, replaceExtents(x.shape, { [axis]: full, [x.shape.length - 1]: 1 }))];
  }
  const bins = onesided ? addDims(floorDivide(length, 2), 1) : length;
  return [shaped(x.dtype, replaceExtents(x.shape, { [axis]: bins, [x.shape.length - 1]: 2 }))];
};

function multiplied(dim: Dim): Dim {
  return addDims(dim, dim);
}

/** `5 n log2 n` FLOPs a transform of n points, the figure FFTs are compared by (Cooley & Tukey 1965; FFTW's convention). */
function fftCost(points: Dim, transforms: bigint | null): Cost | null {
  if (typeof points !== 'number' || transforms === null) return null;
  const each = BigInt(Math.round(5 * points * Math.log2(Math.max(1, points))));
  return flopsOnly(transforms * each, `${transforms} transforms * 5 * ${points} * log2(${points}) FLOPs`);
}

const dftCost: CostRule = (context) => {
  const shape = context.tensor(0)?.shape;
  const axis = shape ? dftAxis(context, shape.length) : null;
  if (!shape || axis === null) return null;
  const points = context.inputs[1] ? scalarDim(context, 1) : (shape[axis] ?? null);
  return fftCost(points, product(shape.slice(0, -1).filter((_, i) => i !== axis)));
};

/** Inputs signal `[B, L]` or `[B, L, 1 or 2]`, frame_step, window, frame_length; output `[B, frames, bins, 2]`. */
const stft: ShapeRule = (context) => {
  const signal = context.tensor(0);
  const length = frameLength(context);
  const step = knownScalar(context.tensor(1));
  const room = subtractDims(extent(signal, 1), length);
  if (typeof room === 'number' && room < 0)
    context.report('window', `a window has ${length} samples, but the signal only ${extent(signal, 1)}.`);
  const frames = step === null ? null : addDims(floorDivide(room, step), 1);
  const bins = context.attributes.int('onesided', 1) === 1 ? addDims(floorDivide(length, 2), 1) : length;
  return [shaped(dtypeOf(signal), [extent(signal, 0), frames, bins, 2])];
};

function frameLength(context: ShapeContext | CostContext): Dim {
  return context.inputs[3] ? scalarDim(context, 3) : extent(context.tensor(2), 0);
}

const stftCost: CostRule = (context) => {
  const output = context.output(0)?.shape;
  return output ? fftCost(frameLength(context), product(output.slice(0, 2))) : null;
};

/** A window of `size` elements; its type is `output_datatype`, float32 unless told. */
const window: ShapeRule = (context) => [
  shaped(numberedType(context.attributes.int('output_datatype', 1)) ?? 'float32', [scalarDim(context, 0)]),
];

/** Inputs num_mel_bins, dft_length, sample_rate, lower and upper edge; output `[dft_length / 2 + 1, num_mel_bins]`. */
const melWeights: ShapeRule = (context) => {
  const dtype = numberedType(context.attributes.int('output_datatype', 1)) ?? 'float32';
  return [shaped(dtype, [addDims(floorDivide(scalarDim(context, 1), 2), 1), scalarDim(context, 0)])];
};

/** Rfft and Irfft of com.microsoft: over the last `signal_ndim` axes, complex numbers in an appended axis of 2. */
const rfft: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x?.shape) return [x ? shaped(x.dtype, null) : UNKNOWN];
  const onesided = context.attributes.int('onesided', 1) === 1;
  const last = extent(x, -1);
  return [shaped(x.dtype, [...x.shape.slice(0, -1), onesided ? addDims(floorDivide(last, 2), 1) : last, 2])];
};

const irfft: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x?.shape) return [x ? shaped(x.dtype, null) : UNKNOWN];
  const onesided = context.attributes.int('onesided', 1) === 1;
  const last = extent(x, -2);
  return [shaped(x.dtype, [...x.shape.slice(0, -2), onesided ? multiplied(subtractDims(last, 1)) : last])];
};

/** The real side of a transform along `axes` at the end: its points and how many transforms there are. */
function realFft(context: CostContext, shape: readonly Dim[] | null | undefined): Cost | null {
  const axes = context.attributes.int('signal_ndim', 1);
  const points = product(shape?.slice(-axes) ?? [null]);
  const transforms = product(shape?.slice(0, -axes) ?? [null]);
  return points === null ? null : fftCost(Number(points), transforms);
}

const WINDOWS = ['HannWindow', 'HammingWindow', 'BlackmanWindow'];

/** Fourier transforms, windows and mel filters. */
export const SIGNAL: readonly Operator[] = meaning.means(
  {
    BlackmanWindow: meaning.other({ settings: 'all' }),
  },
  [
    operator('DFT', 17, dft, dftCost),
    operator('STFT', 17, stft, stftCost),
    // Index, scale, cosine, scale, subtraction per element; Blackman's second cosine is not told apart.
    ...operators(WINDOWS, 17, window, perOutputElement(5)),
    operator('MelWeightMatrix', 17, melWeights, (context) => {
      const shape = context.output(0)?.shape;
      const count = shape ? product(shape) : null;
      return shape && count !== null ? flopsOnly(2n * count, `${formatProduct(shape)} weights * 2 FLOPs`) : null;
    }),
    operator('Rfft', 1, rfft, (context) => realFft(context, context.tensor(0)?.shape), 'com.microsoft'),
    operator('Irfft', 1, irfft, (context) => realFft(context, context.output(0)?.shape), 'com.microsoft'),
  ],
);
