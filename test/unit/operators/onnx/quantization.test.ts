import { describe, expect, it } from 'vitest';
import { call, float, tensor } from '../rules';

describe('QuantizeLinear', () => {
  const x = float('batch', 8);
  const scale = float();

  it('takes its type from the zero point, from output_dtype, or uint8', () => {
    expect(call({ op: 'QuantizeLinear', inputs: [x, scale, tensor('int4', [])] }).outputs[0]).toEqual(tensor('int4', ['batch', 8]));
    // 17 is FLOAT8E4M3FN in TensorProto.DataType.
    expect(call({ op: 'QuantizeLinear', inputs: [x, scale], attributes: { output_dtype: 17 } }).outputs[0]).toMatchObject({
      dtype: 'float8e4m3fn',
    });
    expect(call({ op: 'QuantizeLinear', inputs: [x, scale] }).outputs[0]).toMatchObject({ dtype: 'uint8' });
  });

  it('costs division, rounding, zero point and clamping', () => {
    expect(call({ op: 'QuantizeLinear', inputs: [float(10), scale] }).cost).toMatchObject({ macs: 0n, flops: 50n });
  });
});

describe('DequantizeLinear', () => {
  it('takes its type from the scale, or from output_dtype', () => {
    const x = tensor('int8', [4]);
    expect(call({ op: 'DequantizeLinear', inputs: [x, tensor('float16', [])] }).outputs[0]).toEqual(tensor('float16', [4]));
    expect(call({ op: 'DequantizeLinear', inputs: [x, float()], attributes: { output_dtype: 16 } }).outputs[0]).toMatchObject({
      dtype: 'bfloat16',
    });
    expect(call({ op: 'DequantizeLinear', inputs: [x, float()] }).cost?.flops).toBe(8n);
  });
});

describe('QLinearConv', () => {
  it('counts the multiply-adds of the convolution it stands for', () => {
    const scale = float();
    const zero = tensor('uint8', []);
    const inputs = [tensor('uint8', [1, 3, 8, 8]), scale, zero, tensor('int8', [6, 3, 3, 3]), scale, tensor('int8', []), scale, zero];
    const quantized = call({ op: 'QLinearConv', inputs });
    const plain = call({ op: 'Conv', inputs: [float(1, 3, 8, 8), float(6, 3, 3, 3)] });
    expect(quantized.outputs[0]).toEqual(tensor('uint8', [1, 6, 6, 6]));
    expect(quantized.cost?.macs).toBe(plain.cost?.macs);
    const last = [tensor('uint8', [1, 8, 8, 3]), ...inputs.slice(1)];
    const nhwc = call({ op: 'QLinearConv', domain: 'com.microsoft', inputs: last, attributes: { channels_last: 1 } });
    expect(nhwc.outputs[0]).toEqual(tensor('uint8', [1, 6, 6, 6]));
    expect(nhwc.cost?.macs).toBe(plain.cost?.macs);
  });
});
