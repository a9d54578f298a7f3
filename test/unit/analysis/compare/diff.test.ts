import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { diffModels } from '../../../../src/analysis/compare/diff';
import { AA_RESNET } from '../../../../src/architectures/aaResnet';
import { COATNET } from '../../../../src/architectures/coatnet';
import { COATNET_LAYOUT } from '../../../../src/architectures/coatnetLayout';
import { CONVNEXT } from '../../../../src/architectures/convnext';
import { DYNAMIC_CONV } from '../../../../src/architectures/dynamicConv';
import { EFFICIENTNET } from '../../../../src/architectures/efficientnet';
import type { Family, Knobs } from '../../../../src/architectures/family';
import { MOBILENET_V2 } from '../../../../src/architectures/mobilenetV2';
import { RESNET } from '../../../../src/architectures/resnet';
import { SWIN } from '../../../../src/architectures/swin';
import { TRANSFORMER } from '../../../../src/architectures/transformer';
import { VIT } from '../../../../src/architectures/vit';

const resnet = (knobs: Knobs) => analyse(RESNET.build(knobs).model, { name: 'resnet', bytes: 0 }).profile;
const vit = (knobs: Knobs) =>
  analyse(VIT.build({ imageSize: 32, patch: 8, dim: 16, layers: 3, heads: 2, mlp: 24, classes: 5, ...knobs }).model, {
    name: 'vit',
    bytes: 0,
  }).profile;

describe('diffModels', () => {
  it('finds the one block that was taken out, with all it cost', () => {
    const before = resnet({ block: 'basic', layers: [2, 2, 2, 2] });
    const after = resnet({ block: 'basic', layers: [2, 1, 2, 2] });
    const { rows, total } = diffModels(before, after);
    const removed = rows.filter(({ change }) => change === 'removed');
    expect(removed.map(({ kind }) => kind)).toEqual(['residual-basic']);
    // Two 3 x 3 convolutions of 128 to 128 channels at 28 x 28, and two normalisations.
    expect(removed[0]?.figures).toMatchObject({
      parameters: -(2 * 9 * 128 * 128 + 4 * 128),
      macs: -(2 * 9 * 128 * 128 * 28 * 28),
      budget: { convolution: -(2 * 9 * 128 * 128 * 28 * 28), attention: 0, feedForward: 0, other: 0 },
    });
    expect(total).toEqual(removed[0]?.figures);
    expect(rows.some(({ change }) => change === 'added')).toBe(false);
  });

  it('says what changed about a block, and in which budget', () => {
    const { rows, total } = diffModels(vit({}), vit({ mlp: 48 }));
    const [changed, ...others] = rows.filter(({ kind }) => kind === 'feed-forward');
    expect(others).toEqual([]);
    // One row for the three layers, which changed alike.
    expect(changed).toMatchObject({ change: 'changed', repeat: 3, details: ['expansion 1.5 -> 3', 'hidden 24 -> 48'] });
    // 16 patches and the class token, 2 x 16 x 24 more in each layer.
    expect(changed?.figures.budget).toEqual({ convolution: 0, attention: 0, feedForward: 3 * 17 * 2 * 16 * 24, other: 0 });
    expect(rows.some(({ kind, change }) => kind === 'attention' || change !== 'changed')).toBe(false);
    expect(total.macs).toBe(3 * 17 * 2 * 16 * 24);
  });

  it('turns its signs with its sides', () => {
    const [small, large] = [resnet({ block: 'basic', layers: [1, 1, 1, 1] }), resnet({ block: 'basic', layers: [2, 1, 1, 3] })];
    const forth = diffModels(small, large);
    const back = diffModels(large, small);
    expect(back.total.macs).toBe(-Number(forth.total.macs));
    const count = (diff: typeof forth, change: string) =>
      diff.rows.filter((row) => row.change === change).reduce((sum, { repeat }) => sum + repeat, 0);
    expect(count(forth, 'added')).toBe(count(back, 'removed'));
    expect(count(forth, 'added')).toBeGreaterThanOrEqual(3);
  });

  it('is empty for models that differ in names only', () => {
    const profile = vit({});
    const renamed = { ...profile, nodes: profile.nodes.map((node) => ({ ...node, name: `renamed_${node.name}` })) };
    // The patch embedding, three layers, the head.
    expect(diffModels(profile, renamed)).toMatchObject({ rows: [], total: { macs: 0 }, same: 5 });
  });
});

