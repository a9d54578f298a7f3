import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { spendersOf } from '../../../../src/analysis/compare/spenders';
import { type StageFigures, stagesOf } from '../../../../src/analysis/compare/stages';
import { type Block, BUDGETS, type Profile } from '../../../../src/analysis/profile';
import type { Knobs } from '../../../../src/architectures/family';
import { FAMILIES } from '../../../../src/architectures/registry';
import { createEngine } from '../../../../src/engine/engine';
import { needsModel } from '../../../../src/engine/needsModel';
import { model, type NodeSpec, value, weight } from '../models';

const built = (variant: string, changed: Knobs = {}): Profile => {
  const family = FAMILIES.find(({ variants }) => variants.some(({ name }) => name === variant));
  const knobs = family?.variants.find(({ name }) => name === variant)?.knobs;
  if (!family) throw new Error(`no ${variant}`);
  const defaults = Object.fromEntries(family.knobs.map((knob) => [knob.name, knob.default]));
  return analyse(family.build({ ...defaults, ...knobs, ...changed }).model, { name: variant, bytes: 0 }).profile;
};
const names = (stages: readonly StageFigures[]) => stages.map(({ kind, number }) => (number ? `${kind} ${number}` : kind));
const blocks = (stages: readonly StageFigures[]) =>
  stages.map(({ blocks: inside }) => inside.map(({ label, count }) => `${label} x${count}`).join(', '));
const MEASURES = ['parameters', 'buffers', 'macs', 'flops', 'weightBytes', 'activationBytes'] as const;

function expectWhole(profile: Profile): void {
  const stages = stagesOf(profile);
  for (const budget of BUDGETS) {
    for (const measure of MEASURES) {
      const sum = stages.reduce((whole, stage) => whole + BigInt(stage.budget[budget][measure]), 0n);
      expect(sum, `${profile.model.name}: ${budget} ${measure}`).toBe(BigInt(profile.budget[budget][measure]));
    }
  }
  expect(new Set(names(stages)).size).toBe(stages.length);
  const ids = new Set([...profile.nodes.map(({ id }) => id), ...profile.blocks.flatMap(idsOf)]);
  for (const { heaviest } of stages) expect(ids.has(heaviest), heaviest).toBe(true);
}

function idsOf(block: Block): string[] {
  return [block.id, ...block.children.flatMap(idsOf)];
}

describe('every node belongs to one stage: stages add up to the model', () => {
  it.each(FAMILIES.map(({ name }) => name))('%s', (name) => {
    const family = FAMILIES.find((one) => one.name === name);
    for (const variant of family?.variants.slice(0, 4) ?? []) expectWhole(built(variant.name));
  });

  it.each(['conv', 'vit', 'hybrid'])('samples/%s.onnx', async (name) => {
    const context = { signal: new AbortController().signal, progress: () => {} };
    expectWhole(needsModel(await createEngine().open({ model: { kind: 'file', path: `samples/${name}.onnx` } }, context)).profile);
  });
});

