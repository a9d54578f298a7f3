import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { appendOutputs } from '../../../../src/formats/onnx/append';
import { model, node, value } from '../../../fixtures/onnx';
import { concat, open } from '../support';

const BYTES = model({
  opset: 13,
  ir: 8,
  inputs: [value('x', 'float32', [2])],
  outputs: [value('y', 'float32', [2])],
  nodes: [node('Neg', ['x'], ['a']), node('Abs', ['a'], ['b']), node('Sqrt', ['b'], ['y'])],
});

describe('outputs appended to a file', () => {
  it('are outputs to our reader', async () => {
    const read = await open(concat(BYTES, appendOutputs(['a', 'b'])));
    expect(read.graph.outputs.map((output) => output.name)).toEqual(['y', 'a', 'b']);
    expect(read.graph.nodes).toHaveLength(3);
    expect(read.findings).toEqual([]);
  });

  it('are outputs to ONNX Runtime, with their values', async () => {
    const session = await InferenceSession.create(concat(BYTES, appendOutputs(['a', 'b'])));
    const { a, b, y } = await session.run({ x: new Tensor('float32', [4, -9], [2]) });
    expect([a, b, y].map((output) => Array.from((output?.data ?? []) as Float32Array))).toEqual([
      [-4, 9],
      [4, 9],
      [2, 3],
    ]);
    await session.release();
  });

  it('are no bytes when there are none', () => {
    expect(appendOutputs([])).toHaveLength(0);
  });
});
