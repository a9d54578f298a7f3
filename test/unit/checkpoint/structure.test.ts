import { describe, expect, it } from 'vitest';
import { definitionText } from '../../../src/checkpoint/definition';
import { foldModules } from '../../../src/checkpoint/fold';
import { wordsOf } from '../../../src/checkpoint/words';
import { kindsOf, structureOf, type Written } from './support';

/** A block of a transformer as timm names it. */
function block(name: string, width = 8): readonly Written[] {
  return [
    [`${name}.norm1.weight`, [width]],
    [`${name}.norm1.bias`, [width]],
    [`${name}.attn.qkv.weight`, [3 * width, width]],
    [`${name}.attn.qkv.bias`, [3 * width]],
    [`${name}.attn.proj.weight`, [width, width]],
    [`${name}.attn.proj.bias`, [width]],
    [`${name}.norm2.weight`, [width]],
    [`${name}.norm2.bias`, [width]],
    [`${name}.mlp.fc1.weight`, [4 * width, width]],
    [`${name}.mlp.fc1.bias`, [4 * width]],
    [`${name}.mlp.fc2.weight`, [width, 4 * width]],
    [`${name}.mlp.fc2.bias`, [width]],
  ];
}

function blocks(prefix: string, count: number): readonly Written[] {
  return Array.from({ length: count }, (_, index) => block(`${prefix}${index}`)).flat();
}

function foldOf(tensors: readonly Written[]) {
  return foldModules(structureOf(tensors));
}

describe('equal neighbours', () => {
  it('stand in one module with the figures of all', () => {
    const { roots } = foldOf([
      ...blocks('layers.', 12),
      ['norm.weight', [8]],
      ['norm.bias', [8]],
      ['head.weight', [3, 8]],
      ['head.bias', [3]],
    ]);
    expect(roots.map(({ name, repeat, kind }) => [name, repeat, kind])).toEqual([
      ['layers.0-11', 12, 'container'],
      ['norm', 1, 'normalization'],
      ['head', 1, 'classifier'],
    ]);
    // 4 norms' vectors, qkv, proj, fc1, fc2 of width 8.
    const each = 4 * 8 + (24 * 8 + 24) + (64 + 8) + (32 * 8 + 32) + (8 * 32 + 8);
    expect(roots[0]?.parameters).toBe(12 * each);
    expect(roots[0]?.children.map(({ name, kind, repeat }) => [name, kind, repeat])).toEqual([
      ['norm1', 'normalization', 1],
      ['attn', 'attention', 1],
      ['norm2', 'normalization', 1],
      ['mlp', 'feedForward', 1],
    ]);
  });

  it('are found in files that sort names as text', () => {
    const sorted = [...blocks('layers.', 12)].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(foldOf(sorted).roots.map(({ name, repeat }) => [name, repeat])).toEqual([['layers.0-11', 12]]);
  });

  it('are parted where one differs', () => {
    const tensors = [...blocks('layers.', 3), ...block('layers.3', 16), ...block('layers.4', 16)];
    expect(foldOf(tensors).roots[0]?.children.map(({ name, repeat }) => [name, repeat])).toEqual([
      ['0-2', 3],
      ['3-4', 2],
    ]);
  });

  it('are written as PyTorch prints modules', () => {
    const [root] = foldOf(blocks('layers.', 2)).roots;
    expect(root && definitionText(root)).toBe(
      [
        'Module(',
        '  (norm1): LayerNorm(8)',
        '  (attn): Attention(',
        '    (qkv): Linear(8, 24)',
        '    (proj): Linear(8, 8)',
        '  )',
        '  (norm2): LayerNorm(8)',
        '  (mlp): FeedForward(',
        '    (fc1): Linear(8, 32)',
        '    (fc2): Linear(32, 8)',
        '  )',
        ')',
      ].join('\n'),
    );
  });
});

