import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type SizedInput, sizeAxes } from '../../../src/analysis/compare';
import { createEngine } from '../../../src/engine/engine';
import { needsModel } from '../../../src/engine/needsModel';
import type { ModelReference, ModelSizes } from '../../../src/protocol';
import { model, node, tensor, value } from '../../fixtures/onnx';
import { context } from './runSupport';

const engine = createEngine();
const PYTORCH = JSON.parse(readFileSync('samples/figures.json', 'utf8')) as {
  readonly models: Readonly<Record<string, { readonly macs: { readonly total: number } }>>;
};

async function rowsOf(reference: ModelReference, sizes: readonly number[]) {
  return (await engine.compare({ models: [reference], sizes }, context)).rows;
}

const macsOf = async (reference: ModelReference, sizes: readonly number[]) =>
  (await rowsOf(reference, sizes)).map(({ figures, error }) => figures?.macs ?? error);

function bytes(name: string, content: Uint8Array, bindings: Readonly<Record<string, number>> = {}): ModelReference {
  return { kind: 'bytes', name, bytes: content, bindings };
}

const zeros = (name: string, shape: readonly number[]) =>
  tensor(name, 'float32', shape, new Array<number>(shape.reduce((product, extent) => product * extent, 1)).fill(0));
/** 3 x 3, 3 to 4 channels, same size: 108 multiply-adds a pixel. */
const conv = node('Conv', ['image', 'w'], ['y'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });

describe('images', () => {
  const free = model({
    inputs: [value('image', 'float32', ['batch', 3, 'height', 'width'])],
    outputs: [value('y', 'float32', ['batch', 4, 'height', 'width'])],
    initializers: [zeros('w', [4, 3, 3, 3])],
    nodes: [conv],
  });

  it('cost a convolution exactly by their pixels, at every batch that is bound', async () => {
    expect(await macsOf(bytes('free.onnx', free), [32, 64, 224])).toEqual([108 * 32 ** 2, 108 * 64 ** 2, 108 * 224 ** 2]);
    expect(await macsOf(bytes('four.onnx', free, { batch: 4, height: 500 }), [32])).toEqual([4 * 108 * 32 ** 2]);
  });

  it('may have their channels last, and extents without a name', async () => {
    const last = model({
      inputs: [value('pixels', 'float32', ['batch', null, null, 3])],
      outputs: [value('y', 'float32', null)],
      initializers: [zeros('w', [4, 3, 3, 3])],
      nodes: [node('Transpose', ['pixels'], ['image'], { perm: [0, 3, 1, 2] }), conv],
    });
    expect(await macsOf(bytes('last.onnx', last), [32, 40])).toEqual([108 * 32 ** 2, 108 * 40 ** 2]);
  });

  it('of a fixed size are counted at that, and anew at another where the graph does not hold on to it', async () => {
    const [own, other] = await macsOf({ kind: 'file', path: 'samples/conv.onnx' }, [64, 128]);
    const published = PYTORCH.models['conv']?.macs.total ?? 0;
    expect(own).toBe(published);
    // Four times the positions; the classifier's 96 x 10 stay.
    expect(other).toBe(4 * (published - 960) + 960);
  });

  it('of a fixed size that the graph holds on to are refused with the first node and constant', async () => {
    const sentence =
      'The graph has the size that it was exported at built in: Reshape "/Reshape" is the first that contradicts, ' +
      'by its constant "/Constant_output_0" = [-1, 80, 64].';
    expect(await macsOf({ kind: 'file', path: 'samples/vit.onnx' }, [96, 128])).toEqual([sentence, sentence]);
    const opened = await engine.open({ model: { kind: 'file', path: 'samples/vit.onnx', shapes: { image: [1, 3, 128, 128] } } }, context);
    const [finding] = needsModel(opened).profile.warnings.filter(({ code }) => code === 'fixed-size');
    expect(finding?.message).toBe(
      `${sentence} At "image" [1, 3, 128, 128] 1 image becomes a batch of 4, and figures behind it are those of no real run; export the model for this size.`,
    );
  });

  it('may be asked for in a larger batch than the file declares', async () => {
    const { profile } = needsModel(
      await engine.open({ model: { kind: 'file', path: 'samples/vit.onnx', shapes: { image: [8, 3, 64, 64] } } }, context),
    );
    expect(profile.warnings.map(({ code }) => code)).not.toContain('fixed-size');
    expect(profile.totals.macs).toBe(8 * (PYTORCH.models['vit']?.macs.total ?? 0));
  });

  it('are recounted the same by shape, by axis and by size', async () => {
    const file = { kind: 'file', path: 'samples/conv.onnx' } as const;
    const macs = async (sizes: ModelSizes) => needsModel(await engine.open({ model: { ...file, ...sizes } }, context)).profile.totals.macs;
    const byShape = await macs({ shapes: { image: [1, 3, 96, 96] } });
    expect(await macs({ bindings: { 'image.2': 96, 'image.3': 96 } })).toBe(byShape);
    expect(await macsOf(file, [96])).toEqual([byShape]);
    await expect(macs({ shapes: { image: [1, 3, 96, 96] }, bindings: { 'image.2': 64 } })).rejects.toThrow(
      'Axis 2 of input "image" cannot be both 96 and 64.',
    );
  });

  it('that contradict a constant of the model are refused in one sentence', async () => {
    const rigid = model({
      inputs: [value('image', 'float32', ['batch', 3, 'height', 'width'])],
      outputs: [value('y', 'float32', null)],
      initializers: [tensor('shape', 'int64', [2], [-1n, 3n * 32n * 32n]), zeros('w', [3072, 10])],
      nodes: [node('Reshape', ['image', 'shape'], ['flat']), node('MatMul', ['flat', 'w'], ['y'])],
    });
    const [fits, larger] = await macsOf(bytes('rigid.onnx', rigid), [32, 40]);
    expect(fits).toBe(30_720);
    expect(larger).toMatch(/^The model does not work at size 40: .+\.$/);
  });
});

