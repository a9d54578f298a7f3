import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/architectures/graph';
import { STAND_ALONE } from '../../../src/architectures/standAlone';
import { localAttention } from '../../../src/architectures/standAlone/attention';
import { UserError } from '../../../src/bytes';
import { blocksOf, countKinds, expectRowsSumToOne, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { imageSize: 32, layers: [1, 1, 1, 1], width: 8, heads: 2, window: 3, classes: 5 };

/** One layer on [1, 4, 5, 6] with two heads and a 3 x 3 neighbourhood. */
function layer(relative: boolean) {
  const b = new GraphBuilder({ name: 'layer' });
  b.output(localAttention(b, 'attn', b.input('x', ['batch', 4, 5, 6]), { out: 4, heads: 2, window: 3, stride: 1, relative }), 'y');
  return b.build();
}

type Tensors = Readonly<Record<string, Float32Array>>;

/** Equation 3 of arXiv 1906.05909 written out for one output. */
function direct(x: Float32Array, weights: Tensors, channel: number, row: number, column: number): number {
  const project = (part: string, out: number, i: number, j: number): number => {
    if (i < 0 || j < 0 || i >= 5 || j >= 6) return 0;
    return [0, 1, 2, 3].reduce((sum, c) => sum + (weights[`attn.${part}.weight`]?.[out * 4 + c] ?? 0) * (x[c * 30 + i * 6 + j] ?? 0), 0);
  };
  const head = Math.floor(channel / 2);
  const around = [-1, 0, 1].flatMap((di) => [-1, 0, 1].map((dj) => [di, dj] as const));
  const scores = around.map(([di, dj]) => {
    const offset = [weights['attn.rel_h']?.[di + 1] ?? 0, weights['attn.rel_w']?.[dj + 1] ?? 0];
    return [0, 1].reduce(
      (sum, d) => sum + project('q', 2 * head + d, row, column) * (project('k', 2 * head + d, row + di, column + dj) + (offset[d] ?? 0)),
      0,
    );
  });
  const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
  return around.reduce((sum, [di, dj], at) => sum + (Math.exp(scores[at] ?? 0) / total) * project('v', channel, row + di, column + dj), 0);
}

describe('stand-alone self-attention', () => {
  itReproducesTheRecords(STAND_ALONE);

  it.each([true, false])('computes what its equation says, offsets %s', async (relative) => {
    const x = noise(120);
    const projections = Object.fromEntries(['q', 'k', 'v'].map((part, at) => [`attn.${part}.weight`, noise(16, at + 1)]));
    const weights: Tensors = relative ? { ...projections, 'attn.rel_h': noise(3, 5), 'attn.rel_w': noise(3, 6) } : projections;
    const { y } = await runOn(layer(relative), x, { weights });
    const expected = Array.from({ length: 120 }, (_, at) => direct(x, weights, Math.floor(at / 30), Math.floor(at / 6) % 5, at % 6));
    expect(y?.shape).toEqual([1, 4, 5, 6]);
    expect(furthest(y?.data, expected)).toBeLessThan(1e-5);
  });

  it('is found again by the analysis: attention in place of every 3x3', () => {
    const analysis = analysed(STAND_ALONE.build(SMALL));
    expect(countKinds(analysis, 'attention')).toEqual({ attention: 4 });
    for (const core of analysis.blocks.attention) expect(core).toMatchObject({ heads: 2, keys: 9, cross: false, position: 'relative' });
    const found = blocksOf(analysis.profile.blocks, 'attention');
    expect(found.map(({ label }) => label)).toEqual(new Array(4).fill('Local attention'));
    expect(found.map(({ attributes }) => attributes['windows'])).toEqual([64, 64, 16, 4]);
  });

  it.each([
    [[1, 2, 4, 1], 8],
    [[3, 4, 6, 3], 16],
  ])('of layers %j has %d attentions to 49 neighbours, found by the analysis', (layers, blocks) => {
    const analysis = analysed(STAND_ALONE.build({ layers }));
    expect(countKinds(analysis, 'residual-bottleneck', 'attention')).toEqual({ 'residual-bottleneck': blocks, attention: blocks });
    for (const core of analysis.blocks.attention) expect(core).toMatchObject({ heads: 8, keys: 49 });
  });

  it('has attention rows that sum to one', () => expectRowsSumToOne(STAND_ALONE, SMALL));

  it('says what does not fit', () => {
    expect(() => STAND_ALONE.build({ window: 6 })).toThrow(new UserError('SASA: the window must be odd to have a centre, not 6.'));
    expect(() => STAND_ALONE.build({ imageSize: 100 })).toThrow(new UserError('SASA: the image must be a multiple of 32, not 100.'));
    expect(() => STAND_ALONE.build({ heads: 64 })).toThrow(
      new UserError('SASA: row and column offsets need an even head size, not 1 (a width of 64 over 64 heads).'),
    );
  });
});
