import { describe, expect, it } from 'vitest';
import { DEIT } from '../../../src/architectures/deit';
import { VIT } from '../../../src/architectures/vit';
import { UserError } from '../../../src/bytes';
import { torchReference } from '../../fixtures/torchReference';
import { countKinds, expectRowsSumToOne, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { imageSize: 32, patch: 8, dim: 16, layers: 2, heads: 2, mlp: 24, classes: 5 };
const NORM = '/norm/LayerNormalization_output_0';
const reference = await torchReference('vit');

/** The pixels of patch (row, column) of a [3, 32, 32] image, channel by channel. */
function patchOf(image: Float32Array, patch: number): number[] {
  const [top, left] = [8 * Math.floor(patch / 4), 8 * (patch % 4)];
  return Array.from({ length: 192 }, (_, at) => {
    const [channel, row, column] = [Math.floor(at / 64), Math.floor(at / 8) % 8, at % 8];
    return image[channel * 1024 + (top + row) * 32 + left + column] ?? Number.NaN;
  });
}

/** The image with patch p moved to place (p + 5) mod 16. */
function rotatePatches(image: Float32Array): Float32Array {
  const moved = new Float32Array(image.length);
  for (let patch = 0; patch < 16; patch++) {
    const to = (patch + 5) % 16;
    patchOf(image, patch).forEach((value, at) => {
      const [channel, row, column] = [Math.floor(at / 64), Math.floor(at / 8) % 8, at % 8];
      moved[channel * 1024 + (8 * Math.floor(to / 4) + row) * 32 + 8 * (to % 4) + column] = value;
    });
  }
  return moved;
}

/** Rows of [17, 16] tokens with the patches (not the class token) moved as `rotatePatches` does. */
function rotateTokens(tokens: Float32Array): Float32Array {
  const moved = Float32Array.from(tokens);
  for (let patch = 0; patch < 16; patch++) moved.set(tokens.slice((1 + patch) * 16, (2 + patch) * 16), (1 + ((patch + 5) % 16)) * 16);
  return moved;
}

describe('ViT', () => {
  itReproducesTheRecords(VIT);

  it('is found again by the analysis: attention, feed-forward and patch embedding as built', () => {
    const analysis = analysed(VIT.build(SMALL));
    const kinds = countKinds(analysis, 'attention', 'feed-forward', 'transformer', 'patch-embedding', 'head');
    expect(kinds).toEqual({ attention: 2, 'feed-forward': 2, transformer: 2, 'patch-embedding': 1, head: 1 });
    for (const core of analysis.blocks.attention)
      expect(core).toMatchObject({ heads: 2, headSize: 8, queries: 17, keys: 17, batchWindows: 1, cross: false, causal: false });
  });

  it.each([
    ['ViT-Ti/16 @384', 12, 3, 577],
    ['ViT-B/32 @224', 12, 12, 50],
    ['ViT-H/14 @518', 32, 16, 1370],
  ])('%s has %d blocks of %d heads over %d tokens, found by the analysis', (name, layers, heads, tokens) => {
    const variant = VIT.variants.find((one) => one.name === name);
    const analysis = analysed(VIT.build(variant?.knobs ?? {}));
    expect(countKinds(analysis, 'transformer', 'feed-forward')).toEqual({ transformer: layers, 'feed-forward': layers });
    expect(analysis.blocks.attention.map((core) => [core.heads, core.queries, core.keys])).toEqual(
      new Array(layers).fill([heads, tokens, tokens]),
    );
  });

  it('has attention rows that sum to one', () => expectRowsSumToOne(VIT, SMALL));

  it('embeds patches as unfolding and one matrix product do', async () => {
    const built = VIT.build(SMALL);
    const weight = noise(16 * 192, 1);
    const bias = noise(16, 2);
    const image = noise(3 * 32 * 32);
    const tap = '/patch_embed/Transpose_output_0';
    const outputs = await runOn(built, image, {
      weights: { 'patch_embed.proj.weight': weight, 'patch_embed.proj.bias': bias },
      also: [tap],
    });
    const expected = Array.from({ length: 16 }, (_, patch) => {
      const pixels = patchOf(image, patch);
      return Array.from({ length: 16 }, (_, out) =>
        pixels.reduce((sum, pixel, at) => sum + pixel * (weight[out * 192 + at] ?? 0), bias[out] ?? 0),
      );
    }).flat();
    expect(furthest(outputs[tap]?.data, expected)).toBeLessThan(1e-4);
  });

  it.each([
    ['none', true],
    ['learned', false],
  ])('with positions "%s", permuted patches giving permuted tokens is %s', async (position, permutes) => {
    const built = VIT.build({ ...SMALL, position });
    const image = noise(3 * 32 * 32);
    const straight = await runOn(built, image, { also: [NORM] });
    const rotated = await runOn(built, rotatePatches(image), { also: [NORM] });
    const distance = furthest(rotated[NORM]?.data, rotateTokens(straight[NORM]?.data ?? new Float32Array()));
    expect(distance < 1e-5).toBe(permutes);
    expect(furthest(rotated['logits']?.data, straight['logits']?.data) < 1e-5).toBe(permutes);
  });

  it.skipIf(reference === null)('gives what torchvision gives on the same weights', async () => {
    const built = VIT.build(SMALL);
    const weights = reference?.weights ?? {};
    expect(Object.keys(weights).sort()).toEqual([...built.fills.keys()].sort());
    const { logits } = await runOn(built, reference?.input ?? [], { weights });
    expect(logits?.shape).toEqual([2, 5]);
    expect(furthest(logits?.data, reference?.output)).toBeLessThan(1e-5);
  });

  it('can classify by the mean of the patches', () => {
    const { profile } = analysed(VIT.build({ ...SMALL, classToken: false }));
    const withToken = analysed(VIT.build(SMALL)).profile;
    // A class token and its position are 2 x 16 parameters.
    expect(Number(withToken.totals.parameters) - Number(profile.totals.parameters)).toBe(32);
  });

  it('says what does not fit', () => {
    expect(() => VIT.build({ imageSize: 225 })).toThrow(
      new UserError('ViT: patches of 16 do not tile an image of 225; choose a multiple of 16.'),
    );
    expect(() => VIT.build({ heads: 5 })).toThrow(new UserError('ViT: 5 heads do not divide a width of 768.'));
    expect(() => VIT.build({ width: 5 })).toThrow(UserError);
  });
});

describe('DeiT', () => {
  itReproducesTheRecords(DEIT);

  it('has attention rows that sum to one', () => expectRowsSumToOne(DEIT, { ...SMALL, distilled: true }));

  it('averages the classifiers of its two tokens', async () => {
    const built = DEIT.build({ ...SMALL, distilled: true });
    const taps = ['/head/Gemm_output_0', '/head_dist/Gemm_output_0'];
    const { logits, ...heads } = await runOn(built, noise(3 * 32 * 32), { also: taps });
    const [first, second] = taps.map((name) => heads[name]?.data ?? []);
    const mean = Array.from({ length: 5 }, (_, index) => ((first?.[index] ?? 0) + (second?.[index] ?? 0)) / 2);
    expect(furthest(first ?? [], second ?? [])).toBeGreaterThan(1e-3);
    expect(furthest(logits?.data, mean)).toBeLessThan(1e-6);
    expect(analysed(built).blocks.attention.map(({ queries }) => queries)).toEqual([18, 18]);
  });
});