describe('sequences', () => {
  it('cost attention its projections by their steps, its scores and sums by their square', async () => {
    // Vaswani et al., table 1 and section 3.2: four projections of n x d x d; Q K^T and its product with V, n x n x d each.
    const closed = (n: number, d: number) => 4 * n * d * d + 2 * n * n * d;
    const sizes = [64, 128, 512, 4096];
    const layer: ModelReference = { kind: 'architecture', family: 'SequenceLayer', variant: 'self-attention' };
    expect(await macsOf(layer, sizes)).toEqual(sizes.map((n) => closed(n, 512)));
    const [row] = await rowsOf(layer, [64]);
    expect(row?.figures?.input).toEqual({ kind: 'sequence', size: 64 });
  });

  it('reach every input that has steps: tokens, masks over them and over pairs', async () => {
    const masked = model({
      inputs: [
        value('ids', 'int64', ['n', 'length']),
        value('attention_mask', 'float32', ['n', 'length']),
        value('pairs', 'float32', ['n', 1, null, null]),
      ],
      outputs: [value('y', 'float32', null)],
      initializers: [zeros('table', [100, 8]), tensor('axes', 'int64', [1], [1n])],
      nodes: [
        node('Gather', ['table', 'ids'], ['x']),
        node('Transpose', ['x'], ['xt'], { perm: [0, 2, 1] }),
        node('MatMul', ['x', 'xt'], ['scores']),
        node('Unsqueeze', ['attention_mask', 'axes'], ['mask']),
        node('Add', ['scores', 'mask'], ['masked']),
        node('Unsqueeze', ['masked', 'axes'], ['headed']),
        node('Add', ['headed', 'pairs'], ['y']),
      ],
    });
    const rows = await rowsOf(bytes('masked.onnx', masked), [16, 200]);
    expect(rows.map(({ figures }) => figures?.macs)).toEqual([16 * 16 * 8, 200 * 200 * 8]);
    expect(rows[1]?.inputs.map(({ shape }) => shape)).toEqual([
      [1, 200],
      [1, 200],
      [1, 1, 200, 200],
    ]);
  });

  it('of an encoder and of a decoder change together', async () => {
    const cross = model({
      inputs: [value('source', 'float32', ['n', 'source_length', 8]), value('target', 'float32', ['n', 'target_length', 8])],
      outputs: [value('y', 'float32', null)],
      nodes: [node('Transpose', ['source'], ['keys'], { perm: [0, 2, 1] }), node('MatMul', ['target', 'keys'], ['y'])],
    });
    expect(await macsOf(bytes('cross.onnx', cross), [10, 30])).toEqual([10 * 10 * 8, 30 * 30 * 8]);
  });

  it('leave the cache of earlier steps alone', async () => {
    const cached = model({
      inputs: [
        value('input_ids', 'int64', ['batch', 'sequence_length']),
        value('past_key_values.0.key', 'float32', ['batch', 2, 'past_sequence_length', 8]),
      ],
      outputs: [value('y', 'float32', null)],
      initializers: [zeros('table', [100, 8]), zeros('w', [8, 8])],
      nodes: [node('Gather', ['table', 'input_ids'], ['x']), node('MatMul', ['x', 'w'], ['y'])],
    });
    const [row] = await rowsOf(bytes('cached.onnx', cached, { past_sequence_length: 7 }), [32]);
    expect(row?.figures?.macs).toBe(32 * 64);
    expect(row?.inputs[1]?.shape).toEqual([1, 2, 7, 8]);
  });
});

