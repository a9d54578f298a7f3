import { describe, expect, it } from 'vitest';
import { type ConvolutionLoop, starts } from '../loops';
import { call, float, shapeOf } from '../rules';

describe('pools against slid windows', () => {
  for (const [input, kernel, stride, before, after, dilation] of [
    [7, 3, 2, 1, 1, 1],
    [8, 2, 2, 0, 0, 1],
    [9, 3, 3, 0, 2, 2],
    [5, 5, 1, 2, 2, 1],
    [12, 1, 4, 0, 0, 1],
  ] as const) {
    it(`${input} by ${kernel}, stride ${stride}, pads ${before} and ${after}, dilation ${dilation}`, () => {
      const loop: ConvolutionLoop = {
        batch: 1,
        channels: 2,
        outputs: 2,
        group: 2,
        input: [input],
        kernel: [kernel],
        strides: [stride],
        dilations: [dilation],
        pads: [before, after],
      };
      const attributes = { kernel_shape: [kernel], strides: [stride], pads: [before, after], dilations: [dilation] };
      const result = call({ op: 'MaxPool', inputs: [float(1, 2, input)], attributes, outputs: 2 });
      const windows = starts(loop, 0).length;
      expect(shapeOf(result)).toEqual([1, 2, windows]);
      expect(result.outputs[1]).toMatchObject({ dtype: 'int64', shape: [1, 2, windows] });
      expect(result.cost).toMatchObject({ macs: 0n, flops: BigInt(2 * windows * kernel) });
    });
  }
});

describe('ceil mode as ONNX Runtime 1.30 and PyTorch run it', () => {
  const pool = (op: string, opset: number, input: number, attributes: Record<string, number | string | readonly number[]>) =>
    shapeOf(call({ op, opset, inputs: [float(1, 1, input, input)], attributes: { ceil_mode: 1, ...attributes } }))?.[2];

  it('drops a window that would start in the padding, at every version', () => {
    for (const opset of [10, 12, 22]) {
      expect(pool('MaxPool', opset, 2, { kernel_shape: [1, 1], strides: [2, 2] })).toBe(1);
      expect(pool('AveragePool', opset, 2, { kernel_shape: [1, 1], strides: [2, 2] })).toBe(1);
      expect(pool('MaxPool', opset, 4, { kernel_shape: [3, 3], strides: [3, 3], pads: [1, 1, 1, 1] })).toBe(2);
    }
    expect(pool('LpPool', 18, 2, { kernel_shape: [1, 1], strides: [2, 2] })).toBe(1);
  });

  it('keeps a last partial window', () => {
    expect(pool('MaxPool', 12, 7, { kernel_shape: [2, 2], strides: [2, 2], auto_pad: 'VALID' })).toBe(4);
    // GoogLeNet's ceil-mode pools: 112 -> 56 -> 28 -> 14 (Szegedy et al. 2015, table 1).
    expect(pool('MaxPool', 12, 112, { kernel_shape: [3, 3], strides: [2, 2] })).toBe(56);
  });
});

describe('pools over everything and regions', () => {
  it('counts one FLOP per element of a global average: 49 per channel at 7x7', () => {
    const result = call({ op: 'GlobalAveragePool', inputs: [float(1, 2048, 7, 7)] });
    expect(shapeOf(result)).toEqual([1, 2048, 1, 1]);
    expect(result.cost?.flops).toBe(2048n * 49n);
  });

  it('keeps free extents', () => {
    expect(shapeOf(call({ op: 'GlobalMaxPool', inputs: [float('N', 'C', 'H', 'W')] }))).toEqual(['N', 'C', 1, 1]);
  });

  it('sizes regions by their number', () => {
    const align = call({
      op: 'RoiAlign',
      inputs: [float(1, 256, 50, 68), float('rois', 4), float('rois')],
      attributes: { output_height: 7, output_width: 7, sampling_ratio: 2 },
    });
    expect(shapeOf(align)).toEqual(['rois', 256, 7, 7]);
    expect(shapeOf(call({ op: 'MaxRoiPool', inputs: [float(1, 256, 14, 14), float(3, 5)], attributes: { pooled_shape: [6, 5] } }))).toEqual(
      [3, 256, 6, 5],
    );
  });

  it('undoes a pool', () => {
    expect(
      shapeOf(
        call({ op: 'MaxUnpool', inputs: [float(1, 1, 2, 2), float(1, 1, 2, 2)], attributes: { kernel_shape: [2, 2], strides: [2, 2] } }),
      ),
    ).toEqual([1, 1, 4, 4]);
  });

  it('reports a missing kernel', () => {
    expect(call({ op: 'AveragePool', inputs: [float(1, 1, 4, 4)] }).reports[0]?.message).toBe('kernel_shape is missing.');
  });
});
