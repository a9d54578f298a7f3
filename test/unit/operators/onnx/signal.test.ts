import { describe, expect, it } from 'vitest';
import { call, float, ints, shapeOf, tensor } from '../rules';

const scalar = (value: number) => tensor('int64', [], [value]);

describe('Fourier transforms', () => {
  it('keep half the bins of a real signal and one', () => {
    const half = call({ op: 'DFT', opset: 20, inputs: [float(2, 'n', 1)], attributes: { onesided: 1 } });
    expect(shapeOf(half)).toEqual([2, 'floor((n)/2)+1', 2]);
    expect(shapeOf(call({ op: 'DFT', opset: 17, inputs: [float(2, 10, 1), scalar(8)] }))).toEqual([2, 8, 2]);
  });

  it('cost 5 n log2 n, the convention FFTW states', () => {
    expect(call({ op: 'DFT', opset: 20, inputs: [float(3, 1024, 1)] }).cost?.flops).toBe(3n * 51_200n);
    const inputs = [float(1, 16_000, 1), scalar(160), float(512)];
    const stft = call({ op: 'STFT', inputs });
    expect(shapeOf(stft)).toEqual([1, 97, 257, 2]);
    expect(stft.cost?.flops).toBe(97n * 23_040n);
  });
});

describe('windows and filters', () => {
  it('are as long as their input says', () => {
    expect(call({ op: 'HannWindow', inputs: [scalar(400)] }).outputs[0]).toEqual(tensor('float32', [400]));
    expect(call({ op: 'HannWindow', inputs: [scalar(400)], attributes: { output_datatype: 11 } }).outputs[0]).toMatchObject({
      dtype: 'float64',
    });
    const mel = [scalar(80), scalar(512), scalar(16_000), float(), float()];
    expect(shapeOf(call({ op: 'MelWeightMatrix', inputs: mel }))).toEqual([257, 80]);
  });
});

describe('losses', () => {
  it('are scalars unless they are not reduced', () => {
    const inputs = [float('N', 5, 'd'), tensor('int64', ['N', 'd'])];
    expect(shapeOf(call({ op: 'SoftmaxCrossEntropyLoss', inputs, outputs: 2 }))).toEqual([]);
    const every = call({ op: 'SoftmaxCrossEntropyLoss', inputs, attributes: { reduction: 'none' }, outputs: 2 });
    expect(shapeOf(every)).toEqual(['N', 'd']);
    expect(shapeOf(every, 1)).toEqual(['N', 5, 'd']);
  });

  it('cost a softmax of the scores, and per target a negation and a sum', () => {
    const inputs = [float(3, 5), tensor('int64', [3])];
    expect(call({ op: 'SoftmaxCrossEntropyLoss', inputs }).cost).toMatchObject({ macs: 0n, flops: 75n + 6n });
    expect(call({ op: 'NegativeLogLikelihoodLoss', inputs }).cost?.flops).toBe(6n);
  });
});

describe('what depends on data', () => {
  it('is left open', () => {
    const boxes = call({ op: 'NonMaxSuppression', inputs: [float(1, 'boxes', 4), float(1, 80, 'boxes')] });
    expect(boxes.outputs[0]).toEqual(tensor('int64', [null, 3]));
    expect(boxes.cost).toBeNull();
  });

  it('is read where it is known', () => {
    expect(shapeOf(call({ op: 'AffineGrid', inputs: [float(2, 2, 3), ints(2, 3, 5, 6)] }))).toEqual([2, 5, 6, 2]);
    const crop = call({ op: 'CenterCropPad', inputs: [float('N', 3, 'H', 'W'), ints(224, 224)], attributes: { axes: [2, 3] } });
    expect(shapeOf(crop)).toEqual(['N', 3, 224, 224]);
  });
});
