import { describe, expect, it } from 'vitest';
import { ENET_SAD } from '../../../src/architectures/enetSad';
import { attentionMap } from '../../../src/architectures/enetSad/attentionMap';
import { GraphBuilder } from '../../../src/architectures/graph';
import { countKinds, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { height: 32, width: 48 };
const IMAGE = noise(3 * 32 * 48);

describe('ENet-SAD', () => {
  itReproducesTheRecords(ENET_SAD);

  it('as published has the printed parameters', () => {
    const { parameters } = analysed(ENET_SAD.build(ENET_SAD.variants[0]?.knobs ?? {})).profile.totals;
    expect((Number(parameters) / 1e6).toFixed(2)).toBe('0.98');
  });

  it('gains what wider bottlenecks have, worked out by hand, where these narrow to a quarter of the output', () => {
    const parameters = (narrowed: string) => Number(analysed(ENET_SAD.build({ narrowed })).profile.totals.parameters);
    // 2x2 of ci to i, 3x3 of i to i, 1x1 of i to co, and two BatchNorms of i.
    const branch = (ci: number, i: number, co: number) => 4 * ci * i + 9 * i * i + i * co + 2 * 2 * i;
    const gained = branch(16, 16, 64) - branch(16, 4, 64) + branch(64, 32, 128) - branch(64, 16, 128);
    expect(parameters('output') - parameters('input')).toBe(gained);
  });

  it('is found to have its bottlenecks, and no attention', () => {
    const found = countKinds(analysed(ENET_SAD.build({})), 'residual-bottleneck', 'residual-basic', 'attention');
    // 4 + 3 x 8 + 3 regular ones and 2 that double the sides; the 2 that halve them start with a 2x2.
    expect(found).toEqual({ 'residual-bottleneck': 33, 'residual-basic': 2, attention: 0 });
  });

  it('runs, with maps that each sum to one', async () => {
    const results = await runOn(ENET_SAD.build(SMALL), noise(2 * 3 * 32 * 48));
    expect(results['segmentation']?.shape).toEqual([2, 5, 32, 48]);
    expect(results['existence']?.shape).toEqual([2, 4]);
    for (const encoder of [1, 2, 3, 4]) {
      const { data, shape } = results[`attention${encoder}`] ?? { data: new Float32Array(), shape: [] };
      expect(shape).toEqual([2, 8, 12]);
      for (const image of [data.subarray(0, 96), data.subarray(96)]) expect(image.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    }
  });

  it('without maps gives the same segmentation', async () => {
    const plain = await runOn(ENET_SAD.build({ ...SMALL, power: 0 }), IMAGE);
    expect(Object.keys(plain).sort()).toEqual(['existence', 'segmentation']);
    expect(plain['segmentation']?.data).toEqual((await runOn(ENET_SAD.build(SMALL), IMAGE))['segmentation']?.data);
  });

  it('takes sides that can be halved four times', () => {
    expect(() => ENET_SAD.build({ height: 300 })).toThrow('ENet-SAD: "height" takes a multiple of 16, not 300.');
  });
});

describe('attentionMap', () => {
  it.each([1, 2])('is the softmax over the positions of the sums of |A|^%d, as written out', async (power) => {
    const [channels, height, width] = [3, 2, 4];
    const b = new GraphBuilder({ name: 'map' });
    const x = b.input('x', ['batch', channels, height, width]);
    b.output(attentionMap(b, 'map', x, x, power), 'y');
    const values = noise(channels * height * width);
    const sums = Array.from({ length: height * width }, (_, at) =>
      [0, 1, 2].reduce((sum, channel) => sum + Math.abs(values[channel * height * width + at] ?? 0) ** power, 0),
    );
    const total = sums.reduce((sum, value) => sum + Math.exp(value), 0);
    const expected = sums.map((value) => Math.exp(value) / total);
    expect(furthest((await runOn(b.build(), values))['y']?.data, expected)).toBeLessThan(1e-6);
  });
});
