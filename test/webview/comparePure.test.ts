import { describe, expect, it } from 'vitest';
import { formatDifference } from '../../webview/common/difference';
import { type Box, placeLabels, touch } from '../../webview/compare/placeLabels';
import { linearScale, paretoFront } from '../../webview/compare/scale';

describe('labels of close points', () => {
  it('touch neither each other nor the edge', () => {
    const points = Array.from({ length: 12 }, (_, index) => ({ x: 100 + 4 * index, y: 100 + (index % 3), width: 80 }));
    const bounds = { left: 0, top: 0, width: 400, height: 240 };
    const boxes = placeLabels(points, bounds).filter((box): box is Box => box !== null);
    expect(boxes.length).toBeGreaterThan(6);
    boxes.forEach((box, index) => {
      for (const other of boxes.slice(index + 1)) expect(touch(box, other)).toBe(false);
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.left + box.width).toBeLessThanOrEqual(400);
    });
  });

  it('are left out where there is no room', () => {
    expect(placeLabels([{ x: 10, y: 10, width: 200 }], { left: 0, top: 0, width: 100, height: 20 })).toEqual([null]);
  });
});

describe('axes', () => {
  it('have round ticks around every value', () => {
    const { ticks, at } = linearScale([76.1, 81.6], 300, 0, 5);
    expect(ticks[0]).toBeLessThanOrEqual(76.1);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(81.6);
    expect(ticks.every((tick) => Number.isInteger(tick))).toBe(true);
    expect(at(81.6)).toBeLessThan(at(76.1));
  });

  it('hold a single value', () => {
    const { at } = linearScale([4], 0, 100, 5);
    expect(at(4)).toBeGreaterThan(0);
    expect(at(4)).toBeLessThan(100);
  });
});

it('the Pareto front holds what nothing beats in both', () => {
  // Published top-1 and GMACs: AA-ResNet-50 and ViT-S/16 are beaten by CoAtNet-0.
  const resnet = { x: 4.09, y: 76.1 };
  const coatnet = { x: 4.14, y: 81.6 };
  expect(paretoFront([{ x: 4.6, y: 79.9 }, coatnet, { x: 4.21, y: 77.7 }, resnet])).toEqual([resnet, coatnet]);
});

it('differences keep their sign and never round to everything or nothing', () => {
  expect([0.12, -0.022, 0, -0.9958, 1.672, 0.0004, null].map(formatDifference)).toEqual([
    '+12%',
    '-2.2%',
    '=',
    '-99.6%',
    '+167%',
    '+0.04%',
    '',
  ]);
});
