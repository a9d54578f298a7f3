import { describe, expect, it } from 'vitest';
import { call, float, shapeOf, tensor } from '../rules';

const domain = 'com.microsoft';
const image = float(1, 4, 8, 8);
const weights = float(6, 4, 3, 3);
const plain = call({ op: 'Conv', inputs: [image, weights] }).cost?.macs;
const bytes = (...shape: readonly number[]) => tensor('uint8', shape);
const scalar = float();

describe('fused convolutions count what they were fused from', () => {
  const last = float(1, 8, 8, 4);
  it.each([
    ['FusedConv', domain, [image, weights]],
    ['NhwcConv', domain, [last, weights]],
    ['NhwcFusedConv', domain, [last, weights]],
    ['Conv', 'com.microsoft.nchwc', [image, weights]],
    ['Conv', 'com.ms.internal.nhwc', [last, weights]],
    ['QLinearConv', 'com.ms.internal.nhwc', [bytes(1, 8, 8, 4), scalar, bytes(), bytes(6, 4, 3, 3), scalar, bytes(), scalar, bytes()]],
  ] as const)('%s of %s', (op, of, inputs) => {
    expect(plain).toBe(6n * 36n * 36n);
    expect(call({ op, domain: of, inputs }).cost?.macs).toBe(plain);
  });

  it('and the activation and the addition inside', () => {
    const inputs = [image, weights, float(6), float(1, 6, 6, 6)];
    const fused = call({ op: 'FusedConv', domain, inputs, attributes: { activation: 'Relu' } });
    expect(fused.cost?.flops).toBe(2n * 6n * 36n * 36n + 3n * 216n);
  });
});

describe('fused products', () => {
  it('count outputs times inner extent, transposed or with batches rotated', () => {
    const rotated = call({ op: 'FusedMatMul', domain, inputs: [float(4, 3, 5), float(3, 5, 6)], attributes: { transBatchA: 1 } });
    expect(shapeOf(rotated)).toEqual([3, 4, 6]);
    expect(rotated.cost?.macs).toBe(360n);
    const scaled = call({
      op: 'FusedMatMul',
      domain,
      inputs: [float(4, 5), float(6, 5)],
      attributes: { transB: 1, alpha: { float: 0.125 } },
    });
    expect(scaled.cost).toMatchObject({ macs: 120n, flops: 264n });
  });

  it('count three projections of one input', () => {
    const inputs = [float(2, 16), null, null, bytes(8, 1, 8), float(8), null, bytes(4, 1, 8), float(4), null, bytes(4, 1, 8), float(4)];
    const result = call({ op: 'MatMulNBitsQkv', domain, inputs, attributes: { K: 16, Nq: 8, Nkv: 4 }, outputs: 3 });
    expect([0, 1, 2].map((index) => shapeOf(result, index))).toEqual([
      [2, 8],
      [2, 4],
      [2, 4],
    ]);
    expect(result.cost?.macs).toBe(2n * 16n * 16n);
  });

  it('count gate and up projections of an MLP', () => {
    const inputs = [float(2, 16), null, null, bytes(8, 1, 8), float(8), null, bytes(8, 1, 8), float(8)];
    const result = call({ op: 'MatMulNBitsMlp', domain, inputs, attributes: { K: 16, N: 8, activation: 'silu' } });
    expect(shapeOf(result)).toEqual([2, 8]);
    expect(result.cost?.macs).toBe(2n * 2n * 16n * 8n);
  });

  it('keep the free extent of packed products', () => {
    const result = call({
      op: 'MatMulNBits',
      domain,
      inputs: [float('batch', 'tokens', 32), bytes(6, 2, 8), float(12)],
      attributes: { K: 32, N: 6 },
    });
    expect(shapeOf(result)).toEqual(['batch', 'tokens', 6]);
    expect(result.cost).toBeNull();
  });
});

describe('fused normalisations', () => {
  it('add the skip to a layer normalisation: 5 + skip, scale, shift, bias', () => {
    const inputs = [float(2, 5, 8), float(2, 5, 8), float(8), float(8), float(8)];
    const result = call({ op: 'SkipLayerNormalization', domain, inputs, outputs: 4 });
    expect(result.cost).toMatchObject({ macs: 0n, flops: 80n * 9n });
    expect(shapeOf(result, 3)).toEqual([2, 5, 8]);
  });

  it('sum embeddings before they normalise', () => {
    const ids = tensor('int32', ['batch', 'tokens']);
    const inputs = [ids, null, float(30_522, 768), float(512, 768), null, float(768), float(768)];
    const result = call({ op: 'EmbedLayerNormalization', domain, inputs, outputs: 2 });
    expect(shapeOf(result)).toEqual(['batch', 'tokens', 768]);
    expect(result.outputs[1]).toEqual(tensor('int32', ['batch']));
  });
});

describe('layout', () => {
  it('names the channels again that blocks padded', () => {
    const x = float('N', 16, 'H', 'W');
    const back = call({ op: 'ReorderOutput', domain: 'com.microsoft.nchwc', inputs: [x], attributes: { channels: 13, channels_last: 1 } });
    expect(shapeOf(back)).toEqual(['N', 'H', 'W', 13]);
    expect(back.cost?.flops).toBe(0n);
  });
});
