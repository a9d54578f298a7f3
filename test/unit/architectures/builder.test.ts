import { createHash } from 'node:crypto';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/analysis/assemble';
import { boundWeights, fanIn, fillValues, GraphBuilder, seededWeights } from '../../../src/architectures/graph';
import { attentionCore, batchNorm, convolution, globalAveragePool, linear, selfAttention } from '../../../src/architectures/layers';
import { BufferSource, UserError } from '../../../src/bytes';
import { writeOnnx } from '../../../src/formats/onnx/write';
import { openModel } from '../../../src/formats/registry';

function small() {
  const b = new GraphBuilder({ name: 'small' });
  let x = b.input('input', ['batch', 3, 8, 8]);
  b.scope('layer1', () =>
    b.scope('0', () => {
      x = b.node('Relu', [batchNorm(b, 'bn1', convolution(b, 'conv1', x, { out: 4, kernel: 3 }))]);
      x = b.node('Relu', [x]);
    }),
  );
  b.output(linear(b, 'fc', globalAveragePool(b, x), 5), 'logits');
  return b.build();
}

describe('GraphBuilder', () => {
  it('names nodes and weights as the PyTorch exporter does', () => {
    const { model } = small();
    expect(model.graph.nodes.map(({ name }) => name)).toEqual([
      '/layer1/layer1.0/conv1/Conv',
      '/layer1/layer1.0/bn1/BatchNormalization',
      '/layer1/layer1.0/Relu',
      '/layer1/layer1.0/Relu_1',
      '/GlobalAveragePool',
      '/Flatten',
      '/fc/Gemm',
      '/Identity',
    ]);
    expect(model.graph.initializers.map(({ name }) => name)).toContain('layer1.0.bn1.running_mean');
  });

  it('reads back from ONNX as the same graph, and runs there', async () => {
    const built = small();
    const bytes = writeOnnx(built.model, seededWeights(built, 7));
    const read = await openModel(new BufferSource(bytes), { name: 'small.onnx' });
    expect(read.graph.nodes).toEqual(built.model.graph.nodes);
    expect(read.graph.inputs).toEqual(built.model.graph.inputs);
    expect(read.graph.initializers.map(({ name, shape }) => [name, shape])).toEqual(
      built.model.graph.initializers.map(({ name, shape }) => [name, shape]),
    );
    const session = await ort.InferenceSession.create(bytes);
    const { logits } = await session.run({ input: new ort.Tensor('float32', new Float32Array(192).fill(1), [1, 3, 8, 8]) });
    expect(logits?.dims).toEqual([1, 5]);
  });

  it('counts what it built: 3*3*3*4 + 2*4 + 4*5 + 5 parameters', () => {
    const { profile } = analyse(small().model, { name: 'small', bytes: 0 });
    expect(profile.totals.parameters).toBe(3 * 3 * 3 * 4 + 8 + 20 + 5);
    expect(profile.totals.macs).toBe(8 * 8 * 4 * 27 + 20);
  });

  it('fails where a layer does not fit, and says where', () => {
    const b = new GraphBuilder({ name: 'wrong' });
    const x = b.input('x', [1, 4, 8]);
    const q = b.input('q', [1, 2, 4, 3]);
    const k = b.input('k', [1, 2, 4, 5]);
    expect(() => b.scope('block', () => b.node('MatMul', [x, b.weight('w', [5, 5], fanIn(5))]))).toThrow(/\/block\/MatMul/);
    expect(() => attentionCore(b, q, k, k)).toThrow(/MatMul/);
  });

  it('gives attention rows that sum to one in ONNX Runtime', async () => {
    const b = new GraphBuilder({ name: 'attention' });
    const x = b.input('x', [1, 6, 8]);
    b.output(selfAttention(b, 'attn', x, { heads: 2 }), 'y');
    const built = b.build();
    const softmax = built.model.graph.nodes.find(({ op }) => op === 'Softmax')?.outputs[0] ?? '';
    const graph = { ...built.model.graph, outputs: [...built.model.graph.outputs, { name: softmax, type: { kind: 'unknown' as const } }] };
    const session = await ort.InferenceSession.create(writeOnnx({ ...built.model, graph }, seededWeights(built)));
    const values = Float32Array.from({ length: 48 }, (_, index) => Math.sin(index));
    const outputs = await session.run({ x: new ort.Tensor('float32', values, [1, 6, 8]) });
    const rows = outputs[softmax]?.data as Float32Array;
    expect(rows).toHaveLength(2 * 6 * 6);
    for (let row = 0; row < 12; row++) expect(rows.slice(row * 6, row * 6 + 6).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });
});

describe('boundWeights', () => {
  it('puts given tensors in their places, and leaves the rest to others or out', async () => {
    const built = small();
    const bias = [1, 2, 3, 4, 5];
    // With nothing but a bias, the answer is the bias.
    const zeros = (name: string) =>
      new Float32Array(built.model.graph.initializers.find((one) => one.name === name)?.shape.reduce((a, b) => a * b, 1) ?? 0);
    const bytes = writeOnnx(built.model, boundWeights(built, { 'fc.bias': bias, 'fc.weight': zeros('fc.weight') }, seededWeights(built)));
    const session = await ort.InferenceSession.create(bytes);
    const { logits } = await session.run({ input: new ort.Tensor('float32', new Float32Array(192).fill(1), [1, 3, 8, 8]) });
    expect(Array.from(logits?.data as Float32Array)).toEqual(bias);
    const read = await openModel(new BufferSource(writeOnnx(built.model, boundWeights(built, { 'fc.bias': bias }))), { name: 'part.onnx' });
    const stored = read.graph.initializers.filter(({ storage }) => storage.kind !== 'missing').map(({ name }) => name);
    expect(stored).toContain('fc.bias');
    expect(stored).not.toContain('fc.weight');
  });

  it('says which name or size does not fit', () => {
    const built = small();
    expect(() => boundWeights(built, { 'head.bias': [1] })).toThrow(new UserError('small has no weight "head.bias".'));
    expect(() => writeOnnx(built.model, boundWeights(built, { 'fc.bias': [1] }))).toThrow(
      new UserError('"fc.bias" takes 5 elements [5], not 1.'),
    );
  });
});

describe('fillValues', () => {
  it('gives the bytes that another implementation gives', () => {
    // SHA-256 of float32 bytes from the generator written in Python: integers masked to 32 bits, struct.pack('<f').
    const hash = (values: Float32Array) => createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
    expect(hash(fillValues(fanIn(16), 'conv.weight', 10_000, 1))).toBe('8c8882e608200d4239bd530fe51f653e546c12c6e77eb892203572eed7faeb11');
    expect(hash(fillValues(fanIn(27), 'l\u00e4yer.\u4f60.weight', 1000, -3))).toBe(
      '66fb13dc8500d842071ba71572b8fd5fd9a499ceab4f3fdcc18a9b2cb709eebe',
    );
  });

  it('repeats for a name and seed, differs between them, and stays within the bound', () => {
    const fill = fanIn(16);
    const first = fillValues(fill, 'conv.weight', 10_000, 1);
    expect(fillValues(fill, 'conv.weight', 10_000, 1)).toEqual(first);
    expect(fillValues(fill, 'conv.weight', 10_000, 2)).not.toEqual(first);
    expect(fillValues(fill, 'conv.bias', 10_000, 1)).not.toEqual(first);
    // A uniform distribution over [-1/4, 1/4) has mean 0 and variance (1/2)^2 / 12.
    const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
    const variance = first.reduce((sum, value) => sum + (value - mean) ** 2, 0) / first.length;
    expect(Math.max(...first)).toBeLessThan(0.25);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(-0.25);
    expect(Math.abs(mean)).toBeLessThan(0.005);
    expect(variance).toBeCloseTo(0.25 / 12, 3);
  });
});
