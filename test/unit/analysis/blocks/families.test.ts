import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../../src/analysis/assemble';
import { modulePath } from '../../../../src/analysis/blocks/scopes';
import { foldModel } from '../../../../src/analysis/fold';
import type { Block } from '../../../../src/analysis/profile';
import { FAMILIES_FACTS, familyBytes, familyModel } from '../../../fixtures/families';
import { expectLevelsToAddUp } from '../levels';
import { blocksOf } from './support';

/** Which blocks stand for the modules of which classes. */
const NAMED: readonly (readonly [network: string, kind: string, label: string, classes: readonly string[]])[] = [
  ['mixer_s32_224', 'mixer', 'Mixer block', ['MixerBlock']],
  ['resmlp_12_224', 'mixer', 'ResMLP block', ['ResBlock']],
  ['gmlp_ti16_224', 'gmlp', 'gMLP block', ['SpatialGatingBlock']],
  ['poolformer_s12', 'mixer', 'PoolFormer block', ['MetaFormerBlock']],
  ['legacy_xception', 'xception', 'Xception block', ['Block']],
  ['mobilevit_xxs', 'mobilevit', 'MobileViT block', ['MobileVitBlock']],
  ['mobilevitv2_050', 'mobilevit', 'MobileViTv2 block', ['MobileVitV2Block']],
  ['repvit_m0_9', 'repvit', 'RepViT block', ['RepViTBlock']],
  ['xcit_nano_12_p16_224', 'transformer', 'XCiT block', ['XCABlock']],
  ['davit_tiny', 'transformer', 'Transformer block', ['SpatialBlock', 'ChannelBlock']],
  ['swin_tiny_patch4_window7_224', 'transformer', 'Transformer block', ['SwinTransformerBlock']],
  ['swin_tiny_patch4_window7_224', 'patch-merging', 'Patch merging', ['PatchMerging']],
  ['hiera_tiny_224', 'transformer', 'Transformer block', ['HieraBlock']],
  ['maxvit_pico_rw_256', 'hybrid', 'MaxViT block', ['MaxxVitBlock']],
  ['convnext_atto', 'convnext', 'ConvNeXt block', ['ConvNeXtBlock']],
  ['hrnet_w18_small', 'residual-basic', 'Residual block', ['BasicBlock']],
  ['vit_base_patch16_siglip_224', 'transformer', 'Transformer block', ['Block']],
  ['vit_base_patch16_siglip_224', 'head', 'Attention-pooling head', ['AttentionPoolLatent']],
  ['repvgg_a0', 'reparameterised', 'Re-parameterised convolution', ['RepVggBlock']],
  ['squeezenet1_1', 'branches', 'Fire module', ['Fire']],
];

async function analysed(name: string, named: boolean): Promise<Analysis> {
  return analyse(await familyModel(name, named), { name, bytes: 0 });
}

function modulesOf(network: string, classes: readonly string[]): readonly string[] {
  return classes.flatMap((one) => FAMILIES_FACTS[network]?.classes[one] ?? []);
}

/** True where the module's path, as the exporter writes it into names (`/blocks/blocks.0/...`), is around a node. */
function liesIn(name: string, module: string): boolean {
  const path = modulePath(
    name
      .split('/')
      .filter((part) => part !== '')
      .slice(0, -1),
  );
  return path === module || path.startsWith(`${module}.`);
}

describe('blocks of networks as timm and torchvision name their modules', () => {
  it('stand for the very graphs that the manifest names', () => {
    for (const [name, { sha256 }] of Object.entries(FAMILIES_FACTS)) {
      expect(createHash('sha256').update(familyBytes(name)).digest('hex'), name).toBe(sha256);
    }
  });

  for (const [network, kind, label, classes] of NAMED) {
    for (const named of [true, false]) {
      it(`${network}: a ${label} for each ${classes.join(' and ')}, ${named ? 'with' : 'without'} names in the file`, async () => {
        const { profile } = await analysed(network, named);
        const found = blocksOf(profile.blocks, kind).filter((block) => block.label === label);
        expect(found).toHaveLength(modulesOf(network, classes).length);
      });
    }
  }

  it('hold layers of one module each', async () => {
    for (const [network, kind, label, classes] of NAMED) {
      if (kind === 'hybrid' || kind === 'head') continue;
      const { profile } = await analysed(network, true);
      const modules = modulesOf(network, classes);
      const layers = new Map(
        profile.nodes.filter(({ op }) => op === 'Conv' || op === 'MatMul' || op === 'Gemm').map((node) => [node.id, node.name]),
      );
      for (const block of blocksOf(profile.blocks, kind)) {
        if (block.label !== label) continue;
        const names = block.nodes.flatMap((id) => layers.get(id) ?? []);
        expect(modules.filter((module) => names.every((name) => liesIn(name, module))).length, `${network} ${block.id}`).toBeGreaterThan(0);
      }
    }
  });

  const attending = Object.entries(FAMILIES_FACTS).filter(([, { attention }]) => attention.length > 0);
  for (const [network, { attention }] of attending) {
    it(`${network}: heads as the live modules have them`, async () => {
      for (const named of [true, false]) {
        const { profile } = await analysed(network, named);
        const heads = (blocks: readonly Block[]) => blocks.map((block) => block.attributes['heads']);
        expect(heads(blocksOf(profile.blocks, 'attention'))).toEqual(attention.map((one) => one.heads));
      }
    });
  }

  it('split the budget of Swin-T alike in the exports of both libraries', async () => {
    const splits: unknown[] = [];
    for (const name of ['swin_tiny_patch4_window7_224', 'swin_t']) {
      const { profile } = await analysed(name, true);
      splits.push([profile.totals.macs, profile.budget.convolution.macs, profile.budget.attention.macs, profile.budget.feedForward.macs]);
    }
    expect(splits[0]).toEqual(splits[1]);
  });

  it('are read in at most 16 boxes, which add up, with and without names', async () => {
    for (const name of Object.keys(FAMILIES_FACTS)) {
      for (const named of [true, false]) {
        const analysis = await analysed(name, named);
        expectLevelsToAddUp(analysis, name);
        const boxes = foldModel(analysis)
          .level('')
          .boxes.map(({ figures }) => Number(figures.macs))
          .sort((a, b) => b - a);
        const held = boxes.slice(0, 16).reduce((sum, one) => sum + one, 0);
        expect(held / Number(analysis.profile.totals.macs), name).toBeGreaterThanOrEqual(0.99);
        const stems = analysis.profile.blocks
          .filter(({ kind }) => kind === 'stem')
          .reduce((sum, { totals }) => sum + Number(totals.macs), 0);
        expect(stems / Number(analysis.profile.totals.macs), name).toBeLessThan(0.4);
      }
    }
  });
});
