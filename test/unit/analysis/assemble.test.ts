import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { BUDGETS, CATEGORIES } from '../../../src/analysis/profile';
import type { Model } from '../../../src/model';
import { definition, graph, integers, model, type NodeSpec, value, weight } from './models';

function profile(of: Model) {
  return analyse(of, { name: 'model.onnx', bytes: 1234 }).profile;
}

const image = value('x', 'float32', [1, 3, 32, 32]);
const convolution: NodeSpec = { op: 'Conv', name: 'conv', inputs: ['x', 'w', 'b'], outputs: ['y'], attributes: { pads: [1, 1, 1, 1] } };
const weights = [weight('w', [16, 3, 3, 3]), weight('b', [16])];

describe('a profile', () => {
  it('is the JSON contract: only what JSON holds, every budget, known categories', () => {
    const one = profile(model({ inputs: [image], outputs: ['y'], initializers: weights, nodes: [convolution] }));
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
    expect(one.schema).toBe(1);
    expect(Object.keys(one.budget)).toEqual([...BUDGETS]);
    for (const name of Object.keys(one.categories)) expect(CATEGORIES).toContain(name);
    expect(one.model).toMatchObject({
      name: 'model.onnx',
      fileBytes: 1234,
      outputs: [{ name: 'y', dtype: 'float32', shape: [1, 16, 32, 32] }],
    });
    expect(one.totals).toMatchObject({
      parameters: 16 * 27 + 16,
      macs: 32 * 32 * 16 * 27,
      weightBytes: 4 * (16 * 27 + 16),
      activationBytes: 4 * 16 * 32 * 32,
      peakActivationBytes: 4 * (3 + 16) * 32 * 32,
    });
  });

  it('explains a figure with the numbers in it', () => {
    const [node] = profile(model({ inputs: [image], outputs: ['y'], initializers: weights, nodes: [convolution] })).nodes;
    for (const number of ['32', '16', '3']) expect(node?.formula).toContain(number);
  });

  it('writes integers past 2^53 - 1 as strings, exactly', () => {
    const side = 2 ** 20;
    const one = profile(
      model({
        inputs: [value('a', 'float32', [side, side]), value('b', 'float32', [side, side])],
        outputs: ['c'],
        nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['c'] }],
      }),
    );
    expect(one.totals.macs).toBe('1152921504606846976');
    expect(one.nodes[0]?.macs).toBe('1152921504606846976');
  });

  it('lists what was not counted, and counts the rest', () => {
    const one = profile(
      model({
        inputs: [image],
        outputs: ['z'],
        initializers: weights,
        nodes: [convolution, { op: 'Exotic', domain: 'vendor', inputs: ['y'], outputs: ['z'] }],
      }),
    );
    expect(one.totals.macs).toBe(32 * 32 * 16 * 27);
    expect(one.notCounted).toEqual([{ node: 'n1', op: 'Exotic', reason: expect.stringContaining('vendor:Exotic') }]);
    expect(one.nodes[1]?.macs).toBeNull();
  });
});

describe('functions', () => {
  it('give the same totals, budget and categories as the same nodes written out', () => {
    const layer = definition('ConvRelu', {
      inputs: ['a', 'k', 'c'],
      outputs: ['r'],
      nodes: [
        { ...convolution, inputs: ['a', 'k', 'c'], outputs: ['p'] },
        { op: 'Relu', inputs: ['p'], outputs: ['r'] },
      ],
    });
    const called = profile(
      model({
        inputs: [image],
        outputs: ['z'],
        initializers: weights,
        functions: [layer],
        nodes: [{ op: 'ConvRelu', domain: 'local', inputs: ['x', 'w', 'b'], outputs: ['z'] }],
      }),
    );
    const written = profile(
      model({
        inputs: [image],
        outputs: ['z'],
        initializers: weights,
        nodes: [convolution, { op: 'Relu', inputs: ['y'], outputs: ['z'] }],
      }),
    );
    const { peakActivationBytes: _, ...inner } = called.totals;
    expect(written.totals).toMatchObject(inner);
    expect(called.budget).toEqual(written.budget);
    expect(called.categories).toEqual(written.categories);
    expect(called.nodes.find((node) => node.id === 'n0')).toMatchObject({ composite: true, macs: written.totals.macs });
  });
});

describe('loops', () => {
  it('count their bodies as often as they turn, in totals and categories', () => {
    const body = graph({
      inputs: [value('i', 'int64', []), value('go', 'bool', []), value('s', 'float32', [1, 16, 32, 32])],
      outputs: ['on', 'next'],
      initializers: [weight('k', [16, 16, 3, 3])],
      nodes: [
        { op: 'Identity', inputs: ['go'], outputs: ['on'] },
        { op: 'Conv', inputs: ['s', 'k'], outputs: ['next'], attributes: { pads: [1, 1, 1, 1] } },
      ],
    });
    const one = profile(
      model({
        inputs: [value('x', 'float32', [1, 16, 32, 32])],
        outputs: ['y'],
        initializers: [integers('turns', [5], [])],
        nodes: [{ op: 'Loop', inputs: ['turns', '', 'x'], outputs: ['y'], attributes: { body } }],
      }),
    );
    const macs = 5 * 32 * 32 * 16 * 16 * 9;
    expect(one.totals).toMatchObject({ macs, parameters: 16 * 16 * 9 });
    expect(one.categories['convolution.standard']).toMatchObject({ macs });
    expect(one.nodes.find((node) => node.op === 'Conv')).toMatchObject({ macs: macs / 5, times: 5 });
  });
});
