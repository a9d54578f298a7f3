import { describe, expect, it } from 'vitest';
import { AA_WIDE_RESNET } from '../../../src/architectures/aaWideResnet';
import { WIDE_RESNET } from '../../../src/architectures/wideResnet';
import { countKinds, expectRowsSumToOne, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const TINY = { depth: 10, widen: 1, imageSize: 16, classes: 5 };
const AS_PRINTED = 'AA-WRN-28-10 (as printed)';

describe('WideResNet', () => {
  itReproducesTheRecords(WIDE_RESNET);

  it('is found to have 12 residual blocks', () => {
    const found = countKinds(analysed(WIDE_RESNET.build({})), 'residual-basic', 'attention');
    expect(found).toEqual({ 'residual-basic': 12, attention: 0 });
  });

  it.each(['projection', 'pad'])('runs with shortcuts by %s', async (shortcut) => {
    const { logits } = await runOn(WIDE_RESNET.build({ ...TINY, shortcut }), noise(2 * 3 * 16 * 16));
    expect(logits?.shape).toEqual([2, 5]);
    expect([...(logits?.data ?? [])].every(Number.isFinite)).toBe(true);
  });

  it('says which knobs do not fit', () => {
    expect(() => WIDE_RESNET.build({ depth: 30 })).toThrow('WideResNet: "depth" takes 6 n + 4 (10, 16, 22, 28...), not 30.');
  });
});

describe('AA-WRN', () => {
  itReproducesTheRecords(AA_WIDE_RESNET);

  it('as printed has the printed parameters and cost, one augmented convolution in each group, and no projection', () => {
    const variant = AA_WIDE_RESNET.variants.find(({ name }) => name === AS_PRINTED);
    const analysis = analysed(AA_WIDE_RESNET.build(variant?.knobs ?? {}));
    const { parameters, macs } = analysis.profile.totals;
    expect((Number(parameters) / 1e6).toFixed(1)).toBe('36.2');
    // The paper counts two for each multiply-add.
    expect(((2 * Number(macs)) / 1e9).toFixed(1)).toBe('10.9');
    expect(analysis.blocks.attention.map(({ heads, queries }) => [heads, queries])).toEqual([
      [8, 32 * 32],
      [8, 16 * 16],
      [8, 8 * 8],
    ]);
  });

  it.each([
    ['none', 'attention-augmented-convolution'],
    ['squeeze-excite', 'squeeze-excite'],
    ['gather-excite', 'gather-excite'],
  ])('with gates "%s" is found to have 12 of kind %s', (recalibrate, kind) => {
    const knobs = recalibrate === 'none' ? {} : { groups: [], recalibrate };
    const kinds = ['attention-augmented-convolution', 'squeeze-excite', 'gather-excite'];
    const found = countKinds(analysed(AA_WIDE_RESNET.build(knobs)), ...kinds, 'residual-basic');
    expect(found).toEqual({ ...Object.fromEntries(kinds.map((one) => [one, one === kind ? 12 : 0])), 'residual-basic': 12 });
  });

  it.each(['none', 'squeeze-excite', 'gather-excite'])('runs with gates "%s"', async (recalibrate) => {
    const knobs = { ...TINY, recalibrate, upsilon: 0.5, heads: 2, minimumKeys: 4 };
    const { logits } = await runOn(AA_WIDE_RESNET.build(knobs), noise(2 * 3 * 16 * 16));
    expect(logits?.shape).toEqual([2, 5]);
    expect([...(logits?.data ?? [])].every(Number.isFinite)).toBe(true);
  });

  it('has rows of attention that sum to one', async () => {
    await expectRowsSumToOne(AA_WIDE_RESNET, { ...TINY, upsilon: 0.5, heads: 2, minimumKeys: 4 });
  });
});
