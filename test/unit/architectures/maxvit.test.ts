import { describe, expect, it } from 'vitest';
import { MAXVIT } from '../../../src/architectures/maxvit';
import { UserError } from '../../../src/bytes';
import { countKinds, expectRowsSumToOne, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

/** Maps of 16 x 16 and 8 x 8. */
const SMALL = { imageSize: 64, stem: 8, dims: [8, 16], depths: [1, 2], partition: 4, headDim: 4, preLogits: 16, classes: 5 };
const BLOCK = '/stages/stages.0/blocks/blocks.0';

describe('MaxViT', () => {
  itReproducesTheRecords(MAXVIT);

  it('costs less by the published difference without the einsums of its bias tables', () => {
    const { totals } = analysed(MAXVIT.build({ biasLookup: 'gather' })).profile;
    expect(totals.macs).toBe(5_545_201_664);
    expect(totals.parameters).toBe(30_916_528);
  });

  it.each(['einsum', 'gather'])('is found again by the analysis with %s: MBConv, window and grid attention as built', (biasLookup) => {
    const analysis = analysed(MAXVIT.build({ ...SMALL, biasLookup }));
    expect(countKinds(analysis, 'mbconv', 'attention', 'feed-forward')).toEqual({ mbconv: 3, attention: 6, 'feed-forward': 6 });
    expect(analysis.blocks.attention.map((core) => [core.heads, core.queries, core.batchWindows, core.position])).toEqual([
      [2, 16, 16, 'relative bias'],
      [2, 16, 16, 'relative bias'],
      [4, 16, 4, 'relative bias'],
      [4, 16, 4, 'relative bias'],
      [4, 16, 4, 'relative bias'],
      [4, 16, 4, 'relative bias'],
    ]);
  });

  it('has eleven MBConv, and windows and grids in turn, found by the analysis at the published size', () => {
    const analysis = analysed(MAXVIT.build({}));
    expect(countKinds(analysis, 'mbconv', 'attention', 'feed-forward')).toEqual({ mbconv: 11, attention: 22, 'feed-forward': 22 });
    expect(analysis.blocks.attention.map(({ partition }) => partition)).toEqual(
      Array.from({ length: 22 }, (_, at) => (at % 2 === 0 ? 'window' : 'grid')),
    );
    for (const core of analysis.blocks.attention) expect(core).toMatchObject({ queries: 49, keys: 49, headSize: 32 });
  });

  it('has attention rows that sum to one', () => expectRowsSumToOne(MAXVIT, SMALL));

  it('reads the same bias by einsum as by index', async () => {
    const image = noise(3 * 64 * 64);
    const [einsum, gather, none] = await Promise.all(
      ['einsum', 'gather', 'none'].map((biasLookup) => runOn(MAXVIT.build({ ...SMALL, biasLookup }), image)),
    );
    expect(furthest(einsum?.['logits']?.data, gather?.['logits']?.data)).toBeLessThan(1e-6);
    expect(furthest(einsum?.['logits']?.data, none?.['logits']?.data)).toBeGreaterThan(1e-6);
  });

  it('sees within a window, then at the same place of every cell of the grid', async () => {
    const built = MAXVIT.build({ ...SMALL, biasLookup: 'none', seRatio: 0 });
    const taps = [`${BLOCK}/conv/Add_output_0`, `${BLOCK}/attn_block/Add_1_output_0`, `${BLOCK}/attn_grid/Add_1_output_0`];
    const image = noise(3 * 64 * 64);
    const changed = Float32Array.from(image);
    changed[0] = 9;
    const [left, right] = await Promise.all([image, changed].map((input) => runOn(built, input, { also: taps })));
    const moved = (tap: string, channelsFirst: boolean): number[] =>
      Array.from({ length: 256 }, (_, pixel) => {
        const at = Array.from({ length: 8 }, (_, channel) => (channelsFirst ? channel * 256 + pixel : pixel * 8 + channel));
        return at.some((index) => left?.[tap]?.data[index] !== right?.[tap]?.data[index]) ? pixel : -1;
      }).filter((pixel) => pixel >= 0);
    const [conv = '', window = '', grid = ''] = taps;
    const touched = moved(conv, true);
    expect(Math.max(...touched.map((pixel) => Math.max(Math.floor(pixel / 16), pixel % 16)))).toBeLessThan(4);
    const corner = Array.from({ length: 256 }, (_, pixel) => pixel).filter((pixel) => pixel < 64 && pixel % 16 < 4);
    expect(moved(window, false)).toEqual(corner);
    // Grid cells are 4 x 4 pixels: every place of the first window has one partner in each cell.
    expect(moved(grid, false)).toHaveLength(256);
  });

  it('says what does not fit', () => {
    expect(() => MAXVIT.build({ partition: 14 })).toThrow(
      new UserError('MaxViT: partitions of 14 are larger than the map of 7 in stage 4.'),
    );
    expect(() => MAXVIT.build({ partition: 6 })).toThrow(new UserError('MaxViT: partitions of 6 do not tile the map of 56 in stage 1.'));
    expect(() => MAXVIT.build({ headDim: 48 })).toThrow(new UserError('MaxViT: heads of 48 do not divide the width 64 of stage 1.'));
  });
});
