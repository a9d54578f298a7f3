import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../../src/analysis/assemble';
import { stagesOf } from '../../../../src/analysis/compare/stages';
import type { Block, Profile } from '../../../../src/analysis/profile';
import { mergeModels } from '../../../fixtures/mergeModels';
import { model, type NodeSpec, value, weight } from '../models';
import { analyseFile, blocksOf, runs } from './support';

const exported = await mergeModels();

async function profileOf(name: string): Promise<Profile> {
  if (!exported.available) throw new Error(exported.reason);
  return (await analyseFile(exported.path(name))).profile;
}

function count({ blocks }: Profile, kind: string): number {
  return blocksOf(blocks, kind).length;
}

/** Concatenations inside an outermost block, named scopes and pieces of a long level apart. */
function joinsInBlocks(profile: Profile): readonly string[] {
  const joins = new Set(profile.nodes.filter(({ op }) => op === 'Concat').map(({ id }) => id));
  return profile.blocks.flatMap(({ kind, nodes }) =>
    ['scope', 'section', 'operators'].includes(kind) ? [] : nodes.filter((id) => joins.has(id)),
  );
}

function attributes(blocks: readonly Block[], name: string): readonly unknown[] {
  return blocks.map((block) => block.attributes[name]);
}

/** Depth-first, outermost first, as `kind xBLOCKS` for stages. */
function outline(blocks: readonly Block[]): readonly string[] {
  return blocks.map(({ kind, attributes: { blocks: inside } }) => (kind === 'stage' ? `stage x${inside}` : kind));
}

const LEVELS = [8, 16, 32, 64, 128, 64, 32, 16, 8];
const RESOLUTIONS = [
  'stride 1',
  'stride 2',
  'stride 4',
  'stride 8',
  'stride 16',
  'upsampled 8',
  'upsampled 4',
  'upsampled 2',
  'upsampled 1',
];

/** Multiply-adds of two 3 x 3 convolutions on each of nine levels of a 64 x 64 image; going up, the first reads both ways. */
function doubleMacs(level: number, joined: number): number {
  const [to, side] = [LEVELS[level] ?? 0, 64 / 2 ** Math.min(level, 8 - level)];
  const from = level === 0 ? 3 : level < 5 ? to / 2 : to * joined;
  return 9 * (from * to + to * to) * side * side;
}

// Widths, levels and layers as mergeModels.py defines them.
describe.skipIf(!exported.available)('encoder-decoders', () => {
  it.each([
    ['unet_transposed', 2],
    ['unet_plain', 2],
    ['unet_bilinear', 2],
    ['unet_nearest', 2],
    ['unet_attention', 2],
    ['unet_summed', 1],
  ])('%s: nine double convolutions, five down and four up', async (name, joined) => {
    const profile = await profileOf(name);
    const stages = blocksOf(profile.blocks, 'stage');
    expect(attributes(stages, 'blocks')).toEqual(Array(9).fill(2));
    expect(attributes(stages, 'of')).toEqual(Array(9).fill('convolution'));
    expect(stages.map(({ children }) => attributes(children, 'channels'))).toEqual(LEVELS.map((width) => [width, width]));
    expect(stages.map(({ totals }) => totals.macs)).toEqual(LEVELS.map((_, level) => doubleMacs(level, joined)));
    for (const kind of ['dense', 'branches', 'residual-basic', 'gather-excite', 'patch-merging'])
      expect(count(profile, kind), kind).toBe(0);
    expect(joinsInBlocks(profile)).toEqual([]);
    expect(stagesOf(profile).map(({ kind, number }) => `${kind} ${number}`)).toEqual(RESOLUTIONS);
  });

  it('a U-Net without padding has the same nine, its skips cropped', async () => {
    const profile = await profileOf('unet_cropped');
    expect(outline(profile.blocks)).toEqual(Array(9).fill('stage x2'));
    expect(joinsInBlocks(profile)).toEqual([]);
    expect(stagesOf(profile).map(({ kind, number }) => `${kind} ${number}`)).toEqual(RESOLUTIONS);
  });

  it('a residual U-Net: nine residual blocks', async () => {
    const profile = await profileOf('unet_residual');
    expect(outline(profile.blocks)).toEqual(Array(9).fill('residual-basic'));
    expect(attributes(profile.blocks, 'channels')).toEqual(LEVELS);
    expect(stagesOf(profile).map(({ kind, number }) => `${kind} ${number}`)).toEqual(RESOLUTIONS);
  });

  it('a U-Net on ResNet-18: 2, 2, 2, 2 residual blocks down, five times two convolutions up', async () => {
    const profile = await profileOf('unet_resnet');
    expect(outline(profile.blocks).slice(0, 5)).toEqual(['stem', ...Array(4).fill('stage x2')]);
    expect(count(profile, 'residual-basic')).toBe(8);
    const up = profile.blocks.slice(5).flatMap((block) => blocksOf([block], 'convolution'));
    expect(attributes(up, 'channels')).toEqual([32, 32, 16, 16, 16, 16, 8, 8, 8, 8]);
    expect(count(profile, 'dense') + count(profile, 'branches')).toBe(0);
    expect(joinsInBlocks(profile)).toEqual([]);
  });

  it('UNet++: six double convolutions; with pre-activation none is a dense layer either', async () => {
    const nested = await profileOf('unet_nested');
    expect(outline(nested.blocks)).toEqual(Array(6).fill('stage x2'));
    for (const profile of [nested, await profileOf('unet_nested_preact')]) {
      expect(count(profile, 'dense') + count(profile, 'branches')).toBe(0);
      expect(joinsInBlocks(profile)).toEqual([]);
    }
  });

  it('along a waveform: five convolutions', async () => {
    const profile = await profileOf('unet_wave');
    expect(outline(profile.blocks)).toEqual(Array(5).fill('convolution'));
  });

  it('a diffusion U-Net: 12 residual blocks, 6 attentions, no skip taken for a module', async () => {
    const profile = await profileOf('diffusion');
    expect(count(profile, 'residual-basic')).toBe(2 + 2 + 2 + 3 + 3);
    expect(count(profile, 'attention')).toBe(2 + 1 + 3);
    for (const kind of ['attention-augmented-convolution', 'dense', 'branches']) expect(count(profile, kind), kind).toBe(0);
  });
});

