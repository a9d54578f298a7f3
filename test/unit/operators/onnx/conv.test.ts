import { describe, expect, it } from 'vitest';
import { type ConvolutionLoop, convolutionMacs, transposedMacs } from '../loops';
import { call, float, ints, shapeOf, tensor } from '../rules';

const BASE: ConvolutionLoop = {
  batch: 1,
  channels: 4,
  outputs: 6,
  group: 1,
  input: [7, 9],
  kernel: [3, 3],
  strides: [1, 1],
  dilations: [1, 1],
  pads: [0, 0, 0, 0],
};

const LOOPS: Readonly<Record<string, Partial<ConvolutionLoop>>> = {
  plain: {},
  padded: { pads: [1, 1, 1, 1] },
  strided: { strides: [2, 2], pads: [1, 0, 1, 2] },
  grouped: { group: 2, batch: 2 },
  depthwise: { group: 4, outputs: 4, pads: [1, 1, 1, 1] },
  'depthwise with multiplier': { group: 4, outputs: 8 },
  dilated: { dilations: [2, 3], pads: [2, 3, 2, 3] },
  pointwise: { kernel: [1, 1] },
  'patches of 3': { strides: [3, 3] },
  'one axis': { input: [11], kernel: [4], strides: [3], dilations: [2], pads: [1, 2] },
  'three axes': { input: [4, 5, 6], kernel: [2, 3, 1], strides: [1, 2, 3], dilations: [1, 1, 1], pads: [0, 1, 0, 0, 1, 0] },
};

function attributesOf(loop: ConvolutionLoop) {
  return { group: loop.group, strides: loop.strides, dilations: loop.dilations, pads: loop.pads };
}

describe('Conv against counted loops', () => {
  for (const [name, change] of Object.entries(LOOPS)) {
    const loop = { ...BASE, ...change };
    const inputs = [float(loop.batch, loop.channels, ...loop.input), float(loop.outputs, loop.channels / loop.group, ...loop.kernel)];
    it(name, () => {
      const counted = convolutionMacs(loop);
      const result = call({ op: 'Conv', inputs, attributes: attributesOf(loop) });
      expect(shapeOf(result)).toEqual(counted.shape);
      expect(result.cost?.macs).toBe(BigInt(counted.macs));
      expect(result.cost?.flops).toBe(2n * BigInt(counted.macs));
      const biased = call({ op: 'Conv', inputs: [...inputs, float(loop.outputs)], attributes: attributesOf(loop) });
      expect(biased.cost?.macs).toBe(BigInt(counted.macs));
      expect(biased.cost?.flops).toBe(2n * BigInt(counted.macs) + BigInt(counted.shape.reduce((a, b) => a * b, 1)));
    });
    it(`${name}, quantised alike`, () => {
      const integer = call({ op: 'ConvInteger', inputs, attributes: attributesOf(loop) });
      expect(integer.cost?.macs).toBe(BigInt(convolutionMacs(loop).macs));
    });
    it(`${name}, transposed`, () => {
      const weights = float(loop.channels, loop.outputs / loop.group, ...loop.kernel);
      const result = call({
        op: 'ConvTranspose',
        inputs: [inputs[0] ?? null, weights],
        attributes: { ...attributesOf(loop), pads: loop.pads.map(() => 0) },
      });
      expect(result.cost?.macs).toBe(BigInt(transposedMacs(loop)));
    });
  }
});

