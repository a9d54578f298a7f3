import { describe, expect, it } from 'vitest';
import { explainKeys } from '../../../src/checkpoint/keys/explain';
import type { Key } from '../../../src/checkpoint/keys/key';
import { matchKeys } from '../../../src/checkpoint/keys/match';
import { structureOf, type Written } from './support';

function keys(tensors: readonly Written[]): readonly Key[] {
  return structureOf(tensors).tensors.map(({ tensor, kind, part }) => ({ ...tensor, kind, part, tensor }));
}

function explained(from: readonly Written[], to: readonly Written[]) {
  const match = matchKeys(keys(from), keys(to));
  return { ...match, ...explainKeys(match), names: Object.fromEntries(match.pairs.map((pair) => [pair.from.name, pair.to.name])) };
}

const CONV: readonly Written[] = [
  ['conv1.weight', [16, 3, 3, 3]],
  ['bn1.weight', [16]],
  ['bn1.bias', [16]],
  ['layer1.0.conv1.weight', [16, 16, 3, 3]],
  ['layer1.0.conv2.weight', [16, 16, 3, 3]],
  ['fc.weight', [10, 16]],
  ['fc.bias', [10]],
];

function changed(change: (name: string) => string): readonly Written[] {
  return CONV.map(([name, shape]) => [change(name), shape]);
}

