import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { BufferSource } from '../../../src/bytes';
import { openModel } from '../../../src/formats/registry';
import { graph, model, node, tensor, value } from '../../fixtures/onnx';

const turn = (shape: readonly number[]) =>
  graph({
    inputs: [value('i', 'int64', shape), value('c', 'bool', []), value('s', 'float32', [2, 4])],
    outputs: [value('on', 'bool', []), value('t', 'float32', [2, 4]), value('at', 'int64', shape)],
    nodes: [node('Identity', ['c'], ['on']), node('Identity', ['s'], ['t']), node('Identity', ['i'], ['at'])],
  });

const x = value('x', 'float32', [2, 4]);
const scale = tensor('scale', 'float32', [4], [1, 1, 1, 1]);

/** Outputs are declared without extents, so that ONNX Runtime says what they are. */
const MODELS = {
  'Squeeze with an empty list of axes': model({
    nodes: [node('Unsqueeze', ['x', 'one'], ['long']), node('Squeeze', ['long', 'none'], ['y'])],
    inputs: [x],
    outputs: [value('y', 'float32', ['a', 'b'])],
    initializers: [tensor('one', 'int64', [1], [1]), tensor('none', 'int64', [0], [])],
    opset: 17,
    ir: 8,
  }),
  'LayerNormalization of half floats with a scale of floats': model({
    nodes: [node('Cast', ['x'], ['half'], { to: 10 }), node('LayerNormalization', ['half', 'scale'], ['y'])],
    inputs: [x],
    outputs: [value('y', 'float32', ['a', 'b'])],
    initializers: [scale],
    opset: 16,
    ir: 8,
  }),
  'SimplifiedLayerNormalization of half floats with a scale of floats': model({
    nodes: [node('Cast', ['x'], ['half'], { to: 10 }), node('SimplifiedLayerNormalization', ['half', 'scale'], ['y'])],
    inputs: [x],
    outputs: [value('y', 'float32', ['a', 'b'])],
    initializers: [scale],
    opset: 17,
    ir: 8,
  }),
  'a loop whose body takes its number as a vector': model({
    nodes: [node('Loop', ['n', '', 'x'], ['y', 'z'], { body: turn([1]) })],
    inputs: [x],
    outputs: [value('y', 'float32', ['a', 'b']), value('z', 'int64', ['c', 'd'])],
    initializers: [tensor('n', 'int64', [], [3])],
    opset: 17,
    ir: 8,
  }),
  'a loop whose body takes its number as a scalar': model({
    nodes: [node('Loop', ['n', '', 'x'], ['y', 'z'], { body: turn([]) })],
    inputs: [x],
    outputs: [value('y', 'float32', ['a', 'b']), value('z', 'int64', ['c'])],
    initializers: [tensor('n', 'int64', [], [3])],
    opset: 17,
    ir: 8,
  }),
};

describe('types and shapes of ONNX Runtime', () => {
  it.each(Object.entries(MODELS))('are found for %s', async (_, bytes) => {
    const session = await InferenceSession.create(bytes);
    const results = await session.run({
      x: new Tensor(
        'float32',
        Float32Array.from({ length: 8 }, (__, i) => i),
        [2, 4],
      ),
    });
    await session.release();
    const opened = await openModel(new BufferSource(bytes), { name: 'm.onnx' });
    const { model: summary, warnings } = analyse(opened, { name: 'm.onnx', bytes: bytes.length }).profile;
    expect(summary.outputs).toEqual(summary.outputs.map(({ name }) => ({ name, dtype: results[name]?.type, shape: results[name]?.dims })));
    expect(warnings).toEqual([]);
  });
});

describe('a file that ONNX Runtime laid out for one processor', () => {
  it('says once that padded channels are counted', async () => {
    const convolution = (from: string, to: string) =>
      node('Conv', [from, 'w'], [to], { pads: [1, 1, 1, 1] }, { domain: 'com.microsoft.nchwc' });
    const bytes = model({
      nodes: [convolution('image', 'h'), convolution('h', 'y')],
      inputs: [value('image', 'float32', [1, 8, 4, 4])],
      outputs: [value('y', 'float32', [1, 8, 4, 4])],
      initializers: [tensor('w', 'float32', [8, 8, 3, 3], new Array<number>(576).fill(0))],
      opset: { '': 17, 'com.microsoft.nchwc': 1 },
    });
    const opened = await openModel(new BufferSource(bytes), { name: 'm.onnx' });
    const { warnings } = analyse(opened, { name: 'm.onnx', bytes: bytes.length }).profile;
    expect(warnings).toEqual([{ code: 'padded-channels', message: expect.stringContaining('padding is counted'), node: 'n0' }]);
  });
});