describe('sections', () => {
  it('show weights, an averaged copy and an optimizer apart, and count the weights alone', () => {
    const { sections, totals } = structureOf([
      ...block('state_dict.module.blocks.0'),
      ...block('state_dict_ema.blocks.0'),
      ['optimizer.state.0.exp_avg', [24, 8]],
      ['optimizer.state.0.step', []],
      ['epoch', []],
    ]);
    expect(sections.map(({ kind, prefix }) => [kind, prefix])).toEqual([
      ['weights', 'state_dict.module'],
      ['ema', 'state_dict_ema'],
      ['optimizer', 'optimizer.state'],
      ['training', ''],
    ]);
    expect(totals).toMatchObject({ parameters: 872, tensors: 27 });
  });

  it('take what stands beside a whole state dict for the trainer’s, and a copy that shares its bytes for no tie', () => {
    const weights = block('state_dict.blocks.0');
    const copy = block('state_dict_ema.blocks.0');
    const tied = Object.fromEntries(weights.map(([name], at) => [name, copy[at]?.[0] ?? '']));
    const { sections, totals } = structureOf([...copy, ...weights, ['best', []], ['loss.center', [8]]], tied);
    expect(sections.map(({ kind, prefix }) => [kind, prefix])).toEqual([
      ['weights', 'state_dict'],
      ['ema', 'state_dict_ema'],
      ['training', ''],
      ['training', 'loss'],
    ]);
    expect(totals).toMatchObject({ parameters: 872, bytes: 4 * (872 + 1 + 8) });
  });

  it('count a copy that stands alone', () => {
    const { main, totals } = structureOf([...block('model_ema.blocks.0'), ['optimizer.state.0.exp_avg', [24, 8]]]);
    expect([main?.kind, totals.parameters]).toEqual(['ema', 872]);
  });

  it('take a teacher for a copy where each of its tensors is a student’s', () => {
    const { sections, totals } = structureOf([...block('student.backbone.0'), ...block('teacher.backbone.0')]);
    expect([sections.map(({ kind }) => kind), totals.parameters]).toEqual([['weights', 'ema'], 872]);
  });

  it('leave a network that is called like a wrapper whole beside its head', () => {
    const { sections } = structureOf([...block('model.layers.0'), ['lm_head.weight', [100, 8]]]);
    expect(sections.map(({ prefix }) => prefix)).toEqual(['']);
  });
});

it('counts tied tensors once', () => {
  const tensors: readonly Written[] = [
    ['transformer.wte.weight', [100, 8]],
    ['lm_head.weight', [100, 8]],
  ];
  const { totals, tensors: found } = structureOf(tensors, { 'lm_head.weight': 'transformer.wte.weight' });
  expect(totals).toMatchObject({ parameters: 800, tensors: 2, bytes: 3200 });
  expect(found.map(({ tied, kind }) => [tied, kind])).toEqual([
    ['', 'embedding'],
    ['transformer.wte.weight', 'classifier'],
  ]);
});

