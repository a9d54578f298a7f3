import { describe, expect, it } from 'vitest';
import { RESNET } from '../../../src/architectures/resnet';
import { torchReference } from '../../fixtures/torchReference';
import { countKinds, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const reference = await torchReference('resnet');

describe('ResNet', () => {
  itReproducesTheRecords(RESNET);

  it.each([
    [18, 'residual-basic', 8],
    [34, 'residual-basic', 16],
    [50, 'residual-bottleneck', 16],
    [152, 'residual-bottleneck', 50],
  ])('of %i layers is found to have the blocks it was built from', (depth, kind, count) => {
    const variant = RESNET.variants.find(({ name }) => name === `ResNet-${depth}`);
    const found = countKinds(analysed(RESNET.build(variant?.knobs ?? {})), 'residual-basic', 'residual-bottleneck', 'stem', 'attention');
    expect(found).toEqual({ 'residual-basic': 0, 'residual-bottleneck': 0, stem: 1, attention: 0, [kind]: count });
  });

  it.each(['basic', 'bottleneck'])('runs with %s blocks', async (block) => {
    const built = RESNET.build({ block, layers: [1, 1, 1, 1], width: 8, imageSize: 48, classes: 7 });
    const { logits } = await runOn(built, noise(2 * 3 * 48 * 48));
    expect(logits?.shape).toEqual([2, 7]);
    expect([...(logits?.data ?? [])].every(Number.isFinite)).toBe(true);
  });

  it.skipIf(!reference)("equals torchvision's on the same weights", async () => {
    if (!reference) return;
    const built = RESNET.build({ layers: [1, 2, 1, 2], width: 8, imageSize: 64, classes: 5 });
    expect(Object.keys(reference.weights).sort()).toEqual([...built.fills.keys()].sort());
    const { logits } = await runOn(built, reference.input, { weights: reference.weights });
    expect(furthest(logits?.data ?? [], reference.output) / Math.max(...reference.output.map(Math.abs))).toBeLessThan(1e-5);
  });

  it('says which knobs do not fit', () => {
    expect(() => RESNET.build({ layers: [1, 1] })).toThrow('ResNet: "layers" takes 4 numbers, not 2.');
    expect(() => RESNET.build({ depth: 3 })).toThrow(/no knob "depth"; it has block,/);
    expect(() => RESNET.build({ width: 1.5 })).toThrow('"width" takes a whole number from 8 to 512, not 1.5');
    expect(() => RESNET.build({ block: 'basic', innerWidth: 2 })).toThrow(/needs bottleneck blocks/);
  });
});
