import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { foldModel } from '../../../src/analysis/fold';
import { BufferSource } from '../../../src/bytes';
import { openModel } from '../../../src/formats/registry';
import { graph, model, node, tensor, value } from '../../fixtures/onnx';

const VOCABULARY = 11;
const WIDTH = 4;
const LENGTH = 9;
const weights = (count: number) => Array.from({ length: count }, (_, i) => ((i * 7) % 13) / 13 - 0.5);

/** A GPT as ONNX Runtime's search operators want it: an embedding, one head that only keeps it, and a product with the vocabulary. */
const decoder = () =>
  graph({
    name: 'decoder',
    inputs: [
      value('input_ids', 'int32', ['batch_size', 'seq_len']),
      value('position_ids', 'int32', ['batch_size', 'seq_len']),
      value('attention_mask', 'int32', ['batch_size', 'total_seq_len']),
      value('past_0', 'float32', [2, 'batch_size', 1, 'past_seq_len', WIDTH]),
    ],
    outputs: [
      value('logits', 'float32', ['batch_size', 'seq_len', VOCABULARY]),
      value('present_0', 'float32', [2, 'batch_size', 1, 'total_seq_len', WIDTH]),
    ],
    initializers: [
      tensor('embedding', 'float32', [VOCABULARY, WIDTH], weights(VOCABULARY * WIDTH)),
      tensor('head', 'float32', [WIDTH, VOCABULARY], weights(VOCABULARY * WIDTH)),
      tensor('axes', 'int64', [2], [0, 2]),
    ],
    nodes: [
      node('Gather', ['embedding', 'input_ids'], ['x']),
      node('Unsqueeze', ['x', 'axes'], ['one']),
      node('Concat', ['one', 'one'], ['both'], { axis: 0 }),
      node('Concat', ['past_0', 'both'], ['present_0'], { axis: 3 }),
      node('MatMul', ['x', 'head'], ['logits']),
    ],
  });

const scalar = (name: string, of: number) => tensor(name, 'int32', [1], [of]);
const attributes = { decoder: decoder(), eos_token_id: 99, pad_token_id: 0, model_type: 0 };
const settings = [scalar('max', LENGTH), scalar('min', 1), scalar('beams', 3), scalar('returned', 2)];

const MODELS = {
  GreedySearch: model({
    nodes: [node('GreedySearch', ['ids', 'max', 'min'], ['sequences'], attributes, { domain: 'com.microsoft' })],
    inputs: [value('ids', 'int32', [2, 5])],
    outputs: [value('sequences', 'int32', ['b', 'l'])],
    initializers: settings.slice(0, 2),
    opset: { '': 17, 'com.microsoft': 1 },
    ir: 8,
  }),
  BeamSearch: model({
    nodes: [
      node(
        'BeamSearch',
        ['ids', 'max', 'min', 'beams', 'returned', 'penalty'],
        ['sequences', 'scores'],
        { ...attributes, early_stopping: 0, no_repeat_ngram_size: 0 },
        { domain: 'com.microsoft' },
      ),
    ],
    inputs: [value('ids', 'int32', [2, 5])],
    outputs: [value('sequences', 'int32', ['b', 'r', 'l']), value('scores', 'float32', ['b', 'r'])],
    initializers: [...settings, tensor('penalty', 'float32', [1], [1])],
    opset: { '': 17, 'com.microsoft': 1 },
    ir: 8,
  }),
};

async function analysed(bytes: Uint8Array) {
  const opened = await openModel(new BufferSource(bytes), { name: 'search.onnx' });
  return analyse(opened, { name: 'search.onnx', bytes: bytes.length });
}

const profiled = async (bytes: Uint8Array) => (await analysed(bytes)).profile;