describe('kinds', () => {
  it('are told in GGUF, where a block holds attention and feed-forward side by side', () => {
    expect(
      kindsOf([
        ['token_embd.weight', [32000, 64]],
        ['blk.0.attn_q.weight', [64, 64]],
        ['blk.0.attn_k.weight', [16, 64]],
        ['blk.0.attn_v.weight', [16, 64]],
        ['blk.0.attn_output.weight', [64, 64]],
        ['blk.0.attn_norm.weight', [64]],
        ['blk.0.ffn_gate.weight', [172, 64]],
        ['blk.0.ffn_up.weight', [172, 64]],
        ['blk.0.ffn_down.weight', [64, 172]],
        ['blk.0.ffn_norm.weight', [64]],
        ['output_norm.weight', [64]],
        ['output.weight', [32000, 64]],
      ]),
    ).toEqual({
      'token_embd.weight': 'embedding',
      'blk.0.attn_q.weight': 'attention q',
      'blk.0.attn_k.weight': 'attention k',
      'blk.0.attn_v.weight': 'attention v',
      'blk.0.attn_output.weight': 'attention out',
      'blk.0.attn_norm.weight': 'normalization',
      'blk.0.ffn_gate.weight': 'feedForward',
      'blk.0.ffn_up.weight': 'feedForward',
      'blk.0.ffn_down.weight': 'feedForward',
      'blk.0.ffn_norm.weight': 'normalization',
      'output_norm.weight': 'normalization',
      'output.weight': 'classifier',
    });
  });

  it('are told in Flax and Keras, whose matrices have inputs first', () => {
    expect(
      kindsOf([
        ['params/Transformer/encoderblock_0/MultiHeadDotProductAttention_1/query/kernel', [64, 4, 16]],
        ['params/Transformer/encoderblock_0/MultiHeadDotProductAttention_1/key/kernel', [64, 4, 16]],
        ['params/Transformer/encoderblock_0/MultiHeadDotProductAttention_1/value/kernel', [64, 4, 16]],
        ['params/Transformer/encoderblock_0/MultiHeadDotProductAttention_1/out/kernel', [4, 16, 64]],
        ['params/Transformer/encoderblock_0/LayerNorm_0/scale', [64]],
        ['params/Transformer/encoderblock_0/LayerNorm_0/bias', [64]],
        ['params/Transformer/encoderblock_0/MlpBlock_3/Dense_0/kernel', [64, 256]],
        ['params/Transformer/encoderblock_0/MlpBlock_3/Dense_1/kernel', [256, 64]],
        ['params/embedding/kernel', [16, 16, 3, 64]],
        ['params/head/kernel', [64, 10]],
        ['params/head/bias', [10]],
      ]),
    ).toMatchObject({
      'params/Transformer/encoderblock_0/MultiHeadDotProductAttention_1/query/kernel': 'attention q',
      'params/Transformer/encoderblock_0/MultiHeadDotProductAttention_1/out/kernel': 'attention out',
      'params/Transformer/encoderblock_0/LayerNorm_0/scale': 'normalization',
      'params/Transformer/encoderblock_0/MlpBlock_3/Dense_1/kernel': 'feedForward',
      'params/embedding/kernel': 'convolution',
      'params/head/kernel': 'classifier',
    });
  });

  it('tell low-rank pairs from the layers beside which they stand', () => {
    expect(
      kindsOf([
        ['base_model.model.layers.0.self_attn.q_proj.base_layer.weight', [64, 64]],
        ['base_model.model.layers.0.self_attn.q_proj.lora_A.default.weight', [4, 64]],
        ['base_model.model.layers.0.self_attn.q_proj.lora_B.default.weight', [64, 4]],
        ['base_model.model.layers.0.self_attn.k_proj.weight', [64, 64]],
        ['base_model.model.layers.0.self_attn.v_proj.weight', [64, 64]],
      ]),
    ).toEqual({
      'base_model.model.layers.0.self_attn.q_proj.base_layer.weight': 'attention q',
      'base_model.model.layers.0.self_attn.q_proj.lora_A.default.weight': 'lora',
      'base_model.model.layers.0.self_attn.q_proj.lora_B.default.weight': 'lora',
      'base_model.model.layers.0.self_attn.k_proj.weight': 'attention k',
      'base_model.model.layers.0.self_attn.v_proj.weight': 'attention v',
    });
  });

  it('are other where nothing tells them', () => {
    const tensors: readonly Written[] = [
      ['mystery.weight', [8, 8]],
      ['key.weight', [8, 8]],
      ['value.weight', [8, 8]],
      ['thing', [4, 4, 4]],
      ['act.weight', [8]],
    ];
    expect(new Set(Object.values(kindsOf(tensors)))).toEqual(new Set(['other']));
  });
});

describe('hostile names', () => {
  it.each([['__proto__'], ['constructor'], ['toString'], ['hasOwnProperty'], ['']])('%s is a name like any other', (name) => {
    const { roots } = foldOf([
      [`${name}.weight`, [4, 4]],
      [`${name}.${name}.weight`, [4, 4]],
      [`layer.${name}`, [2]],
    ]);
    expect(roots.reduce((sum, { tensors }) => sum + tensors, 0)).toBe(3);
  });

  it('of ten thousand points and of a million letters are parted as far as modules go', () => {
    const { roots, all } = foldOf([
      [`${'a.'.repeat(10_000)}weight`, [4, 4]],
      [`${'x'.repeat(1_000_000)}.weight`, [4, 4]],
    ]);
    expect(roots.reduce((sum, { tensors }) => sum + tensors, 0)).toBe(2);
    expect(all.every(({ depth }) => depth < 64)).toBe(true);
    expect(wordsOf('x'.repeat(1_000_000)).join('').length).toBeLessThan(300);
  });

  it('of two hundred thousand tensors are looked at a few times each', () => {
    const names = ['q_proj', 'k_proj', 'v_proj', 'o_proj'];
    const tensors = Array.from({ length: 200_000 }, (_, index): Written => {
      return [`layers.${Math.floor(index / 4)}.self_attn.${names[index % 4]}.weight`, [8, 8]];
    });
    const began = process.cpuUsage();
    const { roots } = foldOf(tensors);
    const { user, system } = process.cpuUsage(began);
    expect(roots.map(({ name, repeat }) => [name, repeat])).toEqual([['layers.0-49999.self_attn', 50_000]]);
    // A square of them would take hours.
    expect((user + system) / 1e6).toBeLessThan(30);
  });
});