describe('image models are cut at their strides', () => {
  it('ResNet-18 as table 1 of its paper has it', () => {
    const stages = stagesOf(built('ResNet-18'));
    expect(names(stages)).toEqual(['stem', 'stride 4', 'stride 8', 'stride 16', 'stride 32', 'head']);
    // 7 x 7 from 3 to 64 at 112 x 112; then 3 x 3, the first from half the width, beside a 1 x 1 projection of it.
    const conv2 = 4 * 9 * 64 * 64 * 56 * 56;
    const wider = (width: number, side: number) => (3 * 9 * width * width + (9 + 1) * (width / 2) * width) * side * side;
    const macs = stages.map(({ budget }) => Number(budget.convolution.macs));
    expect(macs).toEqual([49 * 3 * 64 * 112 * 112, conv2, wider(128, 28), wider(256, 14), wider(512, 7), 0]);
    expect(stages.at(-1)?.budget.other.macs).toBe(512 * 1000);
  });

  it('CoAtNet-0 into S0 to S4 with 2, 2, 3, 5, 2 layers', () => {
    const stages = stagesOf(built('CoAtNet-0 @224, stride in first 1x1'));
    expect(names(stages)).toEqual(['stem', 'stride 4', 'stride 8', 'stride 16', 'stride 32', 'head']);
    expect(blocks(stages).slice(1, 5)).toEqual(['MBConv x2', 'MBConv x3', 'Transformer block x5', 'Transformer block x2']);
    expect(stages[3]?.budget.convolution.macs).toBe(0);
  });

  it('AA-MnasNet as MnasNet-A1 (arXiv 1807.11626, figure 7): two blocks at 1/4, three at 1/8, where attention pools and resizes', () => {
    const stages = stagesOf(built('AA-MnasNet-A1 x0.75'));
    expect(names(stages)).toEqual(['stem', 'stride 2', 'stride 4', 'stride 8', 'stride 16', 'stride 32', 'head']);
    expect(blocks(stages).slice(2, 4)).toEqual(['MBConv x2', 'MBConv x1, MBConv with attention x2']);
  });

  it('ViT-B/16 has one resolution: 1/16, twelve layers', () => {
    const stages = stagesOf(built('ViT-B/16 @224'));
    expect(names(stages)).toEqual(['stem', 'stride 16', 'head']);
    const tokens = 197;
    expect(stages[1]?.budget.feedForward.macs).toBe(12 * tokens * 2 * 768 * 3072);
    expect(stages[1]?.budget.attention.macs).toBe(12 * (tokens * 4 * 768 * 768 + 2 * tokens * tokens * 768));
  });

  it.each([
    ['ViT-H/14 @224', ['stem', 'stride 14', 'head']],
    ['Swin-T', ['stem', 'stride 4', 'stride 8', 'stride 16', 'stride 32', 'head']],
    // 300 pixels are 150, 75, 38, 19, 10: no power of two divides them.
    ['EfficientNet-B3', ['stem', 'stride 2', 'stride 4', 'stride 8', 'stride 16', 'stride 32', 'head']],
    // CIFAR: no stride before the second group.
    ['WRN-28-10, 10 classes, projection shortcuts', ['stem', 'stride 1', 'stride 2', 'stride 4', 'head']],
    ['BoTNet-50, c5 stride 1', ['stem', 'stride 4', 'stride 8', 'stride 16', 'head']],
    // Encoder down to 1/8, decoder up again.
    ['ENet-SAD (as published)', ['stem', 'stride 4', 'stride 8', 'upsampled 4', 'upsampled 2', 'head']],
  ])('%s', (variant, expected) => {
    expect(names(stagesOf(built(variant)))).toEqual(expected);
  });

  it.each([224, 256, 384, 512])('at %i pixels as at any other size', (imageSize) => {
    expect(names(stagesOf(built('ResNet-50', { imageSize })))).toEqual(['stem', 'stride 4', 'stride 8', 'stride 16', 'stride 32', 'head']);
  });
});

/** 3 x 3 convolutions with ReLU, pools and transposed convolutions of stride 2, as Ronneberger et al. 2015 have them, in small. */
function unet(): Profile {
  const nodes: NodeSpec[] = [];
  const initializers: ReturnType<typeof weight>[] = [];
  const add = (op: string, inputs: readonly string[], attributes: Readonly<Record<string, readonly number[] | number>> = {}) => {
    const output = `v${nodes.length}`;
    nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  };
  const weights = (shape: readonly number[]) => {
    const name = `w${initializers.length}`;
    initializers.push(weight(name, shape));
    return name;
  };
  const twice = (input: string, from: number, to: number) => {
    const conv = (x: string, channels: number) => add('Relu', [add('Conv', [x, weights([to, channels, 3, 3])], { pads: [1, 1, 1, 1] })]);
    return conv(conv(input, from), to);
  };
  const first = twice('image', 3, 8);
  const second = twice(add('MaxPool', [first], { kernel_shape: [2, 2], strides: [2, 2] }), 8, 16);
  const bottom = twice(add('MaxPool', [second], { kernel_shape: [2, 2], strides: [2, 2] }), 16, 32);
  const up = (x: string, from: number, skip: string) => {
    const larger = add('ConvTranspose', [x, weights([from, from / 2, 2, 2])], { strides: [2, 2] });
    return twice(add('Concat', [larger, skip], { axis: 1 }), from, from / 2);
  };
  const out = add('Conv', [up(up(bottom, 32, second), 16, first), weights([2, 8, 1, 1])]);
  const built = model({ inputs: [value('image', 'float32', [1, 3, 64, 64])], outputs: [out], initializers, nodes });
  return analyse(built, { name: 'unet', bytes: 0 }).profile;
}

