import { describe, expect, it } from 'vitest';
import { readState } from '../../webview/common/kept';
import { axis, linearTicks, logTicks } from '../../webview/compare/curves/axis';
import { crossings, crossingsOf, nextSize } from '../../webview/compare/curves/crossings';
import { spreadLabels } from '../../webview/compare/curves/labels';
import { lookOf } from '../../webview/compare/curves/look';
import { defaultSizes, parseSizes } from '../../webview/compare/curves/sizes';
import { CURVES_READERS, FIRST_CURVES } from '../../webview/compare/curves/state';
import type { Curve } from '../../webview/compare/curves/types';
import { paretoFront } from '../../webview/compare/scale';
import { FIRST_SCATTER, readScatter } from '../../webview/compare/scatterAxes';

const SIZES = [128, 192, 224, 256, 320, 384, 448, 512];
const curve = (name: string, cost: (x: number) => number, sizes: readonly number[] = SIZES): Curve => ({
  id: name,
  name,
  pieces: [sizes.map((x) => ({ x, y: cost(x) }))],
});

describe('crossings', () => {
  // A convolution costs a x^2; attention over patches of 16 costs b x^2 + c x^4 for its projections and its scores.
  it('of a convolution and attention lie where the closed form says', () => {
    const convolution = curve('convolution', (x) => 9 * x ** 2);
    const scores = curve('scores', (x) => x ** 4 / 10_000);
    // 9 x^2 = x^4 / 10,000 at x = sqrt(90,000) = 300.
    const [found, ...others] = crossings([convolution, scores]);
    expect(found?.x).toBeCloseTo(300, 6);
    expect(found?.y).toBeCloseTo(9 * 300 ** 2, 3);
    expect([found?.below.name, found?.above.name]).toEqual(['scores', 'convolution']);
    expect(found?.between).toEqual([256, 320]);
    expect(others).toEqual([]);
  });

  it('of two quadratics are near the root between counted sizes, and closer with sizes near it', () => {
    // 3 x^2 + 100 x = 2 x^2 + 450 x at x = 350.
    const [a, b] = [(x: number) => 3 * x ** 2 + 100 * x, (x: number) => 2 * x ** 2 + 450 * x];
    const [coarse] = crossings([curve('a', a), curve('b', b)]);
    expect(Math.abs((coarse?.x ?? 0) - 350)).toBeLessThan(1);
    const near = [...SIZES, 352].sort((one, other) => one - other);
    const [fine] = crossings([curve('a', a, near), curve('b', b, near)]);
    expect(Math.abs((fine?.x ?? 0) - 350)).toBeLessThan(Math.abs((coarse?.x ?? 0) - 350));
    expect(fine?.between).toEqual([320, 352]);
  });

  it('are found although the two were counted at other sizes', () => {
    const [found] = crossings([curve('a', (x) => 9 * x ** 2, [64, 512]), curve('b', (x) => x ** 4 / 10_000, [100, 200, 400])]);
    expect(found?.x).toBeCloseTo(300, 6);
  });

  it('are all found where there are two', () => {
    // (x - 200)(x - 400) changes its sign twice.
    const found = crossings([curve('a', (x) => 1e6 + (x - 200) * (x - 400)), curve('b', () => 1e6)]);
    expect(found).toHaveLength(2);
    expect(found.map(({ above }) => above.name)).toEqual(['a', 'b']);
    expect(found[0]?.between).toEqual([192, 224]);
    expect(found[1]?.between).toEqual([384, 448]);
  });

  it.each([
    ['touch', (x: number) => 1000 + (x - 256) ** 2, () => 1000],
    ['run together', (x: number) => 5 * x, (x: number) => 5 * x],
    ['stay apart', (x: number) => 5 * x, (x: number) => 4 * x],
    ['meet at the last size only', (x: number) => 512 - x, () => 0],
  ])('are none where two curves %s', (_how, a, b) => {
    expect(crossingsOf(curve('a', a), curve('b', b))).toEqual([]);
  });

  it('are not looked for across a gap', () => {
    const a: Curve = { id: 'a', name: 'a', pieces: [[{ x: 128, y: 1 }], [{ x: 512, y: 9 }]] };
    expect(
      crossingsOf(
        a,
        curve('b', () => 5),
      ),
    ).toEqual([]);
  });

  it('are counted next at the nearest multiple inside their bracket', () => {
    const [found] = crossings([curve('a', (x) => 9 * x ** 2, [128, 512]), curve('b', (x) => x ** 4 / 10_000, [128, 512])]);
    if (!found) throw new Error('no crossing');
    expect(nextSize(found, 32, () => false)).toBe(288);
    expect(nextSize(found, 32, (size) => size === 288)).toBe(320);
    expect(nextSize({ ...found, between: [288, 320] }, 32, () => false)).toBeNull();
    expect(nextSize({ ...found, between: [299, 300] }, 1, () => false)).toBeNull();
  });
});