it('a row of features has no size', async () => {
  const dense = model({
    inputs: [value('x', 'float32', ['n', 4])],
    outputs: [value('y', 'float32', ['n', 2])],
    initializers: [zeros('w', [4, 2])],
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
  });
  expect(await macsOf(bytes('dense.onnx', dense), [4])).toEqual([
    'dense.onnx takes neither an image nor a sequence, so it has no size to change.',
  ]);
});

describe('the size of an input', () => {
  const kindOf = (...inputs: readonly (readonly [SizedInput['dtype'], SizedInput['shape']])[]) => {
    const found = sizeAxes(inputs.map(([dtype, shape], index) => ({ name: `x${index}`, dtype, shape })));
    return found && [found.kind, Object.fromEntries(found.axes)];
  };

  it.each([
    ['PyTorch images', [['float32', ['N', 3, 224, 224]]], ['image', { x0: [2, 3] }]],
    ['TensorFlow images', [['float32', [1, 'h', 'w', 3]]], ['image', { x0: [1, 2] }]],
    ['bytes of pixels', [['uint8', [1, 'h', 'w', 3]]], ['image', { x0: [1, 2] }]],
    ['one image without a batch', [['float32', [3, 64, 64]]], ['image', { x0: [1, 2] }]],
    ['grey images', [['float32', [1, 1, 28, 28]]], ['image', { x0: [2, 3] }]],
    ['feature maps', [['float32', ['N', 64, 56, 56]]], ['image', { x0: [2, 3] }]],
    ['steps first, as in PyTorch', [['float32', [128, 1, 512]]], ['sequence', { x0: [0] }]],
    ['steps first by name', [['float32', ['seq', 'batch', 512]]], ['sequence', { x0: [0] }]],
    [
      'images with captions',
      [
        ['int64', ['N', 77]],
        ['float32', ['N', 3, 'h', 'w']],
      ],
      ['image', { x1: [2, 3] }],
    ],
  ] as const)('%s', (_what, inputs, expected) => {
    expect(kindOf(...inputs)).toEqual(expected);
  });
});
