import { describe, expect, it } from 'vitest';
import { SWIN } from '../../../src/architectures/swin';
import { UserError } from '../../../src/bytes';
import { torchReference } from '../../fixtures/torchReference';
import { countKinds, expectRowsSumToOne, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

/** Maps of 8 x 8 and 4 x 4, as the reference from torchvision has them. */
const SMALL = { imageSize: 32, dim: 8, depths: [2, 2], heads: [2, 4], window: 4, mlpRatio: 2, classes: 5 };
const reference = await torchReference('swin');

describe('Swin', () => {
  itReproducesTheRecords(SWIN);

  it('is found again by the analysis: windows, shifts, heads and patch merging as built', () => {
    const analysis = analysed(SWIN.build(SMALL));
    expect(countKinds(analysis, 'attention', 'feed-forward', 'transformer', 'patch-embedding', 'patch-merging')).toEqual({
      attention: 4,
      'feed-forward': 4,
      transformer: 4,
      'patch-embedding': 1,
      'patch-merging': 1,
    });
    expect(
      analysis.blocks.attention.map((core) => [core.heads, core.queries, core.batchWindows, core.shifted, core.masked, core.position]),
    ).toEqual([
      [2, 16, 4, false, false, 'relative bias'],
      [2, 16, 4, true, true, 'relative bias'],
      [4, 16, 1, false, false, 'relative bias'],
      [4, 16, 1, false, false, 'relative bias'],
    ]);
  });

  it.each([
    ['Swin-T', [2, 2, 6, 2], [3, 6, 12, 24], 49],
    ['Swin-B @384', [2, 2, 18, 2], [4, 8, 16, 32], 144],
  ])('%s has its blocks, heads, windows and shifts found by the analysis', (name, depths, heads, tokens) => {
    const variant = SWIN.variants.find((one) => one.name === name);
    const analysis = analysed(SWIN.build(variant?.knobs ?? {}));
    const expected = depths.flatMap((depth, stage) =>
      Array.from({ length: depth }, (_, block) => [heads[stage], tokens, 4 ** (3 - stage), stage < 3 && block % 2 === 1]),
    );
    expect(analysis.blocks.attention.map((core) => [core.heads, core.keys, core.batchWindows, core.shifted])).toEqual(expected);
    expect(countKinds(analysis, 'patch-merging', 'transformer')).toEqual({ 'patch-merging': 3, transformer: expected.length });
  });

  it('has attention rows that sum to one', () => expectRowsSumToOne(SWIN, SMALL));

  it.skipIf(reference === null)('gives what torchvision gives on the same weights', async () => {
    const built = SWIN.build(SMALL);
    const weights = reference?.weights ?? {};
    expect(Object.keys(weights).sort()).toEqual([...built.fills.keys()].filter((name) => !name.endsWith('attn_mask')).sort());
    const { logits } = await runOn(built, reference?.input ?? [], { weights });
    expect(logits?.shape).toEqual([2, 5]);
    expect(furthest(logits?.data, reference?.output)).toBeLessThan(1e-5);
  });

  it('with a bias of zero equals attention without positions', async () => {
    const relative = SWIN.build(SMALL);
    const zeros = relative.model.graph.initializers.filter(({ name }) => name.endsWith('bias_table'));
    expect(zeros).toHaveLength(4);
    const weights = Object.fromEntries(zeros.map(({ name, shape }) => [name, new Float32Array((shape[0] ?? 0) * (shape[1] ?? 0))]));
    const image = noise(3 * 32 * 32);
    const zero = await runOn(relative, image, { weights });
    const plain = await runOn(SWIN.build({ ...SMALL, relative: false }), image);
    const seeded = await runOn(relative, image);
    expect(furthest(zero['logits']?.data, plain['logits']?.data)).toBeLessThan(1e-6);
    expect(furthest(seeded['logits']?.data, plain['logits']?.data)).toBeGreaterThan(1e-5);
  });

  it('mixes windows by shifting them, and only then', async () => {
    const image = noise(3 * 32 * 32);
    const changed = Float32Array.from(image);
    // A pixel of the top left window; the pixel read back is in the window to its right.
    changed[0] = 9;
    const tap = '/layers/layers.0/blocks/blocks.1/Add_1_output_0';
    const away = async (shifted: boolean): Promise<number> => {
      const built = SWIN.build({ ...SMALL, shifted });
      const [left, right] = await Promise.all([image, changed].map((input) => runOn(built, input, { also: [tap] })));
      const at = (3 * 8 + 4) * 8;
      return furthest(left?.[tap]?.data.slice(at, at + 8), right?.[tap]?.data.slice(at, at + 8));
    };
    expect(await away(false)).toBe(0);
    expect(await away(true)).toBeGreaterThan(0);
  });

  it('says what does not fit', () => {
    expect(() => SWIN.build({ window: 14 })).toThrow(new UserError('Swin: windows of 14 are larger than the map of 7 in stage 4.'));
    expect(() => SWIN.build({ window: 5 })).toThrow(new UserError('Swin: windows of 5 do not tile the map of 56 in stage 1.'));
    expect(() => SWIN.build({ heads: [5, 6, 12, 24] })).toThrow(new UserError('Swin: 5 heads do not divide a width of 96 in stage 1.'));
  });
});