describe('a network inside an attribute', () => {
  it.each(Object.entries(MODELS))('of %s gives the shapes that ONNX Runtime gives', async (_, bytes) => {
    const session = await InferenceSession.create(bytes);
    const ids = new Tensor(
      'int32',
      Int32Array.from({ length: 10 }, (__, i) => i),
      [2, 5],
    );
    const results = await session.run({ ids });
    await session.release();
    const { model: summary } = await profiled(bytes);
    expect(summary.outputs.map(({ name, dtype, shape }) => ({ name, dtype, shape }))).toEqual(
      session.outputNames.map((name) => ({ name, dtype: results[name]?.type, shape: results[name]?.dims })),
    );
  });

  it.each(Object.entries(MODELS))('of %s counts by its weights, and its work is not known', async (op, bytes) => {
    const { totals, nodes, notCounted, lowerBounds } = await profiled(bytes);
    expect(totals.parameters).toBe(2 * VOCABULARY * WIDTH);
    expect(nodes.find((one) => one.op === 'MatMul')?.times).toBeNull();
    expect(notCounted.find((one) => one.op === op)?.reason).toBe('how often it runs its "decoder" is not known');
    expect(lowerBounds).toContain('macs');
    expect(lowerBounds).not.toContain('parameters');
  });

  it('of an encoder, which runs once, counts whole: 2 x 5 x 4 x 4 multiply-adds', async () => {
    const encoder = graph({
      name: 'encoder',
      inputs: [value('encoder_input_ids', 'int32', ['batch', 'length']), value('encoder_attention_mask', 'int32', ['batch', 'length'])],
      outputs: [value('hidden', 'float32', ['batch', 'length', WIDTH])],
      initializers: [
        tensor('table', 'float32', [VOCABULARY, WIDTH], weights(VOCABULARY * WIDTH)),
        tensor('square', 'float32', [WIDTH, WIDTH], weights(WIDTH * WIDTH)),
      ],
      nodes: [node('Gather', ['table', 'encoder_input_ids'], ['x']), node('MatMul', ['x', 'square'], ['hidden'])],
    });
    const bytes = model({
      nodes: [node('BeamSearch', ['ids', 'max'], ['sequences'], { ...attributes, model_type: 1, encoder }, { domain: 'com.microsoft' })],
      inputs: [value('ids', 'int32', [2, 5])],
      outputs: [value('sequences', 'int32', ['b', 'r', 'l'])],
      initializers: settings.slice(0, 1),
      opset: { '': 17, 'com.microsoft': 1 },
    });
    const { totals, lowerBounds } = await profiled(bytes);
    expect(totals.macs).toBe(2 * 5 * WIDTH * WIDTH);
    expect(totals.parameters).toBe(3 * VOCABULARY * WIDTH + WIDTH * WIDTH);
    expect(lowerBounds).toContain('macs');
  });

  it('of an operator that nobody knows is gone into, list of bodies and own weights included', async () => {
    const body = (name: string) =>
      graph({
        name,
        inputs: [value(`${name}_in`, 'float32', [1, WIDTH])],
        outputs: [value(`${name}_out`, 'float32', [1, WIDTH])],
        initializers: [tensor(`${name}_w`, 'float32', [WIDTH, WIDTH], weights(WIDTH * WIDTH))],
        nodes: [node('MatMul', [`${name}_in`, `${name}_w`], [`${name}_out`])],
      });
    const bytes = model({
      nodes: [node('Ensemble', ['x', 'w'], ['y'], { main: body('a'), others: [body('b'), body('c')] }, { domain: 'vendor' })],
      inputs: [value('x', 'float32', [1, WIDTH])],
      outputs: [value('y', 'float32', [1, WIDTH])],
      initializers: [tensor('w', 'float32', [3, WIDTH], weights(3 * WIDTH))],
      opset: { '': 17, vendor: 1 },
    });
    const { totals, nodes, notCounted, lowerBounds } = await profiled(bytes);
    expect(nodes.filter(({ op }) => op === 'MatMul')).toHaveLength(3);
    expect(totals.parameters).toBe(3 * WIDTH * WIDTH + 3 * WIDTH);
    expect(totals.weightBytes).toBe(4 * (3 * WIDTH * WIDTH + 3 * WIDTH));
    expect(notCounted).toHaveLength(1);
    expect(lowerBounds).toContain('macs');
  });

  it('is drawn as a group with everything it holds', async () => {
    const [box] = foldModel(await analysed(MODELS.GreedySearch))
      .level('')
      .boxes.filter(({ title }) => title === 'GreedySearch');
    expect(box).toMatchObject({ kind: 'group', operators: 5, figures: { parameters: 2 * VOCABULARY * WIDTH } });
  });
});
