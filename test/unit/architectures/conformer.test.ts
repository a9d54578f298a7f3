import { describe, expect, it } from 'vitest';
import { CONFORMER } from '../../../src/architectures/conformer';
import { blocksOf, countKinds, expectRowsSumToOne, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { layers: 2, dim: 16, heads: 2, kernel: 4, ffExpansion: 2, frames: 35, mels: 20 };

describe('Conformer', () => {
  itReproducesTheRecords(CONFORMER);

  it('is found block by block', () => {
    const analysis = analysed(CONFORMER.build(SMALL));
    expect(countKinds(analysis, 'transformer', 'attention', 'feed-forward', 'conformer-convolution')).toEqual({
      transformer: 2,
      attention: 2,
      'feed-forward': 4,
      'conformer-convolution': 2,
    });
    for (const { label } of blocksOf(analysis.profile.blocks, 'transformer')) expect(label).toMatch(/^Conformer block/);
  });

  it('has attention rows that sum to one', () => expectRowsSumToOne(CONFORMER, SMALL));

  it('tells offsets apart by the direct sum over projected positions', async () => {
    const built = CONFORMER.build({ ...SMALL, layers: 1 });
    const nodes = built.model.graph.nodes;
    const output = (name: string) => nodes.find((node) => node.name === name)?.outputs[0] ?? '';
    const softmax = nodes.find(({ op }) => op === 'Softmax');
    const scores = softmax?.inputs[0] ?? '';
    const at = (name: string) => `/encoder/encoder.0/attn/${name}`;
    const taps = [scores, output(at('linear_q/Add')), output(at('linear_k/Add')), output(at('linear_pos/MatMul'))];
    const weights = { 'encoder.0.attn.pos_bias_u': noise(16, 1), 'encoder.0.attn.pos_bias_v': noise(16, 2) };
    const values = await runOn(built, noise(35 * 20), { also: taps, weights });
    const [found, q, k, p] = taps.map((name) => values[name]?.data ?? new Float32Array());
    const [steps, size] = [values[scores]?.shape.at(-1) ?? 0, 8];
    const direct = Array.from({ length: 2 * steps * steps }, (_, index) => {
      const [head, query, key] = [Math.floor(index / steps ** 2), Math.floor(index / steps) % steps, index % steps];
      let sum = 0;
      for (let channel = head * size; channel < (head + 1) * size; channel++) {
        const own = q?.[query * 16 + channel] ?? 0;
        const offset = key - query + steps - 1;
        sum += (own + (weights['encoder.0.attn.pos_bias_u'][channel] ?? 0)) * (k?.[key * 16 + channel] ?? 0);
        sum += (own + (weights['encoder.0.attn.pos_bias_v'][channel] ?? 0)) * (p?.[offset * 16 + channel] ?? 0);
      }
      return sum / Math.sqrt(size);
    });
    expect(steps).toBe(8);
    expect(furthest(found ?? [], direct)).toBeLessThan(1e-5);
  });

  it('says which knobs do not fit', () => {
    expect(() => CONFORMER.build({ ...SMALL, heads: 3 })).toThrow('Conformer: 3 heads do not divide a width of 16.');
  });
});
