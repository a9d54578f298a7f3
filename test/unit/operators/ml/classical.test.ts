import { describe, expect, it } from 'vitest';
import { call, float, shapeOf, tensor } from '../rules';

const domain = 'ai.onnx.ml';

describe('ai.onnx.ml', () => {
  it('counts linear models as products', () => {
    const coefficients = { kind: 'floats', value: new Array<number>(15).fill(0.1) } as const;
    const intercepts = { kind: 'floats', value: [0, 0, 0] } as const;
    const attributes = { coefficients, intercepts, classlabels_ints: [0, 1, 2] };
    const result = call({ op: 'LinearClassifier', domain, inputs: [float(4, 5)], attributes, outputs: 2 });
    expect(result.cost).toMatchObject({ macs: 60n, flops: 132n });
    expect(call({ op: 'LinearRegressor', domain, inputs: [float(4, 5)], attributes: { targets: 2 } }).cost?.macs).toBe(40n);
  });

  it('maps labels to the type of the values listed', () => {
    const words = tensor('string', ['N']);
    const to = (attributes: Record<string, readonly string[] | readonly number[]>) =>
      call({ op: 'LabelEncoder', domain, opset: 2, inputs: [words], attributes }).outputs[0];
    expect(to({ keys_strings: ['a'], values_int64s: [1] })).toEqual(tensor('int64', ['N']));
    expect(to({ keys_strings: ['a'], values_strings: ['b'] })).toEqual(tensor('string', ['N']));
  });

  it('makes sequences of maps', () => {
    const [fact] = call({ op: 'ZipMap', domain, inputs: [float(4, 2)], attributes: { classlabels_strings: ['cat', 'dog'] } }).outputs;
    expect(fact).toMatchObject({
      kind: 'sequence',
      element: { kind: 'map', key: 'string', element: { kind: 'tensor', dtype: 'float32' } },
    });
  });

  it('claims no work for trees, whose paths depend on data', () => {
    const result = call({ op: 'TreeEnsembleRegressor', domain, inputs: [float('N', 5)], attributes: { n_targets: 2 } });
    expect(shapeOf(result)).toEqual(['N', 2]);
    expect(result.cost).toBeNull();
  });
});