describe('why a checkpoint does not load', () => {
  it('is nothing where it does', () => {
    expect(explained(CONV, CONV)).toMatchObject({ reasons: [], snippet: '', removed: [], added: [] });
  });

  it('is the prefix of a parallel wrapper', () => {
    const { reasons, snippet, removed, added } = explained(
      changed((name) => `module.${name}`),
      CONV,
    );
    expect([removed, added]).toEqual([[], []]);
    expect(reasons).toMatchObject([{ kind: 'prefix', count: 7, message: '7 keys begin with "module.", which the model\'s do not.' }]);
    expect(snippet).toContain('(r"^module\\.", r""),');
  });

  it('is a prefix that the model has', () => {
    const { reasons, snippet } = explained(
      CONV,
      changed((name) => `backbone.${name}`),
    );
    expect(reasons).toMatchObject([{ kind: 'prefix', count: 7 }]);
    expect(snippet).toContain('(r"^", r"backbone."),');
  });

  it('is a layer of another name, and another number of classes', () => {
    const to = changed((name) => name.replace(/^fc\./, 'head.')).map(
      ([name, shape]): Written => (name.startsWith('head') ? [name, [5, ...shape.slice(1)]] : [name, shape]),
    );
    const { reasons, names } = explained([...CONV.slice(0, -2), ['head.weight', [10, 16]], ['head.bias', [10]]], to);
    expect(names['head.weight']).toBe('head.weight');
    expect(reasons).toMatchObject([{ kind: 'classes', count: 2, message: expect.stringContaining('10 classes, the model 5') }]);
    expect(explained(CONV, [...CONV.slice(0, -2), ['head.weight', [10, 16]], ['head.bias', [10]]]).reasons).toMatchObject([
      { kind: 'rename', count: 2 },
    ]);
  });

  it('is another grid of patches, another patch, another number of channels, another window', () => {
    const from: readonly Written[] = [
      ['pos_embed', [1, 197, 8]],
      ['patch_embed.proj.weight', [8, 3, 16, 16]],
      ['stem.conv.weight', [4, 3, 3, 3]],
      ['blocks.0.attn.relative_position_bias_table', [169, 4]],
      ['blocks.0.attn.qkv.weight', [24, 8]],
    ];
    const to: readonly Written[] = [
      ['pos_embed', [1, 577, 8]],
      ['patch_embed.proj.weight', [8, 3, 14, 14]],
      ['stem.conv.weight', [4, 1, 3, 3]],
      ['blocks.0.attn.relative_position_bias_table', [529, 4]],
      ['blocks.0.attn.qkv.weight', [24, 8]],
    ];
    const { reasons, snippet } = explained(from, to);
    expect(new Set(reasons.map(({ kind }) => kind))).toEqual(new Set(['positionGrid', 'patch', 'channels', 'relativePositions']));
    expect(reasons.find(({ kind }) => kind === 'positionGrid')?.message).toContain("14x14, the model's of 24x24 after 1 other token");
    expect(snippet).toContain('size=(24, 24), mode="bicubic"');
    expect(snippet).toContain('.sum(1, keepdim=True)');
  });

  it('is q, k and v in one tensor on one side and in three on the other', () => {
    const block = (index: number, names: readonly Written[]): readonly Written[] =>
      names.map(([name, shape]) => [`blocks.${index}.attn.${name}`, shape]);
    const whole: readonly Written[] = [
      ['qkv.weight', [24, 8]],
      ['proj.weight', [8, 8]],
    ];
    const apart: readonly Written[] = [
      ['q_proj.weight', [8, 8]],
      ['k_proj.weight', [8, 8]],
      ['v_proj.weight', [8, 8]],
      ['proj.weight', [8, 8]],
    ];
    const two = (names: readonly Written[]) => [...block(0, names), ...block(1, names)];
    const split = explained(two(whole), two(apart));
    expect([split.removed, split.added, split.reasons[0]?.kind]).toEqual([[], [], 'split-qkv']);
    expect(split.snippet).toContain('for n in (0, 1,):');
    expect(split.snippet).toContain('state.pop(f"blocks.{n}.attn.qkv.weight").split([8, 8, 8])');
    const fuse = explained(two(apart), two(whole));
    expect(fuse.reasons[0]?.kind).toBe('fuse-qkv');
    expect(fuse.snippet).toContain('torch.cat([state.pop(f"blocks.{n}.attn.q_proj.weight"), ');
  });

  it('is another framework’s order of axes', () => {
    const { reasons } = explained([['conv.weight', [3, 3, 4, 8]]], [['conv.weight', [8, 4, 3, 3]]]);
    expect(reasons).toMatchObject([{ kind: 'transpose', count: 1 }]);
    expect(explained([['fc.weight', [10, 16, 1, 1]]], [['fc.weight', [10, 16]]]).reasons).toMatchObject([{ kind: 'view' }]);
  });

  it('pairs norms of a block by what they come before, and none where names do not say', () => {
    const to: readonly Written[] = [
      ['layers.1.attn.qkv.weight', [24, 8]],
      ['layers.1.norm1.weight', [8]],
      ['layers.1.norm2.weight', [8]],
    ];
    const named = (first: string, second: string): readonly Written[] => [
      ['layers.1.attn.qkv.weight', [24, 8]],
      [`layers.1.${first}.weight`, [8]],
      [`layers.1.${second}.weight`, [8]],
    ];
    // As text "after" stands before "before".
    expect(explained(named('layernorm_after', 'layernorm_before'), to).names).toMatchObject({
      'layers.1.layernorm_before.weight': 'layers.1.norm1.weight',
      'layers.1.layernorm_after.weight': 'layers.1.norm2.weight',
    });
    expect(explained(named('norm_x', 'norm_y'), to).removed).toHaveLength(2);
  });

  it('writes any name as Python reads it', () => {
    const name = 'a"\\\n\u202e{x}';
    const { snippet } = explained([[`${name}.fc.weight`, [2, 4]]], [[`${name}.head.weight`, [2, 4]]]);
    expect(snippet).not.toContain('\u000a\u202e');
    expect(snippet.split('\n').every((line) => !line.startsWith('\u202e'))).toBe(true);
  });

  it('looks at strangers in bounded work', () => {
    const many = (letter: string) =>
      Array.from({ length: 20_000 }, (_, index): Written => [`${letter}${index}.${letter}.${index}.weight`, [4, 4]]);
    const { removed, added } = explained(many('a'), many('b'));
    expect([removed.length, added.length]).toEqual([20_000, 20_000]);
  });
});
