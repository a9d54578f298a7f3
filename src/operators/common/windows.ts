import type { Dim, Shape } from '../../model';
import type { Attributes, ShapeContext } from '../rule';
import { addDims, ceilDivide, floorDivide, multiplyDims, subtractDims } from './dimArithmetic';

/** How a convolution's or pooling's window slides, one entry per spatial axis (ONNX Conv, MaxPool). */
export interface Windows {
  readonly kernel: readonly Dim[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before each axis, then after each axis, as ONNX writes them. */
  readonly pads: readonly number[];
  readonly autoPad: string;
  readonly ceil: boolean;
}

/** Reads the window attributes; those of a wrong length are reported and taken as absent. */
export function readWindows(context: Pick<ShapeContext, 'attributes' | 'report'>, kernel: readonly Dim[]): Windows {
  const rank = kernel.length;
  const { attributes } = context;
  const list = (name: string, length: number, fallback: number): readonly number[] => {
    const values = attributes.ints(name);
    if (values?.length === length) return values;
    // Pooling layers of old exporters write empty lists for "default".
    if (values !== undefined && values.length > 0) {
      context.report('attribute', `${name} has ${values.length} values, but ${length} are needed.`);
    }
    return new Array<number>(length).fill(fallback);
  };
  return {
    kernel,
    strides: list('strides', rank, 1),
    dilations: list('dilations', rank, 1),
    pads: list('pads', 2 * rank, 0),
    autoPad: autoPadOf(attributes),
    ceil: attributes.int('ceil_mode', 0) === 1,
  };
}

/** `auto_pad`, where the empty string some exporters write means NOTSET. */
export function autoPadOf(attributes: Attributes): string {
  return attributes.string('auto_pad') || 'NOTSET';
}

/** Extent a dilated kernel spans: `(kernel - 1) * dilation + 1`. */
export function spanOf(kernel: Dim, dilation: number): Dim {
  return addDims(multiplyDims(subtractDims(kernel, 1), dilation), 1);
}

/**
 * Windows that fit along axis `axis` of extent `input`. In ceil mode a window
 * that would start in the padding behind the input is dropped, as ONNX Runtime
 * and PyTorch do for every version (ONNX spells it out from opset 22).
 */
export function windowCount(context: ShapeContext, windows: Windows, axis: number, input: Dim): Dim {
  const stride = windows.strides[axis] ?? 1;
  if (stride <= 0) {
    context.report('attribute', `strides must be positive, but one is ${stride}.`);
    return null;
  }
  if (windows.autoPad.startsWith('SAME')) return ceilDivide(input, stride);
  const explicit = windows.autoPad !== 'VALID';
  const before = explicit ? (windows.pads[axis] ?? 0) : 0;
  const after = explicit ? (windows.pads[axis + windows.kernel.length] ?? 0) : 0;
  const span = spanOf(windows.kernel[axis] ?? null, windows.dilations[axis] ?? 1);
  const room = subtractDims(addDims(input, before + after), span);
  if (typeof room === 'number' && room < 0) {
    context.report('window', `a window spans ${span}, but the padded input has only ${room + Number(span)} on axis ${axis + 2}.`);
    return null;
  }
  if (!windows.ceil) return addDims(floorDivide(room, stride), 1);
  const count = addDims(ceilDivide(room, stride), 1);
  if (typeof count !== 'number' || typeof input !== 'number') return stride === 1 ? count : null;
  return (count - 1) * stride >= input + before ? count - 1 : count;
}

/** Output extents of the spatial axes; `input` has one extent per kernel axis. */
export function windowCounts(context: ShapeContext, windows: Windows, input: readonly Dim[]): Shape {
  return windows.kernel.map((_, axis) => windowCount(context, windows, axis, input[axis] ?? null));
}