describe.skipIf(!exported.available)('dense blocks', () => {
  const dense = (profile: Profile) => blocksOf(profile.blocks, 'stage').filter(({ attributes: { of } }) => of === 'dense');

  it.each([
    ['densenet', [3, 4, 2], [16 + 3 * 8, 20 + 4 * 8, 26 + 2 * 8]],
    ['densenet_chained', [4, 3], [16 + 4 * 8, 16 + 3 * 8]],
    ['densenet_chained_basic', [4, 3], [16 + 4 * 8, 16 + 3 * 8]],
    // Going up, a block of FC-DenseNet hands on its new features only: three times 4.
    ['tiramisu', [3, 3, 3], [12 + 3 * 4, 3 * 4, 3 * 4]],
  ])('%s', async (name, layers, channels) => {
    const profile = await profileOf(name);
    const found = dense(profile);
    expect(attributes(found, 'blocks')).toEqual(layers);
    expect(attributes(found, 'channels')).toEqual(channels);
    expect(found.map(({ children }) => children.filter(({ kind }) => kind === 'dense').length)).toEqual(layers);
    expect(count(profile, 'dense')).toBe(layers.reduce((sum, number) => sum + number));
    expect(count(profile, 'branches')).toBe(0);
  });

  it('a residual dense block of ESRGAN: four dense layers in a residual', async () => {
    const residuals = blocksOf((await profileOf('residual_dense')).blocks, 'residual-basic');
    expect(residuals).toHaveLength(2);
    expect(residuals.map((block) => blocksOf([block], 'dense').length)).toEqual([4, 4]);
  });
});

