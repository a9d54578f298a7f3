import { describe, expect, it } from 'vitest';
import { type BuiltModel, GraphBuilder } from '../../../../src/architectures/graph';
import { type AttentionAugmentedOptions, attentionAugmented } from '../../../../src/architectures/layers/attentionAugmented';
import { relativeLogits } from '../../../../src/architectures/layers/relativeLogits';
import { furthest, noise, runOn } from '../attentionSupport';

const [CHANNELS, SIDE] = [8, 5];
const OPTIONS: AttentionAugmentedOptions = {
  ...{ out: 8, kernel: 3, kappa: 0.5, upsilon: 0.5, heads: 2, minimumKeys: 3 },
  positions: 'relative',
};
const X = noise(CHANNELS * SIDE * SIDE).map((value) => 10 * value);

function layer(options: Partial<AttentionAugmentedOptions>, height = SIDE, width = SIDE): BuiltModel {
  const b = new GraphBuilder({ name: 'layer' });
  b.output(attentionAugmented(b, 'aa', b.input('x', ['batch', CHANNELS, height, width]), { ...OPTIONS, ...options }), 'y');
  return b.build();
}

async function outputOf(built: BuiltModel, x: Float32Array, weights?: Readonly<Record<string, ArrayLike<number>>>): Promise<Float32Array> {
  return (await runOn(built, x, weights ? { weights } : {}))['y']?.data ?? new Float32Array();
}

/** Positions of `[1, C, SIDE, SIDE]` in another order: the same for every channel. */
function permuted(values: Float32Array): Float32Array {
  const area = SIDE * SIDE;
  return values.map((_, at) => values[Math.floor(at / area) * area + (((at % area) * 7 + 3) % area)] ?? Number.NaN);
}

describe('attention-augmented convolution', () => {
  it('with upsilon 0 is the sum over the kernel, as written out', async () => {
    const weight = noise(8 * CHANNELS * 9, 1);
    const expected = Array.from({ length: 8 * SIDE * SIDE }, (_, at) => {
      const [out, row, column] = [Math.floor(at / SIDE ** 2), Math.floor(at / SIDE) % SIDE, at % SIDE];
      let sum = 0;
      for (let channel = 0; channel < CHANNELS; channel++) {
        for (let tap = 0; tap < 9; tap++) {
          const [y, x] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
          if (y < 0 || x < 0 || y >= SIDE || x >= SIDE) continue;
          sum += (weight[(out * CHANNELS + channel) * 9 + tap] ?? 0) * (X[(channel * SIDE + y) * SIDE + x] ?? 0);
        }
      }
      return sum;
    });
    expect(furthest(await outputOf(layer({ upsilon: 0 }), X, { 'aa.weight': weight }), expected)).toBeLessThan(1e-4);
  });

  it('with relative embeddings of zero attends as without positions', async () => {
    const zeros = { 'aa.attention.rel_h': new Float32Array(3 * 9), 'aa.attention.rel_w': new Float32Array(3 * 9) };
    const none = await outputOf(layer({ positions: 'none' }), X);
    expect(furthest(await outputOf(layer({}), X, zeros), none)).toBeLessThan(1e-5);
    expect(furthest(await outputOf(layer({}), X), none)).toBeGreaterThan(0.01);
  });

  it('follows a permutation of the positions only where it does not know them', async () => {
    const attentive = { upsilon: 1, kappa: 1 };
    for (const positions of ['none', 'relative', 'sine', 'coordconv'] as const) {
      const built = layer({ ...attentive, positions });
      const difference = furthest(await outputOf(built, permuted(X)), permuted(await outputOf(built, X)));
      if (positions === 'none') expect(difference).toBeLessThan(1e-5);
      else expect(difference).toBeGreaterThan(0.01);
    }
  });

  it.each([
    [7, 9, 1],
    [7, 9, 2],
    [6, 5, 2],
  ])('pools and upsamples a map of %i x %i at stride %i to the sides of the convolution', (height, width, stride) => {
    const sides = [Math.ceil(height / stride), Math.ceil(width / stride)];
    for (const upsilon of [0, 0.5, 1]) {
      const { model } = layer({ upsilon, stride, pooled: true }, height, width);
      expect(model.graph.outputs[0]?.type).toEqual({ kind: 'tensor', dtype: 'float32', shape: ['batch', 8, ...sides] });
    }
  });
});

describe('relativeLogits', () => {
  it('by skewing equals the sum over rows and columns, as written out', async () => {
    const [heads, height, width, depth] = [2, 3, 4, 5];
    const b = new GraphBuilder({ name: 'logits' });
    b.output(relativeLogits(b, b.input('q', ['batch', heads, height * width, depth]), height, width), 's');
    const q = noise(2 * heads * height * width * depth);
    const [rows, columns] = [noise(depth * (2 * height - 1), 1), noise(depth * (2 * width - 1), 2)];
    const { s } = await runOn(b.build(), q, { weights: { rel_h: rows, rel_w: columns } });
    const area = height * width;
    const expected = Array.from({ length: 2 * heads * area * area }, (_, at) => {
      const [query, key] = [Math.floor(at / area), at % area];
      const down = Math.floor(key / width) - Math.floor((query % area) / width) + height - 1;
      const right = (key % width) - ((query % area) % width) + width - 1;
      let sum = 0;
      for (let d = 0; d < depth; d++) {
        sum += (q[query * depth + d] ?? 0) * ((rows[d * (2 * height - 1) + down] ?? 0) + (columns[d * (2 * width - 1) + right] ?? 0));
      }
      return sum;
    });
    expect(s?.shape).toEqual([2, heads, area, area]);
    expect(furthest(s?.data ?? [], expected)).toBeLessThan(1e-5);
  });
});