it('a U-Net goes down and up again', () => {
  const profile = unet();
  const stages = stagesOf(profile).map((stage) => ({ name: names([stage])[0], macs: Number(stage.budget.convolution.macs) }));
  const twice = (from: number, to: number, side: number) => 9 * (from * to + to * to) * side * side;
  const upsampled = (from: number, side: number) => (from * (from / 2) * 4 * side * side) / 4 + twice(from, from / 2, side);
  const last = 8 * 2 * 64 * 64;
  expect(stages).toEqual([
    { name: 'stride 1', macs: twice(3, 8, 64) },
    { name: 'stride 2', macs: twice(8, 16, 32) },
    { name: 'stride 4', macs: twice(16, 32, 16) },
    { name: 'upsampled 2', macs: upsampled(32, 32) },
    { name: 'upsampled 1', macs: upsampled(16, 64) + last },
  ]);
  expectWhole(profile);
});

it('constants that an exporter puts before everything else do not turn the order of the stages', () => {
  const profile = built('ResNet-18');
  const [early] = profile.blocks.filter(({ kind }) => kind === 'stage').slice(-1);
  const norm = profile.nodes.find(({ id, macs }) => early?.nodes.includes(id) && macs === 0);
  if (!norm) throw new Error('a node of the last stage');
  const moved = { ...profile, nodes: [norm, ...profile.nodes.filter((node) => node !== norm)] };
  expect(names(stagesOf(moved))).toEqual(names(stagesOf(profile)));
});

describe('sequence models are cut by depth', () => {
  it('a Transformer into encoder and decoder of six layers', () => {
    const stages = stagesOf(built('Transformer base, V=37000'));
    expect(names(stages)).toEqual(['embedding', 'encoder', 'decoder', 'head']);
    expect(blocks(stages).slice(1, 3)).toEqual(['Transformer block x6', 'Transformer block x6']);
    // The decoder has attention twice.
    const attention = stages.map(({ budget }) => Number(budget.attention.macs));
    expect(attention[2]).toBe(2 * (attention[1] ?? 0));
  });

  it('a Conformer encoder into quarters of its sixteen layers', () => {
    const stages = stagesOf(built('Conformer-S encoder'));
    expect(names(stages)).toEqual(['stem', 'quarter 1', 'quarter 2', 'quarter 3', 'quarter 4', 'head']);
    expect(blocks(stages).slice(1, 5)).toEqual(Array(4).fill('Conformer block x4'));
  });

  it('a single layer stays whole', () => {
    expect(names(stagesOf(built('self-attention')))).toEqual(['layers']);
  });
});

describe('spendersOf', () => {
  const find = (profile: Profile, id: string) => {
    const walk = (all: readonly Block[]): Block | undefined =>
      all.flatMap((block) => (block.id === id ? [block] : (walk(block.children) ?? [])))[0];
    return walk(profile.blocks);
  };

  it('names an attention, a feed-forward and a convolution', () => {
    const profile = built('CoAtNet-0 @224, stride in first 1x1');
    const { attention, feedForward, convolution } = spendersOf(profile);
    expect(find(profile, attention.macs)?.kind).toBe('attention');
    expect(find(profile, feedForward.macs)?.kind).toBe('feed-forward');
    // 3 x 3, 64 to 64 at 112 x 112: the dearest convolution of the model.
    expect(find(profile, convolution.macs)?.kind).toMatch(/^(stem|convolution)$/);
  });

  it('names nothing where nothing is spent', () => {
    const { attention, feedForward } = spendersOf(built('ResNet-18'));
    expect([attention.macs, feedForward.macs]).toEqual(['', '']);
  });
});