describe('Conv', () => {
  it('counts the stem of ResNet-50 as published: 118,013,952 (fvcore, 112*112*64*7*7*3)', () => {
    const stem = call({
      op: 'Conv',
      inputs: [float(1, 3, 224, 224), float(64, 3, 7, 7)],
      attributes: { strides: [2, 2], pads: [3, 3, 3, 3] },
    });
    expect(shapeOf(stem)).toEqual([1, 64, 112, 112]);
    expect(stem.cost?.macs).toBe(118_013_952n);
    expect(stem.cost?.formula).toBe('1*64*112*112 outputs * 3*7*7 taps');
  });

  it('keeps the name of a free extent that it does not change', () => {
    const same = call({ op: 'Conv', inputs: [float('N', 3, 'H', 'W'), float(8, 3, 3, 3)], attributes: { pads: [1, 1, 1, 1] } });
    expect(shapeOf(same)).toEqual(['N', 8, 'H', 'W']);
    expect(same.cost).toBeNull();
    const halved = call({
      op: 'Conv',
      inputs: [float('N', 3, 'H', 64), float(8, 3, 3, 3)],
      attributes: { auto_pad: 'SAME_UPPER', strides: [2, 2] },
    });
    expect(shapeOf(halved)).toEqual(['N', 8, 'floor((H+1)/2)', 32]);
  });

  it('knows the channels where nothing is known of the image', () => {
    expect(shapeOf(call({ op: 'Conv', inputs: [tensor('float32', null), float(8, 3, 3, 3)] }))).toEqual([null, 8, null, null]);
  });

  it('reports a kernel larger than the padded image, wrong channels and wrong ranks', () => {
    const large = call({ op: 'Conv', inputs: [float(1, 3, 2, 8), float(8, 3, 3, 3)] });
    expect(shapeOf(large)).toEqual([1, 8, null, 6]);
    expect(large.reports.map(({ code }) => code)).toEqual(['window']);
    const channels = call({ op: 'Conv', inputs: [float(1, 4, 8, 8), float(8, 3, 3, 3)] });
    expect(channels.reports[0]?.message).toBe('input channels and weight channels times group differ (4 and 3).');
    const rank = call({ op: 'Conv', inputs: [float(1, 3, 8), float(8, 3, 3, 3)] });
    expect(rank.reports.map(({ code }) => code)).toEqual(['rank']);
    expect(shapeOf(rank)).toBeNull();
  });
});

describe('ConvTranspose as ONNX Runtime 1.30 runs it', () => {
  const run = (kernel: number, stride: number, extra: Record<string, number | string | readonly number[]>) =>
    shapeOf(
      call({
        op: 'ConvTranspose',
        inputs: [float(1, 1, 4, 4), float(1, 2, kernel, kernel)],
        attributes: { strides: [stride, stride], ...extra },
      }),
    );

  it('sizes SAME padding, whatever the kernel', () => {
    expect(run(3, 2, { auto_pad: 'SAME_UPPER' })).toEqual([1, 2, 8, 8]);
    expect(run(3, 2, { auto_pad: 'SAME_LOWER', output_padding: [1, 1] })).toEqual([1, 2, 8, 8]);
    expect(run(2, 3, { auto_pad: 'SAME_UPPER' })).toEqual([1, 2, 11, 11]);
    expect(run(2, 3, { auto_pad: 'SAME_UPPER', output_padding: [1, 1] })).toEqual([1, 2, 12, 12]);
    expect(run(3, 2, { auto_pad: 'VALID', output_padding: [1, 1] })).toEqual([1, 2, 10, 10]);
  });

  it('lets output_shape decide', () => {
    expect(run(3, 3, { output_shape: [10, 8] })).toEqual([1, 2, 10, 8]);
  });
});

describe('other convolutions', () => {
  it('adds interpolation to a deformable one: 7 FLOPs a sample, 8 with a mask', () => {
    const offsets = [float(1, 18, 6, 6), null];
    const plain = call({ op: 'DeformConv', inputs: [float(1, 4, 8, 8), float(2, 4, 3, 3), ...offsets] });
    const macs = 2n * 36n * 36n;
    expect(plain.cost?.macs).toBe(macs);
    expect(plain.cost?.flops).toBe(2n * macs + 4n * 36n * 9n * 7n);
    const masked = call({ op: 'DeformConv', inputs: [float(1, 4, 8, 8), float(2, 4, 3, 3), ...offsets, float(1, 9, 6, 6)] });
    expect(masked.cost?.flops).toBe(2n * macs + 4n * 36n * 9n * 8n);
  });

  it('counts k multiply-adds per element of a causal depthwise one, and its bias and SiLU', () => {
    const inputs = [float(2, 4, 7), float(4, 1, 3), float(4)];
    const result = call({ op: 'CausalConvWithState', opset: 27, inputs, attributes: { activation: 'silu' }, outputs: 2 });
    expect(shapeOf(result, 1)).toEqual([2, 4, 2]);
    expect(result.cost).toMatchObject({ macs: 168n, flops: 2n * 168n + 56n * 6n });
  });

  it('reads the extents of Col2Im from data', () => {
    const result = call({ op: 'Col2Im', inputs: [float(1, 5, 5), ints(5, 5), ints(1, 5)] });
    expect(shapeOf(result)).toEqual([1, 1, 5, 5]);
    expect(result.cost?.flops).toBe(25n);
  });
});