describe('sizes', () => {
  it.each([
    ['128, 224, 384', [128, 224, 384]],
    ['384 224;128', [128, 224, 384]],
    ['224, 224, 448', [224, 448]],
  ])('are read from %j', (text, sizes) => {
    expect(parseSizes('image', text)).toEqual({ sizes, error: '' });
  });

  it.each([
    ['128, big', '\u201cbig\u201d is not a size'],
    ['128, -3', '\u201c-3\u201d is not a size'],
    ['128, 22.5', '\u201c22.5\u201d is not a size'],
    ['0, 128', '\u201c0\u201d is not a size'],
    ['128, 9999', 'from 1 to 4,096'],
    ['224', 'two sizes or more'],
    [Array.from({ length: 40 }, (_, index) => index + 1).join(' '), '40 sizes are too many'],
  ])('are refused in one sentence: %j', (text, sentence) => {
    const { sizes, error } = parseSizes('image', text);
    expect(sizes).toBeNull();
    expect(error).toContain(sentence);
    expect(error.match(/\.(\s|$)/g)).toHaveLength(1);
  });

  it('of sequences go further', () => {
    expect(parseSizes('sequence', '64, 65536').sizes).toEqual([64, 65_536]);
  });

  it.each([
    ['image', [224, 224, 384]],
    ['image', [64, 224]],
    ['image', [32]],
    ['image', [28]],
    ['image', [600, 1024]],
    ['image', []],
    ['sequence', [128]],
    ['sequence', [10_000]],
  ] as const)('that suit %s models of %j rise, hold 32s of images, and reach their own', (kind, own) => {
    const sizes = defaultSizes(kind, own);
    expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
    expect(sizes.length).toBeGreaterThanOrEqual(6);
    if (kind === 'image') expect(sizes.every((size) => size % 32 === 0)).toBe(true);
    for (const size of own) if (size >= 32) expect(size >= (sizes[0] ?? 0) && size <= (sizes.at(-1) ?? 0)).toBe(true);
  });
});

describe('the chart', () => {
  it('keeps labels of close curves apart, in the order of the curves, inside', () => {
    const wished = [100, 101, 99, 250, 251, 2];
    const placed = spreadLabels(wished, 16, 0, 280);
    const order = (values: readonly number[]) => values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    expect(order(placed)).toEqual(order(wished));
    const sorted = [...placed].sort((a, b) => a - b);
    sorted.slice(1).forEach((value, index) => {
      expect(value - (sorted[index] ?? 0)).toBeGreaterThanOrEqual(16 - 1e-9);
    });
    expect(sorted[0]).toBeGreaterThanOrEqual(8);
    expect(sorted.at(-1)).toBeLessThanOrEqual(272);
  });

  it('tells twenty lines apart without their colours', () => {
    const looks = Array.from({ length: 20 }, (_, place) => lookOf({ place, budget: null }));
    expect(new Set(looks.map(({ dash, marker }) => `${dash} ${marker}`)).size).toBe(20);
    const parts = (['convolution', 'attention', 'feedForward', 'other'] as const).map((budget, place) => lookOf({ place, budget }));
    expect(new Set(parts.map(({ dash }) => dash)).size).toBe(4);
  });

  it('has round ticks on either axis', () => {
    expect(linearTicks(31.7, 5)).toEqual([0, 10, 20, 30, 40]);
    expect(linearTicks(0, 5)).toEqual([0, 1]);
    expect(logTicks(3, 60)).toEqual([5, 10, 20, 50]);
    const { at } = axis({ from: 1, to: 100, low: 200, high: 0 }, true, []);
    expect([at(1), at(10), at(100)]).toEqual([200, 100, 0]);
  });

  it('takes up an earlier life, and its own defaults where that makes no sense', () => {
    const restore = (kept: unknown) => readState(kept, FIRST_CURVES, CURVES_READERS);
    const { measure, logarithmic } = restore({ measure: 'colour', logarithmic: 3, imageSizes: 9 });
    expect({ measure, logarithmic }).toEqual({ measure: 'macs', logarithmic: false });
    expect(restore({ measure: 'attention', imageSizes: '64, 96' })).toMatchObject({ measure: 'attention', imageSizes: '64, 96' });
    expect(readScatter({ of: 'latency', by: 'latency' }, FIRST_SCATTER)).toEqual({ of: 'latency', by: 'macs' });
  });
});

it('the front of latency holds what nothing beats from below', () => {
  const [fast, small, bad] = [
    { x: 4, y: 10 },
    { x: 1, y: 30 },
    { x: 3, y: 40 },
  ];
  expect(paretoFront([bad, fast, small], false)).toEqual([small, fast]);
});
