import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { BufferSource } from '../../../../src/bytes';
import { openModel } from '../../../../src/formats/registry';
import { floats, model, node, rawTensor, value } from '../../../fixtures/onnx';

async function totals(op: string, attributes: Parameters<typeof node>[3], version = 1) {
  const bytes = model({
    nodes: [node(op, ['x'], ['y'], attributes, { domain: 'ai.onnx.ml' })],
    inputs: [value('x', 'float32', [4, 5])],
    outputs: [value('y', 'float32', [4, 1])],
    opset: { '': 17, 'ai.onnx.ml': version },
  });
  const opened = await openModel(new BufferSource(bytes), { name: 'm.onnx' });
  const { parameters, buffers, weightBytes } = analyse(opened, { name: 'm.onnx', bytes: bytes.length }).profile.totals;
  return { parameters, buffers, weightBytes };
}

const numbers = (count: number) => floats(new Array<number>(count).fill(0.5));

describe('weights in attributes', () => {
  it('of linear models are coefficients and intercepts', async () => {
    expect(await totals('LinearRegressor', { coefficients: numbers(10), intercepts: numbers(2), targets: 2 })).toEqual({
      parameters: 12,
      buffers: 0,
      weightBytes: 48,
    });
  });

  it('of support vector machines are the vectors, their coefficients and offsets', async () => {
    const attributes = { support_vectors: numbers(15), coefficients: numbers(3), rho: numbers(1), n_supports: 3 };
    expect(await totals('SVMRegressor', attributes)).toEqual({ parameters: 19, buffers: 0, weightBytes: 76 });
  });

  it('of trees are the thresholds of branches and what the leaves answer', async () => {
    // One branch with two leaves.
    const attributes = {
      nodes_modes: ['BRANCH_LEQ', 'LEAF', 'LEAF'],
      nodes_values: numbers(3),
      nodes_nodeids: [0, 1, 2],
      target_weights: numbers(2),
      n_targets: 1,
    };
    expect(await totals('TreeEnsembleRegressor', attributes)).toEqual({ parameters: 3, buffers: 0, weightBytes: 20 });
    const tensors = {
      nodes_splits: rawTensor('', 'float64', [3], new Uint8Array(24)),
      leaf_weights: rawTensor('', 'float64', [4], new Uint8Array(32)),
    };
    expect(await totals('TreeEnsemble', tensors, 5)).toEqual({ parameters: 7, buffers: 0, weightBytes: 56 });
  });

  it('of a scaler are statistics, kept beside the weights', async () => {
    expect(await totals('Scaler', { offset: numbers(5), scale: numbers(5) })).toEqual({ parameters: 0, buffers: 10, weightBytes: 40 });
  });
});
