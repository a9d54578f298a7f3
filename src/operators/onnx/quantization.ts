import type { DType } from '../../model';
import { convolutionCost, convolutionOutput } from '../common/convolution';
import { flopsOnly, formatProduct, perOutputElement } from '../common/costs';
import { operator } from '../common/define';
import { dtypeOf, product, shaped } from '../common/extents';
import { DEQUANTIZE_FLOPS, QUANTIZE_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { type CostRule, type Operator, type ShapeRule, UNKNOWN } from '../rule';

/** Numbers of TensorProto.DataType that `output_dtype` and the like may give. */
const NUMBERED: Readonly<Record<number, DType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  10: 'float16',
  11: 'float64',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
  24: 'float8e8m0',
  25: 'uint2',
  26: 'int2',
};

/** The element type an integer attribute names (TensorProto.DataType), or `undefined`. */
export function numberedType(value: number | undefined): DType | undefined {
  return value === undefined ? undefined : NUMBERED[value];
}

/** Inputs x, y_scale, y_zero_point: the zero point's type decides, then `output_dtype` (opset 21), then uint8. */
export const quantizeLinear: ShapeRule = (context) => {
  const x = context.tensor(0);
  const dtype = context.tensor(2)?.dtype ?? numberedType(context.attributes.int('output_dtype')) ?? 'uint8';
  return [x ? shaped(dtype, x.shape) : UNKNOWN];
};

/** Inputs x, x_scale, x_zero_point: the scale's type, unless `output_dtype` (opset 23) names another. */
export const dequantizeLinear: ShapeRule = (context) => {
  const x = context.tensor(0);
  const dtype = numberedType(context.attributes.int('output_dtype')) ?? dtypeOf(context.tensor(1), 'float32');
  return [x ? shaped(dtype, x.shape) : UNKNOWN];
};

/** Outputs y, y_scale, y_zero_point, the last two scalars. */
const dynamicQuantizeLinear: ShapeRule = (context) => {
  const x = context.tensor(0);
  return [x ? shaped('uint8', x.shape) : UNKNOWN, shaped('float32', []), shaped('uint8', [])];
};

/** The range is searched first: a minimum and a maximum per element. */
const dynamicQuantizeCost: CostRule = (context) => {
  const shape = context.tensor(0)?.shape;
  const count = shape ? product(shape) : null;
  const each = QUANTIZE_FLOPS + 2;
  return shape && count !== null ? flopsOnly(count * BigInt(each), `${formatProduct(shape)} elements * ${each} FLOPs`) : null;
};

/** Inputs x, x_scale, x_zero_point, w, w_scale, w_zero_point, y_scale, y_zero_point, B; the output is quantised like y_zero_point. */
export const qLinearConv: ShapeRule = (context) => {
  const dtype = dtypeOf(context.tensor(7), dtypeOf(context.tensor(0)));
  const channelsLast = context.attributes.int('channels_last', 0) === 1;
  return [convolutionOutput(context, { x: 0, w: 3, bias: 8, channelsLast }, dtype)];
};

/** Counted as the convolution it stands for, and a requantisation per output. */
export const qLinearConvCost: CostRule = (context) =>
  convolutionCost(context, {
    x: 0,
    w: 3,
    bias: 8,
    channelsLast: context.attributes.int('channels_last', 0) === 1,
    perOutput: () => QUANTIZE_FLOPS,
  });

/** Quantisation of ai.onnx; versions add element types and blocks, which change no shape. */
export const QUANTIZATION: readonly Operator[] = meaning.means(
  {
    QuantizeLinear: meaning.pass('quantize', { settings: [1, 2], carries: [0] }),
    DequantizeLinear: meaning.pass('dequantize', { settings: [1, 2], carries: [0] }),
    DynamicQuantizeLinear: meaning.move('quantize'),
    QLinearConv: meaning.convolve({ weight: 3 }, { weights: [3, 8], settings: [1, 2, 4, 5, 6, 7] }),
  },
  [
    operator('QuantizeLinear', 10, quantizeLinear, perOutputElement(QUANTIZE_FLOPS)),
    operator('DequantizeLinear', 10, dequantizeLinear, perOutputElement(DEQUANTIZE_FLOPS)),
    operator('DynamicQuantizeLinear', 11, dynamicQuantizeLinear, dynamicQuantizeCost),
    operator('QLinearConv', 10, qLinearConv, qLinearConvCost),
    operator('QuantizeLinear', 1, quantizeLinear, perOutputElement(QUANTIZE_FLOPS), 'com.microsoft'),
    operator('DequantizeLinear', 1, dequantizeLinear, perOutputElement(DEQUANTIZE_FLOPS), 'com.microsoft'),
  ],
);
