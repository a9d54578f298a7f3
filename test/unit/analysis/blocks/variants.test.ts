import { beforeAll, describe, expect, it } from 'vitest';
import type { Analysis } from '../../../../src/analysis/assemble';
import type { Category } from '../../../../src/analysis/profile';
import { attentionVariants } from '../../../fixtures/attentionVariants';
import { analyseFile, blocksOf } from './support';

const variants = await attentionVariants();

async function analysed(name: string): Promise<Analysis> {
  if (!variants.available) throw new Error(variants.reason);
  return analyseFile(variants.path(name));
}

function macs(analysis: Analysis, category: Category): number {
  return Number(analysis.profile.categories[category]?.macs ?? 0);
}

/** Tokens, width, heads and head size of every module but those on images. */
const [n, c, h, d] = [16, 32, 4, 8];

/** One attention per module, with these attributes; all from the modules' definitions in attentionVariants.py. */
const ATTENTION: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['fused-qkv', { heads: h, headSize: d, queries: n, keys: n, over: 'tokens', position: 'none' }],
  ['split-qkv', { heads: h, headSize: d, queries: n, keys: n }],
  ['einsum', { heads: h, headSize: d, queries: n, keys: n }],
  ['torch-mha', { heads: h, headSize: d, queries: n, keys: n }],
  ['causal', { heads: h, queries: n, causal: true }],
  ['grouped-query', { heads: 4, keyValueHeads: 2, headSize: d }],
  ['rotary', { heads: h, headSize: d, position: 'rotary' }],
  ['qk-norm', { heads: h, headSize: d, position: 'none' }],
  ['talking-heads', { heads: h, headSize: d, queries: n, keys: n }],
  ['class-attention', { heads: h, queries: 1, keys: n }],
  ['xcit', { heads: h, over: 'channels', queries: d, keys: d }],
  ['convit', { heads: h, queries: n, position: 'gated' }],
  ['botnet', { heads: h, headSize: d, queries: 64, keys: 64, position: 'relative' }],
  ['aaconv', { heads: h, headSize: 8, queries: 64, keys: 64, position: 'relative' }],
  ['non-local', { heads: 1, headSize: 16, queries: 64, keys: 64 }],
  ['coatnet', { heads: h, queries: n, position: 'relative bias' }],
  ['cross', { heads: h, queries: n, keys: 12, cross: true }],
  ['masked', { heads: h, queries: n, masked: true }],
  ['linear', { heads: h, headSize: d, queries: n, keys: n, linear: true }],
  ['efficient', { heads: h, headSize: d, queries: n, keys: n, linear: true }],
  ['mobilevitv2', { heads: 1, headSize: c, queries: 16, keys: 16, linear: true, windows: 4 }],
  ['pvt', { heads: h, queries: n, keys: 4 }],
  ['learned-query', { heads: h, queries: 1, keys: n }],
  ['clip-pool', { heads: h, queries: 1, keys: n + 1 }],
  ['stand-alone', { heads: h, headSize: 8, queries: 64, keys: 9 }],
  ['post-norm', { heads: h, headSize: d, queries: n, keys: n }],
  ['conv-ffn', { heads: h, headSize: d, queries: 64, keys: 64 }],
  ['swiglu', { heads: h, queries: n }],
  ['conformer', { heads: h, queries: n }],
  ['cvt', { heads: h, queries: n, keys: 4 }],
  ['levit', { heads: h, headSize: 4, queries: n, position: 'relative bias' }],
  ['efficientvit', { heads: 8, headSize: 8, queries: 64, keys: 64, linear: true }],
  ['mobilevit', { heads: h, queries: 16, keys: 16, windows: 4, partition: 'grid' }],
  ['parallel', { heads: h, queries: n }],
  ['swinv2', { heads: h, queries: n, position: 'relative bias' }],
];

const NO_ATTENTION = ['sknet', 'resnest', 'token-pool', 'gcnet', 'classifier', 'dynamic-conv', 'light-conv', 'gather-excite'];

