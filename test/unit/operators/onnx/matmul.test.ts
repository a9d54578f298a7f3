import { describe, expect, it } from 'vitest';
import { visitAll } from '../loops';
import { call, float, shapeOf, tensor } from '../rules';

/** Multiply-adds of NumPy's matmul by its loops. */
function matmulMacs(batch: readonly number[], m: number, k: number, n: number): bigint {
  let macs = 0n;
  visitAll([...batch, m, n, k], () => macs++);
  return macs;
}

describe('MatMul', () => {
  it('counts one multiply-add per output and summed element', () => {
    const result = call({ op: 'MatMul', inputs: [float(2, 1, 3, 4), float(5, 4, 6)] });
    expect(shapeOf(result)).toEqual([2, 5, 3, 6]);
    expect(result.cost?.macs).toBe(matmulMacs([2, 5], 3, 4, 6));
    expect(result.cost?.formula).toBe('2*5*3*6 outputs * 4 products');
  });

  it('takes vectors as rows and columns (NumPy)', () => {
    expect(shapeOf(call({ op: 'MatMul', inputs: [float(4), float(4)] }))).toEqual([]);
    expect(shapeOf(call({ op: 'MatMul', inputs: [float(4), float(2, 4, 3)] }))).toEqual([2, 3]);
    expect(shapeOf(call({ op: 'MatMul', inputs: [float(2, 3, 4), float(4)] }))).toEqual([2, 3]);
    expect(call({ op: 'MatMul', inputs: [float(4), float(4)] }).cost?.macs).toBe(4n);
  });

  it('keeps free extents, and counts nothing while they are free', () => {
    const result = call({ op: 'MatMul', inputs: [float('batch', 'tokens', 64), float(64, 32)] });
    expect(shapeOf(result)).toEqual(['batch', 'tokens', 32]);
    expect(result.cost).toBeNull();
  });

  it('reports inner extents and batches that do not fit', () => {
    expect(call({ op: 'MatMul', inputs: [float(2, 3), float(4, 5)] }).reports.map(({ code }) => code)).toEqual(['extent']);
    expect(call({ op: 'MatMul', inputs: [float(2, 3, 4), float(3, 4, 5)] }).reports.map(({ code }) => code)).toEqual(['broadcast']);
    expect(call({ op: 'MatMul', inputs: [float(), float(4, 5)] }).reports.map(({ code }) => code)).toEqual(['rank']);
  });

  it('is exact past 2^53', () => {
    const result = call({ op: 'MatMul', inputs: [float(2 ** 30, 2 ** 20), float(2 ** 20, 2 ** 20)] });
    expect(result.cost?.macs).toBe(2n ** 70n);
  });
});

describe('Gemm', () => {
  it('transposes, adds and scales', () => {
    const plain = call({ op: 'Gemm', inputs: [float(8, 5), float(8, 3)], attributes: { transA: 1 } });
    expect(shapeOf(plain)).toEqual([5, 3]);
    expect(plain.cost).toMatchObject({ macs: matmulMacs([], 5, 8, 3), flops: 240n });
    const full = call({
      op: 'Gemm',
      inputs: [float(5, 8), float(3, 8), float(3)],
      attributes: { transB: 1, alpha: { float: 0.5 }, beta: { float: 0.25 } },
    });
    // 2 * 120, then alpha, beta and the addition on 15 outputs.
    expect(full.cost).toMatchObject({ macs: 120n, flops: 240n + 45n });
  });

  it('counts the classifier of ResNet-50 as 2,048,000 multiply-adds', () => {
    const inputs = [float(1, 2048), float(1000, 2048), float(1000)];
    expect(call({ op: 'Gemm', inputs, attributes: { transB: 1 } }).cost?.macs).toBe(2_048_000n);
  });

  it('reports a bias that does not broadcast', () => {
    expect(call({ op: 'Gemm', inputs: [float(2, 3), float(3, 4), float(5)] }).reports.map(({ code }) => code)).toEqual(['broadcast']);
  });
});

describe('quantised products', () => {
  it('count as their float counterparts', () => {
    const a = tensor('uint8', [2, 4, 8]);
    const b = tensor('int8', [8, 6]);
    const expected = matmulMacs([2], 4, 8, 6);
    const integer = call({ op: 'MatMulInteger', inputs: [a, b] });
    expect(integer.outputs[0]).toEqual(tensor('int32', [2, 4, 6]));
    expect(integer.cost?.macs).toBe(expected);
    const linear = call({ op: 'QLinearMatMul', inputs: [a, float(), null, b, float(), null, float(), tensor('uint8', [])] });
    expect(linear.outputs[0]).toEqual(tensor('uint8', [2, 4, 6]));
    expect(linear.cost?.macs).toBe(expected);
    const packed = call({
      op: 'MatMulNBits',
      domain: 'com.microsoft',
      inputs: [float(2, 4, 8), tensor('uint8', [6, 1, 4]), float(6)],
      attributes: { K: 8, N: 6, bits: 4, block_size: 16 },
    });
    expect(packed.cost?.macs).toBe(expected);
  });
});

describe('mixtures of experts', () => {
  it('run every token through k experts', () => {
    const [tokens, hidden, inner, chosen] = [6, 8, 16, 2];
    let macs = 0n;
    for (let token = 0; token < tokens; token++) {
      for (let expert = 0; expert < chosen; expert++) {
        visitAll([hidden, inner], () => macs++);
        visitAll([inner, hidden], () => macs++);
      }
    }
    const inputs = [float(tokens, hidden), float(tokens, 4), float(4, inner, hidden), null, float(4, hidden, inner)];
    expect(call({ op: 'MoE', domain: 'com.microsoft', inputs, attributes: { k: chosen } }).cost?.macs).toBe(macs);
  });
});
