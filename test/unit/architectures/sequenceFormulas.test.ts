import { describe, expect, it } from 'vitest';
import type { Knobs } from '../../../src/architectures/family';
import { SEQUENCE_LAYERS } from '../../../src/architectures/sequenceLayers';
import { analysed } from './support';

const LAYERS = SEQUENCE_LAYERS.knobs.flatMap((knob) => (knob.name === 'layer' && knob.kind === 'choice' ? knob.choices : []));

/** `4 n d^2 + 2 n r d` for given letters. */
function evaluate(formula: string, letters: Readonly<Record<string, number>>): number {
  const factor = (text: string) => {
    const [letter = '', power = '1'] = text.split('^');
    return (letters[letter] ?? Number(letter)) ** Number(power);
  };
  const terms = formula.split(' + ').map((term) =>
    term
      .split(' ')
      .map(factor)
      .reduce((product, value) => product * value, 1),
  );
  return terms.reduce((sum, value) => sum + value, 0);
}

function factsOf(knobs: Knobs): Readonly<Record<string, string>> {
  return Object.fromEntries((SEQUENCE_LAYERS.facts?.(knobs) ?? []).map(({ name, value }) => [name, value]));
}

describe('formulas of sequence layers', () => {
  it.each(LAYERS)('%s: give the counted weights and multiply-adds for any n, d, k, r and H', (layer) => {
    for (const [n, d, k, r, H, layers] of [
      [12, 16, 3, 4, 2, 1],
      [20, 24, 5, 6, 4, 2],
      [33, 8, 1, 3, 1, 3],
    ] as const) {
      const knobs = { layer, length: n, dim: d, kernel: k, neighbourhood: r, heads: H, layers };
      const facts = factsOf(knobs);
      const counted = (bias: boolean) => analysed(SEQUENCE_LAYERS.build({ ...knobs, bias })).profile.totals;
      const [macs = ''] = (facts['MACs of a layer'] ?? '').split(':');
      const [weights = '', biases] = (facts['weights of a layer'] ?? '').split(/, and | with biases/);
      const letters = { n, d, k, r, H };
      expect(counted(false).macs).toBe(layers * evaluate(macs, letters));
      expect(counted(false).parameters).toBe(layers * evaluate(weights, letters));
      if (biases) expect(counted(true).parameters).toBe(layers * (evaluate(weights, letters) + evaluate(biases, letters)));
    }
  });

  it.each([
    // arXiv 1901.10430, section 3: a full, a depthwise and a lightweight convolution of width 1024 and 7 taps, 16 heads.
    ['1-D convolution', 7_340_032],
    ['depthwise convolution', 7_168],
    ['lightweight convolution', 112],
    ['dynamic convolution', 114_688],
  ])('%s has the weights that the paper of LightConv gives', (layer, weights) => {
    const built = SEQUENCE_LAYERS.build({ layer, length: 10, dim: 1024, kernel: 7, heads: 16 });
    expect(analysed(built).profile.totals.parameters).toBe(weights);
  });

  it.each([
    // arXiv 1706.03762, table 1.
    ['self-attention', 'O(n^2 d)', /: O\(1\)$/, /: O\(1\)$/],
    ['truncated self-attention', 'O(r n d)', /: O\(1\)$/, /: O\(n\/r\)$/],
    ['LSTM', 'O(n d^2)', /: O\(n\)$/, /: O\(n\)$/],
    ['GRU', 'O(n d^2)', /: O\(n\)$/, /: O\(n\)$/],
    ['1-D convolution', 'O(k n d^2)', /: O\(1\)$/, /O\(log_k n\)$/],
  ] as const)('%s has the orders of its table', (layer, order, sequential, path) => {
    const facts = factsOf({ layer });
    expect(facts['MACs of a layer']?.endsWith(`: ${order}`)).toBe(true);
    expect(facts['sequential steps']).toMatch(sequential);
    expect(facts['longest path']).toMatch(path);
  });
});
