import { describe, expect, it } from 'vitest';
import { call, float, shapeOf, tensor } from '../rules';

const IMAGE = float(2, 4, 3, 5);
const ELEMENTS = 120n;
const channels = [float(4), float(4), float(4), float(4)];

describe('BatchNormalization', () => {
  it('costs 2 FLOPs an element at inference, as fvcore and timm count it', () => {
    expect(call({ op: 'BatchNormalization', opset: 15, inputs: [IMAGE, ...channels] }).cost).toMatchObject({
      macs: 0n,
      flops: 2n * ELEMENTS,
    });
  });

  it('returns statistics by channel where it trains: two from opset 14, four before', () => {
    const now = call({ op: 'BatchNormalization', opset: 15, inputs: [IMAGE, ...channels], attributes: { training_mode: 1 }, outputs: 3 });
    expect(now.outputs.map((_, index) => shapeOf(now, index))).toEqual([[2, 4, 3, 5], [4], [4]]);
    expect(now.cost?.flops).toBe(7n * ELEMENTS);
    const before = call({ op: 'BatchNormalization', opset: 9, inputs: [IMAGE, ...channels], outputs: 5 });
    expect(before.outputs).toHaveLength(5);
    expect(before.cost?.flops).toBe(7n * ELEMENTS);
  });
});

describe('normalisations by their formulas', () => {
  // Mean, centre, square, sum, divide: 5 an element, which is what fvcore counts without scale and shift.
  it.each([
    ['LayerNormalization', [IMAGE, float(5)], 6n],
    ['LayerNormalization', [IMAGE, float(5), float(5)], 7n],
    ['RMSNormalization', [IMAGE, float(5)], 4n],
    ['InstanceNormalization', [IMAGE, float(4), float(4)], 7n],
    ['GroupNormalization', [IMAGE, float(2), float(2)], 7n],
    ['MeanVarianceNormalization', [IMAGE], 5n],
    ['LpNormalization', [IMAGE], 3n],
  ] as const)('%s', (op, inputs, each) => {
    expect(call({ op, inputs }).cost).toMatchObject({ macs: 0n, flops: each * ELEMENTS });
  });

  it('LRN sums `size` channels', () => {
    expect(call({ op: 'LRN', inputs: [IMAGE], attributes: { size: 5 } }).cost?.flops).toBe(10n * ELEMENTS);
  });

  it('LayerNormalization gives statistics of 1 from its axis on', () => {
    const result = call({ op: 'LayerNormalization', inputs: [float('batch', 197, 768), float(768)], attributes: { axis: -1 }, outputs: 3 });
    expect(shapeOf(result)).toEqual(['batch', 197, 768]);
    expect(shapeOf(result, 1)).toEqual(['batch', 197, 1]);
    expect(call({ op: 'LayerNormalization', inputs: [IMAGE, float(5)], attributes: { axis: 4 } }).reports.map(({ code }) => code)).toEqual([
      'axis',
    ]);
  });
});

describe('Dropout', () => {
  it('does nothing at inference and tells its mask by version', () => {
    const now = call({ op: 'Dropout', opset: 13, inputs: [IMAGE], outputs: 2 });
    expect(now.outputs[1]).toEqual(tensor('bool', [2, 4, 3, 5]));
    expect(now.cost?.flops).toBe(0n);
    expect(call({ op: 'Dropout', opset: 7, inputs: [IMAGE], outputs: 2 }).outputs[1]).toEqual(IMAGE);
    const trained = call({ op: 'Dropout', opset: 13, inputs: [IMAGE, float(), tensor('bool', [], [1])] });
    expect(trained.cost?.flops).toBe(2n * ELEMENTS);
  });
});
