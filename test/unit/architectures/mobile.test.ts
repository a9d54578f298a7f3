import { describe, expect, it } from 'vitest';
import { EFFICIENTNET } from '../../../src/architectures/efficientnet';
import type { Family } from '../../../src/architectures/family';
import { MNASNET } from '../../../src/architectures/mnasnet';
import { MOBILENET_V2 } from '../../../src/architectures/mobilenetV2';
import { torchReference } from '../../fixtures/torchReference';
import { countKinds, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

async function expectToRun(family: Family): Promise<void> {
  const { logits } = await runOn(family.build({ width: 0.25, imageSize: 45, classes: 7 }), noise(2 * 3 * 45 * 45));
  expect(logits?.shape).toEqual([2, 7]);
  expect([...(logits?.data ?? [])].every(Number.isFinite)).toBe(true);
}

const reference = await torchReference('mobilenet');

describe('MobileNetV2', () => {
  itReproducesTheRecords(MOBILENET_V2);

  it('is found to have 17 inverted residuals', () => {
    const found = countKinds(analysed(MOBILENET_V2.build({})), 'mbconv', 'attention');
    expect(found).toEqual({ mbconv: 17, attention: 0 });
  });

  it('runs, on odd sides too', () => expectToRun(MOBILENET_V2));

  it.skipIf(!reference)("equals torchvision's on the same weights", async () => {
    if (!reference) return;
    const built = MOBILENET_V2.build({ width: 0.25, imageSize: 64, classes: 5 });
    const weights = [...built.fills.keys()];
    expect(Object.keys(reference.weights).sort()).toEqual(weights.sort());
    const { logits } = await runOn(built, reference.input, { weights: reference.weights });
    expect(furthest(logits?.data ?? [], reference.output) / Math.max(...reference.output.map(Math.abs))).toBeLessThan(1e-5);
  });
});

describe('EfficientNet', () => {
  itReproducesTheRecords(EFFICIENTNET);

  it('is found to have 16 blocks with squeeze-and-excitation', () => {
    const found = countKinds(analysed(EFFICIENTNET.build({})), 'mbconv', 'squeeze-excite', 'attention');
    expect(found).toEqual({ mbconv: 16, 'squeeze-excite': 16, attention: 0 });
  });

  it('runs, on odd sides too', () => expectToRun(EFFICIENTNET));
});

describe('MnasNet', () => {
  itReproducesTheRecords(MNASNET);

  it('B1, without squeeze-and-excitation, has the parameters and MACs of its public rebuilds', () => {
    const analysis = analysed(MNASNET.build({ network: 'B1' }));
    expect(analysis.profile.totals).toMatchObject({ parameters: 4_383_312, macs: 314_415_872 });
    expect(countKinds(analysis, 'squeeze-excite')).toEqual({ 'squeeze-excite': 0 });
  });

  it('A1 is found to have 16 blocks, 8 with squeeze-and-excitation', () => {
    const found = countKinds(analysed(MNASNET.build({})), 'mbconv', 'squeeze-excite');
    expect(found).toEqual({ mbconv: 16, 'squeeze-excite': 8 });
  });

  it('runs, on odd sides too', () => expectToRun(MNASNET));

  it('says which knobs do not fit', () => {
    expect(() => MNASNET.build({ network: 'C1' })).toThrow('MnasNet: "network" takes "A1" or "B1", not "C1".');
    expect(() => MNASNET.build({ width: 0 })).toThrow(/a number from 0.05 to 8, not 0/);
  });
});
