import { describe, expect, it } from 'vitest';
import { visitAll } from '../loops';
import { call, float, shapeOf } from '../rules';

/** Multiply-adds of a recurrent layer, step by step: every gate unit meets the input and the previous state. */
function recurrentMacs(gates: number, directions: number, length: number, batch: number, inputs: number, hidden: number): bigint {
  let macs = 0n;
  visitAll([directions, length, batch, gates, hidden], () => {
    for (let i = 0; i < inputs; i++) macs++;
    for (let i = 0; i < hidden; i++) macs++;
  });
  return macs;
}

describe('recurrent layers against counted steps', () => {
  for (const [op, gates] of [
    ['RNN', 1],
    ['GRU', 3],
    ['LSTM', 4],
  ] as const) {
    it(op, () => {
      const inputs = [float(7, 2, 5), float(1, gates * 3, 5), float(1, gates * 3, 3)];
      const result = call({ op, inputs, attributes: { hidden_size: 3 }, outputs: 3 });
      expect(shapeOf(result)).toEqual([7, 1, 2, 3]);
      expect(shapeOf(result, 1)).toEqual([1, 2, 3]);
      expect(result.cost?.macs).toBe(recurrentMacs(gates, 1, 7, 2, 5, 3));
    });

    it(`${op}, both directions, batch first, without hidden_size`, () => {
      const inputs = [float(2, 7, 5), float(2, gates * 3, 5), float(2, gates * 3, 3)];
      const result = call({ op, inputs, attributes: { direction: 'bidirectional', layout: 1 } });
      expect(shapeOf(result)).toEqual([2, 7, 2, 3]);
      expect(result.cost?.macs).toBe(recurrentMacs(gates, 2, 7, 2, 5, 3));
    });
  }

  it('adds the sum of both products, activations and gating of an LSTM by its equations', () => {
    const inputs = [float(1, 1, 2), float(1, 4, 2), float(1, 4, 1)];
    const result = call({ op: 'LSTM', inputs, attributes: { hidden_size: 1 } });
    // 12 MACs; 4 sums of Wx and Rh; 3 sigmoids of 4, 2 tanh; f*c + i*g and o*tanh(c).
    expect(result.cost?.flops).toBe(24n + 4n + 12n + 2n + 4n);
  });

  it('counts nothing while the number of steps is free', () => {
    const inputs = [float('steps', 1, 2), float(1, 4, 2), float(1, 4, 1)];
    const result = call({ op: 'LSTM', inputs, attributes: { hidden_size: 1 } });
    expect(shapeOf(result)).toEqual(['steps', 1, 1, 1]);
    expect(result.cost).toBeNull();
  });
});
