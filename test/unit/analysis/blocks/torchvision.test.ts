import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../../src/analysis/assemble';
import type { Block } from '../../../../src/analysis/profile';
import { type Architecture, torchvisionExports } from '../../../fixtures/exports';
import { analyseFile, blocksOf, runs } from './support';

const exported = await torchvisionExports();

/** Both exports: BatchNorm folded, and nothing folded. */
async function both(name: Architecture): Promise<readonly Analysis[]> {
  if (!exported.available) throw new Error(exported.reason);
  return [await analyseFile(exported.path(name)), await analyseFile(exported.path(name, true))];
}

function attributes(blocks: readonly Block[], name: string): readonly unknown[] {
  return blocks.map((block) => block.attributes[name]);
}

function count(profile: Analysis['profile'], kind: string): number {
  return blocksOf(profile.blocks, kind).length;
}

// Depths, heads, windows and kinds as the architectures' papers and torchvision 0.14 define them.
describe.skipIf(!exported.available)('blocks of torchvision exports', () => {
  it('vit_b_16: 12 blocks, 12 heads, 197 tokens', async () => {
    for (const { profile } of await both('vit_b_16')) {
      const attention = blocksOf(profile.blocks, 'attention');
      expect(attention).toHaveLength(12);
      expect(new Set(attributes(attention, 'heads'))).toEqual(new Set([12]));
      expect(new Set(attributes(attention, 'headSize'))).toEqual(new Set([64]));
      expect(new Set([...attributes(attention, 'queries'), ...attributes(attention, 'keys')])).toEqual(new Set([197]));
      expect(count(profile, 'transformer')).toBe(12);
      expect(count(profile, 'feed-forward')).toBe(12);
      const blocks = blocksOf(profile.blocks, 'transformer');
      expect(blocks[0]?.repeat).toBe(12);
      // linear(768, 2304) and linear(768, 768) on 197 tokens, and 2 * 197^2 * 768.
      expect(attention[0]?.totals.macs).toBe(4 * 197 * 768 ** 2 + 2 * 197 ** 2 * 768);
      expect(attention[0]?.totals.parameters).toBe(4 * 768 ** 2 + 4 * 768);
    }
  });

  it('swin_t: 2, 2, 6, 2 blocks with 3, 6, 12, 24 heads, windows of 49, every second shifted where there are several windows', async () => {
    for (const { profile } of await both('swin_t')) {
      const attention = blocksOf(profile.blocks, 'attention');
      expect(runs(attributes(attention, 'heads'))).toEqual([
        [3, 2],
        [6, 2],
        [12, 6],
        [24, 2],
      ]);
      expect(runs(attributes(attention, 'windows'))).toEqual([
        [64, 2],
        [16, 2],
        [4, 6],
        [1, 2],
      ]);
      expect(runs(attributes(attention, 'window'))).toEqual([[49, 12]]);
      // torchvision does not roll where one window covers the map (the last stage).
      expect(attributes(attention, 'shifted')).toEqual([false, true, false, true, false, true, false, true, false, true, false, false]);
      expect(attributes(attention, 'masked').map((masked) => masked === true)).toEqual(attributes(attention, 'shifted'));
      expect(runs(attributes(attention, 'position'))).toEqual([['relative bias', 12]]);
      expect(count(profile, 'patch-merging')).toBe(3);
      expect(blocksOf(profile.blocks, 'stage').map((stage) => stage.attributes['blocks'])).toEqual([2, 2, 6, 2]);
    }
  });

  it('maxvit_t: per block one MBConv, one window and one grid attention', async () => {
    for (const { profile } of await both('maxvit_t')) {
      const rounds = blocksOf(profile.blocks, 'hybrid');
      expect(rounds).toHaveLength(2 + 2 + 5 + 2);
      for (const round of rounds) {
        expect(blocksOf([round], 'mbconv')).toHaveLength(1);
        expect(attributes(blocksOf([round], 'attention'), 'partition')).toEqual(['window', 'grid']);
      }
      const attention = blocksOf(profile.blocks, 'attention');
      expect(attention).toHaveLength(22);
      expect(new Set(attributes(attention, 'window'))).toEqual(new Set([49]));
      expect(runs(attributes(attention, 'heads'))).toEqual([
        [2, 4],
        [4, 4],
        [8, 10],
        [16, 4],
      ]);
      expect(count(profile, 'squeeze-excite')).toBe(11);
    }
  });

  it('resnet18: 8 basic blocks, resnet50: 16 bottlenecks in 3, 4, 6, 3', async () => {
    for (const { profile } of await both('resnet18')) {
      expect(count(profile, 'residual-basic')).toBe(8);
      expect(count(profile, 'attention')).toBe(0);
    }
    for (const { profile } of await both('resnet50')) {
      expect(count(profile, 'residual-bottleneck')).toBe(16);
      expect(blocksOf(profile.blocks, 'stage').map((stage) => stage.attributes['blocks'])).toEqual([3, 4, 6, 3]);
      expect(profile.blocks.map((block) => block.kind)).toEqual(['stem', 'stage', 'stage', 'stage', 'stage', 'head']);
    }
  });

  it('mobilenet_v2: 17 inverted residuals, 10 of them with a shortcut', async () => {
    for (const { profile } of await both('mobilenet_v2')) {
      const blocks = blocksOf(profile.blocks, 'mbconv');
      expect(blocks).toHaveLength(17);
      expect(attributes(blocks, 'expansion')).toEqual([1, ...Array(16).fill(6)]);
      expect(attributes(blocks, 'residual').filter((residual) => residual === true)).toHaveLength(10);
    }
  });

  it('efficientnet_b0: 16 MBConv with squeeze-excite, kernels 3 and 5', async () => {
    for (const { profile } of await both('efficientnet_b0')) {
      const blocks = blocksOf(profile.blocks, 'mbconv');
      expect(runs(attributes(blocks, 'kernel'))).toEqual([
        [3, 3],
        [5, 2],
        [3, 3],
        [5, 7],
        [3, 1],
      ]);
      expect(attributes(blocks, 'channels')).toEqual([16, 24, 24, 40, 40, 80, 80, 80, 112, 112, 112, 192, 192, 192, 192, 320]);
      expect(count(profile, 'squeeze-excite')).toBe(16);
      expect(runs(attributes(blocks, 'squeezeExcite'))).toEqual([[true, 16]]);
    }
  });

  it('convnext_tiny: 3, 3, 9, 3 blocks and no feed-forward network', async () => {
    for (const { profile } of await both('convnext_tiny')) {
      expect(blocksOf(profile.blocks, 'stage').map((stage) => stage.attributes['blocks'])).toEqual([3, 3, 9, 3]);
      expect(count(profile, 'convnext')).toBe(18);
      expect(profile.budget.feedForward.macs).toBe(0);
      expect(profile.budget.attention.macs).toBe(0);
    }
  });

  it('densenet121: 6, 12, 24, 16 dense layers', async () => {
    for (const { profile } of await both('densenet121')) {
      expect(blocksOf(profile.blocks, 'stage').map((stage) => stage.attributes['blocks'])).toEqual([6, 12, 24, 16]);
      expect(count(profile, 'dense')).toBe(58);
      expect(count(profile, 'residual-basic') + count(profile, 'attention')).toBe(0);
    }
  });

  it('finds the same blocks when no node has a name', async () => {
    for (const name of ['swin_t', 'efficientnet_b0', 'resnet50', 'densenet121'] as const) {
      if (!exported.available) return;
      const { model, profile } = await analyseFile(exported.path(name, true));
      const nodes = model.graph.nodes.map((node) => ({ ...node, name: '' }));
      const bare = analyse({ ...model, graph: { ...model.graph, nodes } }, { name, bytes: 0 });
      const outline = (blocks: readonly Block[]): unknown =>
        blocks.map((block) => [block.kind, block.attributes, block.nodes, outline(block.children)]);
      expect(outline(bare.profile.blocks)).toEqual(outline(profile.blocks));
    }
  });

  it('every node has a category, and blocks nest without sharing nodes', async () => {
    for (const name of ['swin_t', 'maxvit_t', 'efficientnet_b0'] as const) {
      for (const { profile, blocks, costs } of await both(name)) {
        for (const { scope, number } of costs.nodes.values()) expect(blocks.places.get(scope)?.categories[number]).toBeDefined();
        const visit = (list: readonly Block[], around: ReadonlySet<string>): void => {
          const seen = new Set<string>();
          for (const block of list) {
            for (const id of block.nodes) {
              expect(seen.has(id) || !around.has(id)).toBe(false);
              seen.add(id);
            }
            visit(block.children, new Set(block.nodes));
          }
        };
        visit(profile.blocks, new Set(profile.nodes.map((node) => node.id)));
      }
    }
  });

  it('names the tensors to tap: probabilities of every attention come from its softmax', async () => {
    for (const { model, blocks } of await both('swin_t')) {
      const producers = new Map(model.graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node.op] as const)));
      expect(blocks.attention).toHaveLength(12);
      for (const core of blocks.attention) {
        expect(producers.get(core.probabilities)).toBe('Softmax');
        expect(core.shape).toEqual([core.batchWindows, core.heads, 49, 49]);
        expect([core.headAxis, core.queryAxis, core.keyAxis]).toEqual([1, 2, 3]);
      }
    }
  });
});
