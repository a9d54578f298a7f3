import { describe, expect, it } from 'vitest';
import { AA_MNASNET } from '../../../src/architectures/aaMnasnet';
import { MNASNET } from '../../../src/architectures/mnasnet';
import { countKinds, expectRowsSumToOne, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { width: 0.25, imageSize: 64, classes: 5, upsilon: 0.5, heads: 2, minimumKeys: 4 };
const IMAGE = noise(3 * 64 * 64);

describe('AA-MnasNet', () => {
  itReproducesTheRecords(AA_MNASNET);

  it.each(AA_MNASNET.variants.map((variant) => [variant.name, variant] as const))(
    '%s has the printed parameters and the printed cost',
    (_name, { knobs, published }) => {
      const { parameters, macs } = analysed(AA_MNASNET.build(knobs)).profile.totals;
      expect(`${(Number(parameters) / 1e6).toFixed(2)}M`).toBe(published?.printedParameters);
      // The paper counts two for each multiply-add.
      expect(`${((2 * Number(macs)) / 1e9).toFixed(2)}G`).toBe(published?.printedCost);
    },
  );

  // Stages 3 to 7 have 2, 3, 2, 2 and 1 blocks of stride 1.
  it('is found to have ten augmented convolutions in its 16 blocks', () => {
    const found = countKinds(analysed(AA_MNASNET.build({})), 'attention-augmented-convolution', 'mbconv', 'attention');
    expect(found).toEqual({ 'attention-augmented-convolution': 10, mbconv: 16, attention: 10 });
  });

  it('with upsilon 0 is MnasNet', async () => {
    const knobs = { width: 0.25, imageSize: 64, classes: 5 };
    const augmented = await runOn(AA_MNASNET.build({ ...knobs, upsilon: 0 }), IMAGE);
    expect(augmented['logits']?.data).toEqual((await runOn(MNASNET.build(knobs), IMAGE))['logits']?.data);
  });

  it('runs, and has rows of attention that sum to one', async () => {
    const { logits } = await runOn(AA_MNASNET.build(SMALL), noise(2 * 3 * 64 * 64));
    expect(logits?.shape).toEqual([2, 5]);
    expect([...(logits?.data ?? [])].every(Number.isFinite)).toBe(true);
    await expectRowsSumToOne(AA_MNASNET, SMALL);
  });
});
