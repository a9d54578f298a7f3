import { describe, expect, it } from 'vitest';
import { call, float, shapeOf } from '../rules';

/** Steps of the plain definitions, counted by hand: `1 / (1 + exp(-x))` is a negation, exp, addition and division. */
const STEPS: readonly (readonly [op: string, steps: bigint])[] = [
  ['Relu', 1n],
  ['LeakyRelu', 2n],
  ['Sigmoid', 4n],
  ['Tanh', 1n],
  ['HardSwish', 5n],
  ['Swish', 5n],
  ['Softplus', 3n],
  ['Softsign', 3n],
  ['Gelu', 5n],
  ['Softmax', 5n],
  ['LogSoftmax', 5n],
  ['Hardmax', 2n],
];

describe('activations', () => {
  it.each(STEPS)('%s costs %i FLOPs an element and no multiply-adds', (op, steps) => {
    const result = call({ op, inputs: [float(2, 3, 5)] });
    expect(shapeOf(result)).toEqual([2, 3, 5]);
    expect(result.cost).toMatchObject({ macs: 0n, flops: 30n * steps });
  });

  it('Gelu by tanh costs more', () => {
    expect(call({ op: 'Gelu', inputs: [float(10)], attributes: { approximate: 'tanh' } }).cost?.flops).toBe(90n);
  });

  it('keep free extents', () => {
    const result = call({ op: 'Softmax', inputs: [float('batch', 12, 'q', 'k')] });
    expect(shapeOf(result)).toEqual(['batch', 12, 'q', 'k']);
    expect(result.cost).toBeNull();
  });

  it('Softmax reports an axis that is not there, by the default of its version', () => {
    expect(call({ op: 'Softmax', opset: 11, inputs: [float(3)] }).reports.map(({ code }) => code)).toEqual(['axis']);
    expect(call({ op: 'Softmax', opset: 13, inputs: [float(3)] }).reports).toEqual([]);
  });
});
