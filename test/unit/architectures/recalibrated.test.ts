import { describe, expect, it } from 'vitest';
import { GATHER_EXCITE } from '../../../src/architectures/gatherExcite';
import { GraphBuilder } from '../../../src/architectures/graph';
import { gatherExcite } from '../../../src/architectures/layers/gatherExcite';
import { SE_RESNET } from '../../../src/architectures/seResnet';
import { countKinds, furthest, noise, runOn } from './attentionSupport';
import { analysed, itReproducesTheRecords } from './support';

const SMALL = { layers: [1, 1, 1, 1], width: 8, imageSize: 72, classes: 7, reduction: 4 };
const IMAGES = noise(2 * 3 * 72 * 72);

describe('SE-ResNet', () => {
  itReproducesTheRecords(SE_RESNET);

  it('is found to have one gate in each block', () => {
    const found = countKinds(analysed(SE_RESNET.build({})), 'squeeze-excite', 'residual-bottleneck', 'attention');
    expect(found).toEqual({ 'squeeze-excite': 16, 'residual-bottleneck': 16, attention: 0 });
  });

  it.each(['basic', 'bottleneck'])('runs with %s blocks', async (block) => {
    const { logits } = await runOn(SE_RESNET.build({ ...SMALL, block }), IMAGES);
    expect(logits?.shape).toEqual([2, 7]);
    expect([...(logits?.data ?? [])].every(Number.isFinite)).toBe(true);
  });
});

describe('Gather-Excite', () => {
  itReproducesTheRecords(GATHER_EXCITE);

  it.each(['theta-', 'theta', 'theta+'])('of form %s is found to have one gate in each block', (form) => {
    const found = countKinds(
      analysed(GATHER_EXCITE.build({ form })),
      'gather-excite',
      'squeeze-excite',
      'residual-bottleneck',
      'attention',
    );
    expect(found).toEqual({ 'gather-excite': 16, 'squeeze-excite': 0, 'residual-bottleneck': 16, attention: 0 });
  });

  it('costs within 0.2% of what the paper prints where the stride is in the first 1x1', () => {
    const printed = { 'theta-': 3.86e9, theta: 3.87e9, 'theta+': 3.87e9 };
    for (const [form, cost] of Object.entries(printed)) {
      const { macs } = analysed(GATHER_EXCITE.build({ form, strideIn: '1x1' })).profile.totals;
      expect(Math.abs(Number(macs) / cost - 1)).toBeLessThan(0.002);
    }
  });

  it.each(['2', '4', '8', 'global'])('runs with extent %s in all its forms', async (extent) => {
    for (const form of ['theta-', 'theta', 'theta+']) {
      const { logits } = await runOn(GATHER_EXCITE.build({ ...SMALL, form, extent }), IMAGES);
      expect(logits?.shape).toEqual([2, 7]);
      expect([...(logits?.data ?? [])].every(Number.isFinite)).toBe(true);
    }
  });

  it('theta- with extent 2 is x times the sigmoid of 3x3 means at every second place, as written out', async () => {
    const side = 5;
    const b = new GraphBuilder({ name: 'ge' });
    b.output(gatherExcite(b, 'ge', b.input('x', ['batch', 1, side, side]), { extent: 2, gather: 'average', hidden: 0 }), 'y');
    const x = noise(side * side);
    const at = (row: number, column: number) =>
      row < 0 || column < 0 || row >= side || column >= side ? [] : [x[row * side + column] ?? 0];
    const expected = Array.from(x, (value, index) => {
      const [row, column] = [2 * Math.floor(index / side / 2), 2 * Math.floor((index % side) / 2)];
      const near = [-1, 0, 1].flatMap((down) => [-1, 0, 1].flatMap((right) => at(row + down, column + right)));
      // Three gathered values along five: floor(index * 3 / 5) is the nearest below.
      return value / (1 + Math.exp(-near.reduce((sum, one) => sum + one, 0) / near.length));
    });
    expect(furthest((await runOn(b.build(), x))['y']?.data, expected)).toBeLessThan(1e-6);
  });

  it('says which knobs do not fit', () => {
    expect(() => GATHER_EXCITE.build({ extent: '3' })).toThrow('Gather-Excite: "extent" takes "2", "4", "8" or "global", not "3".');
  });
});
