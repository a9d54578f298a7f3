import { describe, expect, it } from 'vitest';
import type { Cost } from '../../../../src/operators/rule';
import { visitAll } from '../loops';
import { type Call, call, float, ints, shapeOf, tensor } from '../rules';

/** ViT-B/16 at 224 (Dosovitskiy et al. 2021): 12 blocks, 12 heads of 64, 197 tokens, 768 wide, MLP 3072. */
const VIT = { blocks: 12n, heads: 12, size: 64, tokens: 197, width: 768, mlp: 3072 };

function macsOf(...calls: readonly Call[]): bigint {
  let macs = 0n;
  for (const one of calls) macs += cost(one).macs;
  return macs;
}

function cost(one: Call): Cost {
  const { cost: found } = call(one);
  if (!found) throw new Error(`${one.op} has no cost.`);
  return found;
}

/** Multiply-adds of one head's scores and weighted sum, looped. */
function coreMacs(batch: number, heads: number, queries: number, keys: number, size: number, valueSize: number): bigint {
  let macs = 0n;
  visitAll([batch, heads, queries, keys], () => {
    for (let i = 0; i < size; i++) macs++;
    for (let i = 0; i < valueSize; i++) macs++;
  });
  return macs;
}

const { heads, size, tokens, width, mlp } = VIT;
const q4 = float(1, heads, tokens, size);
const q3 = float(1, tokens, width);

describe('ViT-B/16 in every form exporters write', () => {
  const CORE = 2n * 197n * 197n * 768n;
  const forms: Readonly<Record<string, bigint>> = {
    'two MatMul': macsOf(
      { op: 'MatMul', inputs: [q4, float(1, heads, size, tokens)] },
      { op: 'Softmax', inputs: [float(1, heads, tokens, tokens)] },
      { op: 'MatMul', inputs: [float(1, heads, tokens, tokens), q4] },
    ),
    'two Einsum': macsOf(
      { op: 'Einsum', inputs: [q4, q4], attributes: { equation: 'bhqd,bhkd->bhqk' } },
      { op: 'Einsum', inputs: [float(1, heads, tokens, tokens), q4], attributes: { equation: 'bhqk,bhkd->bhqd' } },
    ),
    'FusedMatMul with transB': macsOf(
      { op: 'FusedMatMul', domain: 'com.microsoft', inputs: [q4, q4], attributes: { transB: 1, alpha: { float: 0.125 } } },
      { op: 'FusedMatMul', domain: 'com.microsoft', inputs: [float(1, heads, tokens, tokens), q4] },
    ),
    'Attention-23 on heads': macsOf({ op: 'Attention', inputs: [q4, q4, q4] }),
    'Attention-23 on rows': macsOf({ op: 'Attention', inputs: [q3, q3, q3], attributes: { q_num_heads: heads, kv_num_heads: heads } }),
    MultiHeadAttention: macsOf({
      op: 'MultiHeadAttention',
      domain: 'com.microsoft',
      inputs: [q3, q3, q3],
      attributes: { num_heads: heads },
    }),
    'packed MultiHeadAttention': macsOf({
      op: 'MultiHeadAttention',
      domain: 'com.microsoft',
      inputs: [float(1, tokens, heads, 3, size)],
      attributes: { num_heads: heads },
    }),
  };
  for (const [name, macs] of Object.entries(forms)) it(name, () => expect(macs).toBe(CORE));

  it('Attention of com.microsoft, which projects q, k and v itself', () => {
    const projecting = { domain: 'com.microsoft', attributes: { num_heads: heads } };
    const projected = 197n * 768n * 2304n + CORE;
    expect(macsOf({ ...projecting, op: 'Attention', inputs: [q3, float(width, 3 * width), float(3 * width)] })).toBe(projected);
    const quantized = [tensor('uint8', [1, tokens, width]), tensor('int8', [width, 3 * width]), float(3 * width), float(), float()];
    expect(macsOf({ ...projecting, op: 'QAttention', inputs: quantized })).toBe(projected);
  });

  it('the whole model comes to the 17,563,828,224 multiply-adds of its definition', () => {
    const block = macsOf(
      { op: 'MatMul', inputs: [q3, float(width, 3 * width)] },
      { op: 'Attention', inputs: [q4, q4, q4] },
      { op: 'MatMul', inputs: [q3, float(width, width)] },
      { op: 'MatMul', inputs: [q3, float(width, mlp)] },
      { op: 'MatMul', inputs: [float(1, tokens, mlp), float(mlp, width)] },
    );
    const ends = macsOf(
      { op: 'Conv', inputs: [float(1, 3, 224, 224), float(width, 3, 16, 16), float(width)], attributes: { strides: [16, 16] } },
      { op: 'Gemm', inputs: [float(1, width), float(1000, width)], attributes: { transB: 1 } },
    );
    expect(VIT.blocks * block + ends).toBe(17_563_828_224n);
  });
});

