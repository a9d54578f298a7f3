import { describe, expect, it } from 'vitest';
import { AA_RESNET } from '../../../src/architectures/aaResnet';
import { RESNET } from '../../../src/architectures/resnet';
import { countKinds, expectRowsSumToOne, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const TINY = { layers: [1, 1, 1, 1], width: 16, imageSize: 64, classes: 5 };
const SMALL = { ...TINY, heads: 2, minimumKeys: 4, kappa: 0.5, upsilon: 0.5 };
const IMAGE = noise(3 * 64 * 64);

describe('AA-ResNet', () => {
  itReproducesTheRecords(AA_RESNET);

  it('is found to have an augmented convolution in each block of the last three stages', () => {
    const kinds = ['attention-augmented-convolution', 'attention', 'residual-bottleneck'];
    const found = countKinds(analysed(AA_RESNET.build({})), ...kinds);
    expect(found).toEqual({ 'attention-augmented-convolution': 13, attention: 13, 'residual-bottleneck': 16 });
  });

  it.each(['relative', 'none'])('is found to attend with 8 heads over 14 x 14 and 7 x 7, positions "%s"', (positions) => {
    const { attention } = analysed(AA_RESNET.build({ positions })).blocks;
    const found = attention.map(({ heads, headSize, queries, keys, position }) => [heads, headSize, queries, keys, position]);
    expect(found).toEqual([...new Array(10).fill([8, 20, 196, 196, positions]), ...new Array(3).fill([8, 20, 49, 49, positions])]);
  });

  it('is found to have attention alone where no convolution is left', () => {
    const found = countKinds(analysed(AA_RESNET.build({ kappa: 1, upsilon: 1 })), 'attention', 'attention-augmented-convolution');
    expect(found).toEqual({ attention: 13, 'attention-augmented-convolution': 0 });
  });

  it('is found to have its basic blocks where attention alone stands for their first convolutions', () => {
    const built = AA_RESNET.build({ ...TINY, block: 'basic', layers: [3, 4, 6, 3], kappa: 1, upsilon: 1 });
    expect(countKinds(analysed(built), 'attention', 'residual-basic')).toEqual({ attention: 13, 'residual-basic': 16 });
  });

  it.each(['relative', 'sine', 'coordconv', 'none'])('runs with positions "%s" and trains none that are fixed', async (positions) => {
    for (const block of ['basic', 'bottleneck']) {
      const { logits } = await runOn(AA_RESNET.build({ ...SMALL, block, positions }), noise(2 * 3 * 64 * 64));
      expect(logits?.shape).toEqual([2, 5]);
      expect([...(logits?.data ?? [])].every(Number.isFinite)).toBe(true);
    }
    const { parameters } = analysed(AA_RESNET.build({ positions })).profile.totals;
    // Three more channels into each qkv of 2 dk + dv outputs; the tables are the difference of the two published records.
    const coordinates = 3 * (4 * (2 * 160 + 8) + 6 * (2 * 160 + 24) + 3 * (2 * 160 + 48));
    const tables = 25_809_392 - 25_797_032;
    const more = { relative: tables, coordconv: coordinates, sine: 0, none: 0 }[positions] ?? 0;
    expect(parameters).toBe(25_797_032 + more);
  });

  it('has rows of attention that sum to one', async () => {
    await expectRowsSumToOne(AA_RESNET, SMALL);
  });

  it('with upsilon 0 is the convolutional network', async () => {
    const augmented = await runOn(AA_RESNET.build({ ...TINY, upsilon: 0 }), IMAGE);
    const plain = await runOn(RESNET.build(TINY), IMAGE);
    expect(augmented['logits']?.data).toEqual(plain['logits']?.data);
  });

  it('says which knobs do not fit', () => {
    expect(() => AA_RESNET.build({ upsilon: 1.5 })).toThrow('AA-ResNet: "upsilon" takes a number from 0 to 1, not 1.5.');
    expect(() => AA_RESNET.build({ positions: 'sine', width: 18 })).toThrow(/sine positions need a "width" that 4 divides/);
    expect(() => AA_RESNET.build({ stages: [5] })).toThrow(/whole numbers from 1 to 4/);
  });
});