describe.skipIf(!variants.available)('attention in its many forms', () => {
  for (const [name, attributes] of ATTENTION) {
    it(`${name}: one attention block with its own attributes`, async () => {
      const { profile, blocks } = await analysed(name);
      const found = blocksOf(profile.blocks, 'attention');
      expect(found).toHaveLength(1);
      expect(found[0]?.attributes).toMatchObject(attributes);
      expect(found[0]?.attributes['causal'] ?? false).toBe(name === 'causal');
      expect(found[0]?.attributes['cross'] ?? false).toBe(name === 'cross');
      expect(blocks.attention.map((core) => core.block)).toEqual([found[0]?.id]);
    });
  }

  for (const name of NO_ATTENTION) {
    it(`${name}: a softmax or gate, and no attention`, async () => {
      const { profile } = await analysed(name);
      expect(blocksOf(profile.blocks, 'attention')).toEqual([]);
      expect(profile.budget.attention.macs).toBe(0);
      expect(profile.budget.attention.parameters).toBe(0);
    });
  }

  it('counts the same work whether qkv is fused, split, written as Einsum or folded into the batch', async () => {
    const names = ['fused-qkv', 'split-qkv', 'einsum', 'torch-mha'];
    for (const name of names) {
      const analysis = await analysed(name);
      expect([name, macs(analysis, 'attention.projection')]).toEqual([name, 3 * n * c * c]);
      expect([name, macs(analysis, 'attention.scores')]).toEqual([name, n * n * c]);
      expect([name, macs(analysis, 'attention.weightedSum')]).toEqual([name, n * n * c]);
      expect([name, macs(analysis, 'attention.output')]).toEqual([name, n * c * c]);
      expect([name, macs(analysis, 'feedForward')]).toEqual([name, 8 * n * c * c]);
      const [block] = blocksOf(analysis.profile.blocks, 'attention');
      expect([name, block?.totals.macs]).toEqual([name, 4 * n * c * c + 2 * n * n * c]);
    }
  });

  it('takes convolutions and layers around the core as projections', async () => {
    // CvT: three 3x3 depthwise convolutions (16, 4 and 4 positions) before linear layers on as many tokens.
    expect(macs(await analysed('cvt'), 'attention.projection')).toBe((16 + 4 + 4) * (9 * c + c * c));
    // LeViT: hard swish stands before the output projection of 4 heads of 16.
    expect(macs(await analysed('levit'), 'attention.output')).toBe(n * 64 * c);
    expect(macs(await analysed('efficientvit'), 'attention.output')).toBe(64 * 2 * c * c);
  });

  it('counts attention-augmented convolution as its paper defines it', async () => {
    const analysis = await analysed('aaconv');
    // arXiv 1904.09925: ci = 32, co = 48, dk = 32, dv = 16, 4 heads, 3x3, 8x8 positions.
    const [ci, co, dk, dv, a, size] = [32, 48, 32, 16, 64, 8];
    expect(macs(analysis, 'convolution.standard')).toBe(9 * ci * (co - dv) * a);
    expect(macs(analysis, 'attention.projection')).toBe(ci * (2 * dk + dv) * a);
    expect(macs(analysis, 'attention.output')).toBe(dv * dv * a);
    expect(macs(analysis, 'attention.scores')).toBe(a * a * dk + a * dk * (2 * size - 1 + (2 * size - 1)));
    expect(macs(analysis, 'attention.weightedSum')).toBe(a * a * dv);
    expect(blocksOf(analysis.profile.blocks, 'attention-augmented-convolution')).toHaveLength(1);
  });
});

describe.skipIf(!variants.available)('blocks around and beside attention', () => {
  let kinds: (name: string) => Promise<readonly string[]>;
  beforeAll(() => {
    kinds = async (name) => {
      const { profile } = await analysed(name);
      const inner = new Set(['normalization', 'activation', 'squeeze-excite']);
      const list = (blocks: Analysis['profile']['blocks']): string[] =>
        blocks.flatMap((block) => [...(inner.has(block.kind) ? [] : [block.kind]), ...list(block.children)]);
      return list(profile.blocks);
    };
  });

  it('pre-norm and post-norm transformer blocks', async () => {
    expect(await kinds('fused-qkv')).toEqual(['transformer', 'attention', 'feed-forward']);
    expect(await kinds('post-norm')).toEqual(['transformer', 'attention', 'feed-forward']);
    expect(await kinds('swiglu')).toEqual(['transformer', 'attention', 'feed-forward']);
    expect(await kinds('conv-ffn')).toEqual(['transformer', 'attention', 'feed-forward']);
    expect(await kinds('xcit')).toEqual(['transformer', 'attention', 'feed-forward']);
    expect(await kinds('linear')).toEqual(['transformer', 'attention', 'feed-forward']);
    expect(await kinds('parallel')).toEqual(['transformer', 'attention', 'feed-forward']);
    expect(await kinds('cvt')).toEqual(['transformer', 'attention', 'feed-forward']);
  });

  it('a decoder layer with self and cross attention', async () => {
    expect(await kinds('decoder')).toEqual(['transformer', 'attention', 'attention', 'feed-forward']);
    const { profile } = await analysed('decoder');
    expect(blocksOf(profile.blocks, 'attention').map((block) => block.attributes['cross'] ?? false)).toEqual([false, true]);
  });

  it('a Conformer block, half feed-forward networks on both sides', async () => {
    expect(await kinds('conformer')).toEqual(['transformer', 'feed-forward', 'attention', 'conformer-convolution', 'feed-forward']);
  });

  it('lightweight and dynamic convolution', async () => {
    expect(await kinds('light-conv')).toEqual(['transformer', 'light-convolution', 'feed-forward']);
    expect(await kinds('dynamic-conv')).toEqual(['transformer', 'dynamic-convolution', 'feed-forward']);
    const dynamic = await analysed('dynamic-conv');
    // d to 2d, d to H * k, d to d; each position then multiplies d channels with k taps (arXiv 1901.10430).
    expect(macs(dynamic, 'convolution.pointwise')).toBe(n * (2 * c * c + c * h * 3 + c * c));
    expect(macs(dynamic, 'convolution.depthwise')).toBe(n * c * 3);
  });

  it('a bottleneck around attention, and gather-excite', async () => {
    expect(await kinds('botnet')).toEqual(['residual-bottleneck', 'attention']);
    expect(await kinds('gather-excite')).toContain('gather-excite');
  });
});