describe('Attention-23', () => {
  it('counts grouped queries by query heads, and the keys of the past', () => {
    const inputs = [float(2, 6, 3, 4), float(2, 2, 5, 4), float(2, 2, 5, 7), null, float(2, 2, 9, 4), float(2, 2, 9, 7)];
    const result = call({ op: 'Attention', inputs, outputs: 4 });
    expect([0, 1, 2, 3].map((index) => shapeOf(result, index))).toEqual([
      [2, 6, 3, 7],
      [2, 2, 14, 4],
      [2, 2, 14, 7],
      [2, 6, 3, 14],
    ]);
    expect(result.cost?.macs).toBe(coreMacs(2, 6, 3, 14, 4, 7));
  });

  it('counts per score: scale 1, softmax 5, a mask 1, causality 1, softcap 3', () => {
    const scores = 1n * 2n * 3n * 5n;
    const inputs = [float(1, 2, 3, 4), float(1, 2, 5, 4), float(1, 2, 5, 4)];
    const macs = coreMacs(1, 2, 3, 5, 4, 4);
    expect(cost({ op: 'Attention', inputs }).flops).toBe(2n * macs + 6n * scores);
    const busy = { is_causal: 1, softcap: { float: 30 } };
    expect(cost({ op: 'Attention', inputs: [...inputs, float(3, 5)], attributes: busy }).flops).toBe(2n * macs + 11n * scores);
  });

  it('keeps free extents and reports head sizes that differ', () => {
    const free = call({ op: 'Attention', inputs: ['q', 'k', 'k'].map((length) => float('batch', 2, length, 8)), outputs: 4 });
    expect(shapeOf(free)).toEqual(['batch', 2, 'q', 8]);
    expect(shapeOf(free, 3)).toEqual(['batch', 2, 'q', 'k']);
    expect(free.cost).toBeNull();
    const wrong = call({ op: 'Attention', inputs: [float(1, 2, 3, 4), float(1, 2, 5, 6), float(1, 2, 5, 6)] });
    expect(wrong.reports[0]?.message).toBe('the head sizes of Q and K differ (4 and 6).');
  });
});

describe('attention of com.microsoft', () => {
  const domain = 'com.microsoft';

  it('meets total_sequence_length keys where queries are grouped', () => {
    const inputs = [float(2, 1, 32), float(2, 1, 16), float(2, 1, 16), float(2, 2, 9, 8), float(2, 2, 9, 8), null, ints(5)];
    const result = call({ op: 'GroupQueryAttention', domain, inputs, attributes: { num_heads: 4, kv_num_heads: 2 } });
    expect(result.cost?.macs).toBe(coreMacs(2, 4, 1, 5, 8, 8));
  });

  it('meets 2 * window + 1 tokens in Longformer, whose projections are its own', () => {
    const inputs = [float(1, 64, 12), float(12, 36), float(36), float(1, 64), float(12, 36), float(36), tensor('int32', [1, 64])];
    const found = cost({ op: 'LongformerAttention', domain, inputs, attributes: { num_heads: 2, window: 4 } });
    expect(found.macs).toBe(64n * 12n * 36n + coreMacs(1, 2, 64, 9, 6, 6));
  });

  it('says nothing of work that depends on data', () => {
    const inputs = [float(7, 16), float(7, 8), float(7, 8), float(3, 16, 2, 4), float(3, 16, 2, 4)];
    expect(call({ op: 'PagedAttention', domain, inputs, attributes: { num_heads: 4, kv_num_heads: 2 } }).cost).toBeNull();
  });

  it('reads query and key lengths of a position bias from data', () => {
    const result = call({ op: 'RelativePositionBias', domain, inputs: [float(32, 12), ints(7), tensor('int64', [1], ['keys'])] });
    expect(shapeOf(result)).toEqual([1, 12, 7, 'keys']);
  });
});

describe('linear attention', () => {
  it('loops over tokens and states: outer product, delta and query (gated delta rule)', () => {
    const [batch, length, queryHeads, stateHeads, keySize, valueSize] = [2, 5, 4, 2, 3, 6];
    let macs = 0n;
    visitAll([batch, length], () => {
      visitAll([stateHeads, keySize, valueSize], () => {
        macs++; // S^T k
        macs++; // + k (beta * (v - .))^T
      });
      visitAll([queryHeads, keySize, valueSize], () => macs++); // q^T S
    });
    const inputs = [
      float(batch, length, queryHeads * keySize),
      float(batch, length, stateHeads * keySize),
      float(batch, length, stateHeads * valueSize),
    ];
    const result = call({ op: 'LinearAttention', opset: 27, inputs, attributes: { q_num_heads: 4, kv_num_heads: 2 }, outputs: 2 });
    expect(shapeOf(result)).toEqual([batch, length, queryHeads * valueSize]);
    expect(shapeOf(result, 1)).toEqual([batch, stateHeads, keySize, valueSize]);
    expect(result.cost?.macs).toBe(macs);
  });
});

describe('RotaryEmbedding', () => {
  it('counts two products and a sum per rotated element', () => {
    expect(cost({ op: 'RotaryEmbedding', inputs: [float(1, 2, 5, 8), float(9, 4), float(9, 4)] }).flops).toBe(240n);
    const partial = {
      op: 'RotaryEmbedding',
      inputs: [float(1, 5, 16), float(9, 2), float(9, 2)],
      attributes: { num_heads: 2, rotary_embedding_dim: 4 },
    };
    expect(cost(partial).flops).toBe(120n);
  });
});
