import { expect, it } from 'vitest';
import { createEngine } from '../../../src/engine/engine';
import { needsModel } from '../../../src/engine/needsModel';
import type { Block, Profile } from '../../../src/protocol';

const context = { signal: new AbortController().signal, progress: () => {} };

const ids = (profile: Profile) => ({
  nodes: profile.nodes.map(({ id, op }) => `${id} ${op}`),
  blocks: profile.blocks.flatMap(function walk(block: Block): string[] {
    return [`${block.id} ${block.kind} ${block.nodes.length}`, ...block.children.flatMap(walk)];
  }),
});

// A comparison counts what was built in memory, and opens what was written: what it names there must be the same.
it.each(['AA-ResNet-50', 'CoAtNet-0 @224, stride in first 1x1', 'ViT-Ti/16 @224', 'Transformer base, V=37000', 'EfficientNet-B0'])(
  '%s has the same ids in memory and in its file',
  async (variant) => {
    const engine = createEngine();
    const { profile } = await engine.architecture({ variant }, context);
    const bytes = await engine.buildArchitecture({ variant, weights: 'none' }, context);
    const { profile: written } = needsModel(await engine.open({ model: { kind: 'bytes', name: 'built.onnx', bytes } }, context));
    expect(ids(written)).toEqual(ids(profile));
  },
);