/** What a person reads: glyph, label, how many, details. */
const lines = ({ rows }: ReturnType<typeof diffModels>) =>
  rows.map(({ change, depth, label, repeat, details }) =>
    [change, depth, `${label}${repeat > 1 ? ` x${repeat}` : ''}`, ...details].join(' | '),
  );
const profiles = (from: Family, variant: string) => {
  const found = from.variants.find(({ name }) => name === variant);
  return analyse(from.build({ ...Object.fromEntries(from.knobs.map((knob) => [knob.name, knob.default])), ...found?.knobs }).model, {
    name: variant,
    bytes: 0,
  }).profile;
};

describe('pairs that the papers compare', () => {
  it('AA-ResNet-50 replaces the 3 x 3 convolutions of the last three stages (Bello et al. 2019, section 4.2)', () => {
    const { rows, same } = diffModels(profiles(RESNET, 'ResNet-50'), profiles(AA_RESNET, 'AA-ResNet-50'));
    // The stem, three bottlenecks of the first stage, the head.
    expect(same).toBe(5);
    const added = rows.filter(({ kind }) => kind === 'attention-augmented-convolution');
    expect(added.map(({ change, repeat }) => [change, repeat])).toEqual([
      ['added', 4],
      ['added', 6],
      ['added', 3],
    ]);
    const replaced = rows.filter(({ change }) => change === 'layers');
    expect(replaced.map(({ details }) => details)).toEqual([128, 256, 512].map((width) => [`without Conv ${width}x${width}x3x3`]));
    expect(replaced.map(({ figures }) => figures.parameters)).toEqual([4, 6, 3].map((n, at) => -n * 9 * (128 * 2 ** at) ** 2));
  });

  it('ViT-B/32 has a larger patch and fewer tokens, and nothing else', () => {
    expect(lines(diffModels(profiles(VIT, 'ViT-B/16 @224'), profiles(VIT, 'ViT-B/32 @224')))).toEqual([
      'changed | 0 | Patch embedding | patch 16 -> 32',
      'changed | 0 | Transformer stage 1',
      'changed | 1 | Transformer block x12',
      // 14 x 14 and 7 x 7 patches with the class token.
      'changed | 2 | Attention x12 | keys 197 -> 50 | queries 197 -> 50',
      'changed | 2 | Feed-forward x12 | output 1x197x768 -> 1x50x768',
      'changed | 0 | Head | input 1x197x768 -> 1x50x768',
    ]);
  });

  it('CoAtNet-1 is CoAtNet-0 with more layers in S2 and S3 (table 3 of the paper: 2, 2, 3, 5, 2 and 2, 2, 6, 14, 2)', () => {
    const diff = diffModels(
      profiles(COATNET, 'CoAtNet-0 @224, stride in first 1x1'),
      profiles(COATNET, 'CoAtNet-1 @224, stride in first 1x1'),
    );
    expect(lines(diff)).toEqual([
      'changed | 0 | MBConv stage 2 | blocks 3 -> 6',
      'added | 1 | MBConv x3',
      'changed | 0 | Transformer stage 3 | blocks 5 -> 14',
      'added | 1 | Transformer block x9',
    ]);
  });

  it('C-C-C-T has convolutions where C-C-T-T has attention: in S3 alone', () => {
    const [before, after] = ['C-C-T-T', 'C-C-C-T'].map((layout) => profiles(COATNET_LAYOUT, `${layout} on CoAtNet-0 widths`));
    if (!before || !after) throw new Error('two profiles');
    const { rows, same } = diffModels(before, after);
    // Stem, two and three MBConv, two transformer blocks, head.
    expect(same).toBe(1 + 2 + 3 + 2 + 1);
    const count = (change: string, kind: string) =>
      rows.filter((row) => row.change === change && row.kind === kind).reduce((sum, { repeat }) => sum + repeat, 0);
    expect([count('removed', 'transformer'), count('added', 'mbconv')]).toEqual([5, 5]);
  });

  it('an encoder layer more is added, not paired with a decoder layer', () => {
    const rows = diffModels(
      profiles(TRANSFORMER, 'Transformer base, V=37000'),
      profiles(DYNAMIC_CONV, 'DynamicConv base, GLU on, V=32768'),
    ).rows.filter(({ kind }) => kind === 'transformer');
    // Six encoder and six decoder layers; Wu et al. 2019 use seven and six, without self-attention.
    const counted = (change: string) => rows.filter((row) => row.change === change).reduce((sum, { repeat }) => sum + repeat, 0);
    expect([counted('changed'), counted('added'), counted('removed')]).toEqual([12, 1, 0]);
    const attentions = rows.filter(({ change }) => change === 'changed').flatMap(({ repeat, details }) => Array(repeat).fill(details[0]));
    expect(attentions).toEqual([...Array(6).fill('attentions 1 -> 0'), ...Array(6).fill('attentions 2 -> 1')]);
  });

  it('a ViT has its blocks where a ResNet has its third stage: at 14 x 14, and nothing at the others', () => {
    const { rows } = diffModels(profiles(RESNET, 'ResNet-50'), profiles(VIT, 'ViT-S/16 @224'));
    const stages = rows.filter(({ kind }) => kind === 'stage');
    expect(stages.map(({ change }) => change)).toEqual(['removed', 'removed', 'changed', 'removed']);
    expect(stages[2]?.details).toEqual(['blocks 6 -> 12', 'of residual-bottleneck -> transformer']);
  });

  it('ConvNeXt-T has blocks of its own at each of Swin-T\u2019s resolutions', () => {
    const { rows } = diffModels(profiles(SWIN, 'Swin-T'), profiles(CONVNEXT, 'ConvNeXt-T'));
    const stages = rows.filter(({ kind }) => kind === 'stage');
    expect(stages.map(({ change }) => change)).toEqual(Array(4).fill('changed'));
    // Depths of both papers: 2, 2, 6, 2 and 3, 3, 9, 3.
    expect(stages.map(({ details }) => details[0])).toEqual(['blocks 2 -> 3', 'blocks 2 -> 3', 'blocks 6 -> 9', 'blocks 2 -> 3']);
  });

  it('another head is the one change of a fine-tuned classifier', () => {
    const { rows, total } = diffModels(profiles(RESNET, 'ResNet-50'), resnet({ block: 'bottleneck', layers: [3, 4, 6, 3], classes: 10 }));
    expect(rows.map(({ change, kind, details }) => ({ change, kind, details }))).toEqual([
      { change: 'changed', kind: 'head', details: ['outputs 1000 -> 10'] },
    ]);
    expect(total.parameters).toBe(-(990 * 2048 + 990));
  });
});

it.each([
  [RESNET, 'ResNet-18', RESNET, 'ResNet-50'],
  [MOBILENET_V2, 'MobileNetV2 x1.0', EFFICIENTNET, 'EfficientNet-B0'],
  [VIT, 'ViT-B/16 @224', COATNET, 'CoAtNet-0 @224, stride in first 1x1'],
  [SWIN, 'Swin-T', CONVNEXT, 'ConvNeXt-T'],
])('outermost rows and what is outside add up to the total: %#', (family, variant, other, second) => {
  const { rows, outside, total } = diffModels(profiles(family, variant), profiles(other, second));
  const sum = (of: (change: typeof total) => number | string) =>
    Number(of(outside)) + rows.filter(({ depth }) => depth === 0).reduce((whole, { figures }) => whole + Number(of(figures)), 0);
  expect(sum(({ parameters }) => parameters)).toBe(total.parameters);
  expect(sum(({ macs }) => macs)).toBe(total.macs);
});
