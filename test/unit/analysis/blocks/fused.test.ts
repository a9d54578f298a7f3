import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../../src/analysis/assemble';
import type { Tensor } from '../../../../src/model';
import { definition, integers, model, type NodeSpec, value, weight } from '../models';
import { blocksOf } from './support';

const [n, c, h] = [16, 32, 4];

function linear(name: string, from: string, to: string): readonly NodeSpec[] {
  return [
    { op: 'MatMul', inputs: [from, `${name}.w`], outputs: [`${name}.m`] },
    { op: 'Add', inputs: [`${name}.m`, `${name}.b`], outputs: [to] },
  ];
}

function weights(...names: readonly string[]): readonly Tensor[] {
  return names.flatMap((name) => [weight(`${name}.w`, [c, c]), weight(`${name}.b`, [c])]);
}

function analysed(nodes: readonly NodeSpec[], initializers: readonly Tensor[], extra: Parameters<typeof model>[0] | object = {}): Analysis {
  const built = model({
    inputs: [value('x', 'float32', [1, n, c])],
    outputs: ['y'],
    initializers,
    nodes,
    ...extra,
  });
  return analyse(built, { name: 'fused.onnx', bytes: 0 });
}

const EXPECTED = 4 * n * c * c + 2 * n * n * c;

describe('fused attention operators', () => {
  it('MultiHeadAttention with its projections is one attention of the same work', () => {
    const { profile, blocks } = analysed(
      [
        ...linear('q', 'x', 'q'),
        ...linear('k', 'x', 'k'),
        ...linear('v', 'x', 'v'),
        { op: 'MultiHeadAttention', domain: 'com.microsoft', inputs: ['q', 'k', 'v'], outputs: ['a'], attributes: { num_heads: h } },
        ...linear('o', 'a', 'y'),
      ],
      weights('q', 'k', 'v', 'o'),
    );
    const [block, ...rest] = blocksOf(profile.blocks, 'attention');
    expect(rest).toEqual([]);
    expect(block?.attributes).toMatchObject({ heads: h, headSize: c / h, queries: n, keys: n, fused: true });
    expect(block?.nodes).toHaveLength(9);
    expect(block?.totals.macs).toBe(EXPECTED);
    expect(profile.budget.attention.macs).toBe(EXPECTED);
    expect(blocks.attention[0]).toMatchObject({ fused: true, probabilities: '', output: 'a' });
  });

  it('com.microsoft Attention projects by itself', () => {
    const { profile } = analysed(
      [
        { op: 'Attention', domain: 'com.microsoft', inputs: ['x', 'qkv.w', 'qkv.b'], outputs: ['a'], attributes: { num_heads: h } },
        ...linear('o', 'a', 'y'),
      ],
      [weight('qkv.w', [c, 3 * c]), weight('qkv.b', [3 * c]), ...weights('o')],
    );
    const [block, ...rest] = blocksOf(profile.blocks, 'attention');
    expect(rest).toEqual([]);
    expect(block?.attributes).toMatchObject({ heads: h, queries: n, keys: n, fused: true });
    expect(block?.totals.macs).toBe(EXPECTED);
  });

  it('ai.onnx Attention of opset 23, causal', () => {
    const { profile } = analysed(
      [
        ...linear('q', 'x', 'q'),
        ...linear('k', 'x', 'k'),
        ...linear('v', 'x', 'v'),
        { op: 'Attention', inputs: ['q', 'k', 'v'], outputs: ['a'], attributes: { q_num_heads: h, kv_num_heads: h, is_causal: 1 } },
        ...linear('o', 'a', 'y'),
      ],
      weights('q', 'k', 'v', 'o'),
      { opset: 23 },
    );
    const [block, ...rest] = blocksOf(profile.blocks, 'attention');
    expect(rest).toEqual([]);
    expect(block?.attributes).toMatchObject({ heads: h, headSize: c / h, queries: n, keys: n, causal: true });
    expect(block?.totals.macs).toBe(EXPECTED);
  });

  it('GroupQueryAttention has fewer heads of keys and values', () => {
    const { profile } = analysed(
      [
        ...linear('q', 'x', 'q'),
        { op: 'MatMul', inputs: ['x', 'kw'], outputs: ['k'] },
        { op: 'MatMul', inputs: ['x', 'vw'], outputs: ['v'] },
        {
          op: 'GroupQueryAttention',
          domain: 'com.microsoft',
          inputs: ['q', 'k', 'v', '', '', 'lengths', 'total'],
          outputs: ['a'],
          attributes: { num_heads: h, kv_num_heads: 2, do_rotary: 1 },
        },
        ...linear('o', 'a', 'y'),
      ],
      [...weights('q', 'o'), weight('kw', [c, c / 2]), weight('vw', [c, c / 2]), integers('lengths', [n - 1]), integers('total', [n], [])],
    );
    const [block] = blocksOf(profile.blocks, 'attention');
    expect(block?.attributes).toMatchObject({ heads: h, keyValueHeads: 2, headSize: c / h, causal: true, position: 'rotary' });
  });
});

describe('attention inside functions', () => {
  it('each call of a function with an attention is an attention of its own', () => {
    const heads = { op: 'Reshape', attributes: {} };
    const body: readonly NodeSpec[] = [
      { op: 'Constant', inputs: [], outputs: ['s4'], attributes: { value_ints: [1, n, h, c / h] } },
      { op: 'Constant', inputs: [], outputs: ['s3'], attributes: { value_ints: [1, n, c] } },
      ...['q', 'k', 'v'].flatMap((name): NodeSpec[] => [
        { op: 'MatMul', inputs: ['in', `w${name}`], outputs: [`${name}0`] },
        { ...heads, inputs: [`${name}0`, 's4'], outputs: [`${name}1`] },
        { op: 'Transpose', inputs: [`${name}1`], outputs: [name], attributes: { perm: name === 'k' ? [0, 2, 3, 1] : [0, 2, 1, 3] } },
      ]),
      { op: 'MatMul', inputs: ['q', 'k'], outputs: ['s'] },
      { op: 'Softmax', inputs: ['s'], outputs: ['p'], attributes: { axis: -1 } },
      { op: 'MatMul', inputs: ['p', 'v'], outputs: ['o'] },
      { op: 'Transpose', inputs: ['o'], outputs: ['o1'], attributes: { perm: [0, 2, 1, 3] } },
      { ...heads, inputs: ['o1', 's3'], outputs: ['o2'] },
      { op: 'MatMul', inputs: ['o2', 'wo'], outputs: ['out'] },
    ];
    const call = (from: string, to: string): NodeSpec => ({
      op: 'Mha',
      domain: 'local',
      inputs: [from, 'wq', 'wk', 'wv', 'wo'],
      outputs: [to],
    });
    const analysis = analysed(
      [call('x', 'y0'), call('y0', 'y')],
      ['wq', 'wk', 'wv', 'wo'].map((name) => weight(name, [c, c])),
      { functions: [definition('Mha', { inputs: ['in', 'wq', 'wk', 'wv', 'wo'], outputs: ['out'], nodes: body })] },
    );
    const found = blocksOf(analysis.profile.blocks, 'attention');
    expect(found.map((block) => block.attributes['heads'])).toEqual([h, h]);
    expect(new Set(found.map((block) => block.id)).size).toBe(2);
    expect(analysis.profile.budget.attention.macs).toBe(2 * EXPECTED);
  });
});
