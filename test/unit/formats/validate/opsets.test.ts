import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { floats, model, node, value } from '../../../fixtures/onnx';
import { open } from '../support';

const of = (op: string, domain: string, attributes = {}) =>
  model({
    nodes: [node(op, ['x'], ['y'], attributes, { domain })],
    inputs: [value('x', 'float32', [1, 2])],
    outputs: [value('y', 'float32', [1, 2])],
    opset: { '': 17 },
    ir: 8,
  });

describe('a domain that the model does not import', () => {
  it.each([
    ['com.microsoft', of('Gelu', 'com.microsoft')],
    ['ai.onnx.ml', of('Scaler', 'ai.onnx.ml', { offset: floats([0, 0]), scale: floats([1, 1]) })],
  ])('is a warning for %s, for ONNX Runtime loads the file', async (domain, bytes) => {
    await (await InferenceSession.create(bytes)).release();
    const { findings } = await open(bytes);
    expect(findings).toEqual([{ code: 'opset-missing', message: expect.stringContaining(domain), node: 'n0' }]);
  });

  it('is an error for any other, for ONNX Runtime refuses the file', async () => {
    const bytes = of('Relu', 'vendor');
    await expect(InferenceSession.create(bytes)).rejects.toThrow();
    expect((await open(bytes)).findings).toMatchObject([{ code: 'opset-missing', severity: 'error' }]);
  });
});