describe.skipIf(!exported.available)('branches', () => {
  it.each([
    ['inception', [4, 4], [40, 40]],
    ['inception_split', [6], [2048]],
    ['fire', [2, 2], [32, 32]],
    ['aspp', [5], [5 * 32]],
    // Split in two, then one or two bottlenecks.
    ['c2f', [3, 4], [48, 64]],
    ['c3', [2, 2], [32, 32]],
    ['one_shot', [5, 5], [16 + 4 * 8, 32 + 4 * 8]],
    ['pyramid', [5], [2 * 32]],
    ['shuffle', Array(6).fill(2), [16, 16, 32, 32, 64, 64]],
  ])('%s', async (name, branches, channels) => {
    const profile = await profileOf(name);
    const found = blocksOf(profile.blocks, 'branches');
    expect(attributes(found, 'branches')).toEqual(branches);
    expect(attributes(found, 'channels')).toEqual(channels);
    expect(count(profile, 'dense')).toBe(0);
  });

  it('a detector: seven C2f', async () => {
    const profile = await profileOf('detector');
    expect(attributes(blocksOf(profile.blocks, 'branches'), 'channels')).toEqual([64, 128, 192, 96, 48, 96, 192]);
    expect(count(profile, 'branches')).toBe(7);
    expect(count(profile, 'residual-basic')).toBe(2 + 2 + 1 + 1 + 1 + 1 + 1);
    expect(count(profile, 'dense')).toBe(0);
  });

  it('DeepLabv3+: the atrous pyramid, and no module from its first stage to the decoder', async () => {
    const profile = await profileOf('deeplab');
    expect(attributes(blocksOf(profile.blocks, 'branches'), 'branches')).toEqual([5]);
    expect(count(profile, 'residual-basic')).toBe(4);
  });
});

describe.skipIf(!exported.available)('fusions of resolutions', () => {
  it.each([
    [
      'hrnet',
      [
        [16, 2],
        [32, 2],
      ],
    ],
    [
      'fpn',
      [
        [32, 2],
        [64, 2],
        [128, 2],
      ],
    ],
  ])('%s: residual blocks of each resolution, the sums between them are none', async (name, channels) => {
    const profile = await profileOf(name);
    expect(runs(attributes(blocksOf(profile.blocks, 'residual-basic'), 'channels'))).toEqual(channels);
    expect(count(profile, 'dense') + count(profile, 'branches')).toBe(0);
  });
});

/** The map [1, 16, 8, 8], operators on it, and 3 x 3 weights by name. */
function small(nodes: readonly NodeSpec[], channels: Readonly<Record<string, readonly [number, number]>>): Analysis {
  const initializers = Object.entries(channels).map(([name, [to, from]]) => weight(name, [to, from, 3, 3]));
  const built = model({ inputs: [value('x', 'float32', [1, 16, 8, 8])], outputs: [nodes.at(-1)?.outputs[0] ?? ''], initializers, nodes });
  return analyse(built, { name: 'small', bytes: 0 });
}
const conv = (input: string, kernel: string, output: string): NodeSpec => ({
  op: 'Conv',
  inputs: [input, kernel],
  outputs: [output],
  attributes: { pads: [1, 1, 1, 1] },
});
const join = (inputs: readonly string[], output: string): NodeSpec => ({
  op: 'Concat',
  inputs,
  outputs: [output],
  attributes: { axis: 1 },
});

describe('the same in operators', () => {
  it('one half passed on beside what was made of the other are branches', () => {
    const { profile } = small(
      [
        { op: 'Relu', inputs: ['x'], outputs: ['r'] },
        { op: 'Split', inputs: ['r'], outputs: ['left', 'right'], attributes: { axis: 1 } },
        conv('right', 'a', 'first'),
        conv('first', 'b', 'second'),
        join(['left', 'second'], 'y'),
      ],
      { a: [8, 8], b: [8, 8] },
    );
    expect(attributes(blocksOf(profile.blocks, 'branches'), 'branches')).toEqual([2]);
    expect(count(profile, 'dense')).toBe(0);
  });

  it('a map beside what several convolutions made of it is a skip', () => {
    const { profile } = small(
      [{ op: 'Relu', inputs: ['x'], outputs: ['r'] }, conv('r', 'a', 'first'), conv('first', 'b', 'second'), join(['r', 'second'], 'y')],
      { a: [16, 16], b: [16, 16] },
    );
    expect(count(profile, 'dense') + count(profile, 'branches')).toBe(0);
  });

  it('neighbours that each add features to their own input are a dense block, whichever stands first', () => {
    for (const turned of [false, true]) {
      const both = (left: string, right: string) => (turned ? [right, left] : [left, right]);
      const { profile } = small(
        [
          { op: 'Relu', inputs: ['x'], outputs: ['r'] },
          conv('r', 'a', 'first'),
          join(both('r', 'first'), 'one'),
          conv('one', 'b', 'second'),
          join(both('one', 'second'), 'y'),
        ],
        { a: [4, 16], b: [4, 20] },
      );
      expect(attributes(blocksOf(profile.blocks, 'stage'), 'channels')).toEqual([24]);
      expect(attributes(blocksOf(profile.blocks, 'dense'), 'channels')).toEqual([20, 24]);
    }
  });
});
