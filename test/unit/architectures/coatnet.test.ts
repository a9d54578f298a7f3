import { describe, expect, it } from 'vitest';
import { COATNET } from '../../../src/architectures/coatnet';
import { COATNET_LAYOUT } from '../../../src/architectures/coatnetLayout';
import { UserError } from '../../../src/bytes';
import { blocksOf, countKinds, expectRowsSumToOne, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { imageSize: 64, stem: 8, dims: [8, 16, 16, 32], depths: [2, 1, 2, 2, 1], headDim: 8, classes: 5 };

/** The same value in every relative position table. */
function tables(built: ReturnType<typeof COATNET.build>, value: number): Record<string, Float32Array> {
  const found = built.model.graph.initializers.filter(({ name }) => name.endsWith('relative_position_bias_table'));
  return Object.fromEntries(
    found.map(({ name, shape }) => [name, new Float32Array(shape.reduce((product, extent) => product * extent, 1)).fill(value)]),
  );
}

/** [3, 32, 32] with its four patches of 16 turned around by one place: 0 to 1, 1 to 2, 2 to 3, 3 to 0. */
function rotateQuarters(image: Float32Array): Float32Array {
  return image.map((_, at) => {
    const [channel, row, column] = [Math.floor(at / 1024), Math.floor(at / 32) % 32, at % 32];
    const from = (2 * Math.floor(row / 16) + Math.floor(column / 16) + 3) % 4;
    return image[channel * 1024 + (16 * Math.floor(from / 2) + (row % 16)) * 32 + 16 * (from % 2) + (column % 16)] ?? Number.NaN;
  });
}

describe('CoAtNet', () => {
  itReproducesTheRecords(COATNET);

  it('is found again by the analysis: MBConv, relative attention and feed-forward as built', () => {
    const analysis = analysed(COATNET.build(SMALL));
    expect(countKinds(analysis, 'mbconv', 'squeeze-excite', 'attention', 'feed-forward', 'transformer')).toEqual({
      mbconv: 3,
      'squeeze-excite': 3,
      attention: 3,
      'feed-forward': 3,
      transformer: 3,
    });
    expect(analysis.blocks.attention.map(({ heads, queries, keys, position }) => [heads, queries, keys, position])).toEqual([
      [2, 16, 16, 'relative bias'],
      [2, 16, 16, 'relative bias'],
      [4, 4, 4, 'relative bias'],
    ]);
    expect(blocksOf(analysis.profile.blocks, 'mbconv').map(({ attributes }) => [attributes['channels'], attributes['stride']])).toEqual([
      [8, 2],
      [16, 2],
      [16, 1],
    ]);
  });

  it.each([
    ['CoAtNet-0 @224, stride in first 1x1', 2 + 3, 5 + 2],
    ['CoAtNet-1 @224, stride in depthwise', 2 + 6, 14 + 2],
    ['CoAtNet-4 @512, stride in first 1x1', 2 + 12, 28 + 2],
    ['CoAtNet-5 @512, stride in first 1x1', 2 + 12, 28 + 2],
    ['CoAtNet-7 @512', 2 + 4 + 8, 42 + 2],
  ])('%s has %d MBConv and %d attention blocks, found by the analysis', (name, mbconv, attention) => {
    const variant = COATNET.variants.find((one) => one.name === name);
    const analysis = analysed(COATNET.build(variant?.knobs ?? {}));
    const kinds = ['mbconv', 'squeeze-excite', 'attention', 'feed-forward', 'transformer', 'stem', 'head'];
    expect(countKinds(analysis, ...kinds)).toEqual({
      mbconv,
      'squeeze-excite': mbconv,
      attention,
      'feed-forward': attention,
      transformer: attention,
      stem: 1,
      head: 1,
    });
  });

  it('has attention rows that sum to one', () => expectRowsSumToOne(COATNET, SMALL));

  it('looks up row and column differences in its bias table', async () => {
    const built = COATNET.build(SMALL);
    const table = noise(2 * 7 * 7);
    const tap = '/stages/stages.2/blocks/blocks.0/attn/rel_pos/Reshape_output_0';
    const weights = { 'stages.2.blocks.0.attn.rel_pos.relative_position_bias_table': table };
    const { [tap]: bias } = await runOn(built, noise(3 * 64 * 64), { weights, also: [tap] });
    expect(bias?.shape).toEqual([2, 16, 16]);
    for (const [head, query, key] of [
      [0, 0, 0],
      [0, 0, 15],
      [1, 15, 0],
      [1, 6, 9],
      [1, 9, 6],
    ] as const) {
      const [rows, columns] = [Math.floor(query / 4) - Math.floor(key / 4), (query % 4) - (key % 4)];
      expect(bias?.data[head * 256 + query * 16 + key]).toBe(table[head * 49 + (rows + 3) * 7 + columns + 3]);
    }
  });

  it('with a bias of zero equals attention without positions, with any other does not', async () => {
    const relative = COATNET.build(SMALL);
    const plain = COATNET.build({ ...SMALL, relative: false });
    const image = noise(3 * 64 * 64);
    const without = (await runOn(plain, image))['logits']?.data;
    const zero = await runOn(relative, image, { weights: tables(relative, 0) });
    const seeded = await runOn(relative, image, {
      weights: Object.fromEntries(Object.entries(tables(relative, 0)).map(([name, { length }]) => [name, noise(length).map((x) => 4 * x)])),
    });
    expect(furthest(zero['logits']?.data, without)).toBeLessThan(1e-6);
    expect(furthest(seeded['logits']?.data, without)).toBeGreaterThan(1e-4);
  });

  it.each([
    ['max', '1x1', 100],
    ['average', 'dw', 99],
  ])(
    'runs with %s pooling and the stride in the %s at an image of %d, rounding extents up',
    async (shortcutPool, strideMode, imageSize) => {
      const built = COATNET.build({ ...SMALL, shortcutPool, strideMode, imageSize });
      const { logits } = await runOn(built, noise(3 * imageSize * imageSize));
      expect(logits?.shape).toEqual([1, 5]);
      // 100 and 99 to 50, 25, 13, 7, 4: tokens of S3 and S4 are 7 x 7 and 4 x 4.
      expect(analysed(built).blocks.attention.map(({ queries }) => queries)).toEqual([49, 49, 16]);
    },
  );

  it('says what does not fit', () => {
    expect(() => COATNET.build({ headDim: 36 })).toThrow(new UserError('CoAtNet: heads of 36 do not divide the width 384 of a T stage.'));
    expect(() => COATNET.build({ layout: 'C-C-(C,T)-T' })).toThrow(new UserError('CoAtNet: "dims" takes 5 numbers, not 4.'));
    expect(() => COATNET.build({ layout: 'ViT_REL', imageSize: 100 })).toThrow(UserError);
  });
});

describe('CoAtNet-layout', () => {
  itReproducesTheRecords(COATNET_LAYOUT);

  it.each([
    ['C-C-C-C', 6, 0],
    ['C-C-C-T', 5, 1],
    ['C-C-T-T', 3, 3],
    ['C-T-T-T', 1, 5],
    ['ViT_REL', 0, 6],
  ])('%s has %d MBConv and %d attention blocks, found by the analysis', (layout, mbconv, attention) => {
    const analysis = analysed(COATNET_LAYOUT.build({ ...SMALL, layout }));
    expect(countKinds(analysis, 'mbconv', 'attention', 'transformer')).toEqual({ mbconv, attention, transformer: attention });
  });

  it.each([
    [false, true],
    [true, false],
  ])('ViT_REL with relative positions %s: permuted patches give the same logits %s', async (relative, same) => {
    const built = COATNET_LAYOUT.build({ ...SMALL, imageSize: 32, layout: 'ViT_REL', relative });
    const image = noise(3 * 32 * 32);
    const spread = Object.fromEntries(Object.entries(tables(built, 0)).map(([name, { length }]) => [name, noise(length)]));
    const straight = await runOn(built, image, { weights: spread });
    const turned = await runOn(built, rotateQuarters(image), { weights: spread });
    expect(furthest(straight['logits']?.data, turned['logits']?.data) < 1e-5).toBe(same);
  });
});
