import { describe, expect, it } from 'vitest';
import { TRANSFORMER } from '../../../src/architectures/transformer';
import { blocksOf, countKinds, furthest, furthestFromOne } from './attentionSupport';
import { runFeeds } from './sequenceSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { encoderLayers: 2, decoderLayers: 2, dim: 16, ff: 24, heads: 2, vocabulary: 11, sourceLength: 6, targetLength: 5 };
const source = { dims: [1, 6], data: [1, 4, 2, 8, 5, 7] };
const target = { dims: [1, 5], data: [3, 1, 4, 1, 5] };
const row = (logits: Float32Array | undefined, step: number) => Array.from(logits ?? []).slice(step * 11, (step + 1) * 11);

describe('Transformer', () => {
  itReproducesTheRecords(TRANSFORMER);

  it('is found block by block: encoder layers, and decoder layers with masked and cross attention', () => {
    const analysis = analysed(TRANSFORMER.build(SMALL));
    expect(countKinds(analysis, 'transformer', 'attention', 'feed-forward')).toEqual({ transformer: 4, attention: 6, 'feed-forward': 4 });
    const attentions = blocksOf(analysis.profile.blocks, 'attention').map(({ attributes }) => [
      attributes['causal'] ?? false,
      attributes['cross'] ?? false,
      attributes['queries'],
      attributes['keys'],
    ]);
    const own = [false, false, 6, 6];
    expect(attentions).toEqual([own, own, [true, false, 5, 5], [false, true, 5, 6], [true, false, 5, 5], [false, true, 5, 6]]);
  });

  it('has rows of attention that sum to one, behind masks and across too', async () => {
    const built = TRANSFORMER.build({ ...SMALL, sourceMask: true });
    const cores = analysed(built).blocks.attention;
    const source_mask = { dims: [1, 6], data: [1, 1, 1, 1, 0, 0] };
    const outputs = await runFeeds(built, { source, target, source_mask }, { also: cores.map(({ probabilities }) => probabilities) });
    expect(cores).toHaveLength(6);
    for (const { probabilities, keys } of cores)
      expect(furthestFromOne(outputs[probabilities] ?? new Float32Array(), Number(keys))).toBeLessThan(1e-5);
  });

  it('answers for each target token without looking at later ones', async () => {
    const built = TRANSFORMER.build(SMALL);
    const { logits } = await runFeeds(built, { source, target });
    const later = await runFeeds(built, { source, target: { dims: [1, 5], data: [3, 1, 4, 9, 2] } });
    for (const step of [0, 1, 2]) expect(furthest(row(later['logits'], step), row(logits, step))).toBeLessThan(1e-6);
    for (const step of [3, 4]) expect(furthest(row(later['logits'], step), row(logits, step))).toBeGreaterThan(1e-3);
  });

  it('does not tell the order of its source without positions, and does with them', async () => {
    const turned = { dims: [1, 6], data: [7, 5, 8, 2, 4, 1] };
    for (const [positions, same] of [
      ['none', true],
      ['sinusoidal', false],
      ['learned', false],
    ] as const) {
      const built = TRANSFORMER.build({ ...SMALL, positions });
      const { logits = new Float32Array() } = await runFeeds(built, { source, target });
      const other = await runFeeds(built, { source: turned, target });
      const difference = furthest(other['logits'] ?? [], logits);
      if (same) expect(difference).toBeLessThan(1e-5);
      else expect(difference).toBeGreaterThan(1e-3);
    }
  });

  it('does not read the source where its mask hides it', async () => {
    const built = TRANSFORMER.build({ ...SMALL, sourceMask: true });
    const source_mask = { dims: [1, 6], data: [1, 1, 1, 1, 0, 0] };
    const { logits = new Float32Array() } = await runFeeds(built, { source, target, source_mask });
    const padded = await runFeeds(built, { source: { dims: [1, 6], data: [1, 4, 2, 8, 0, 0] }, target, source_mask });
    const changed = await runFeeds(built, { source: { dims: [1, 6], data: [1, 4, 2, 0, 5, 7] }, target, source_mask });
    expect(furthest(padded['logits'] ?? [], logits)).toBeLessThan(1e-6);
    expect(furthest(changed['logits'] ?? [], logits)).toBeGreaterThan(1e-3);
  });

  it('says which knobs do not fit', () => {
    expect(() => TRANSFORMER.build({ ...SMALL, heads: 3 })).toThrow('Transformer: 3 heads do not divide a width of 16.');
  });
});
