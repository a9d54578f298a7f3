import { describe, expect, it } from 'vitest';
import type { DiffRow, StageKey } from '../../src/protocol';
import { stageColumns, stageId } from '../../src/report/stageColumns';
import { formatDifference } from '../../webview/common/difference';
import { countChanges, shownRows } from '../../webview/compare/diff/diffRows';
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

describe('rows of what changed', () => {
  const figures = { parameters: 0, macs: 0, flops: 0, weightBytes: 0, budget: { convolution: 0, attention: 0, feedForward: 0, other: 0 } };
  const row = (change: DiffRow['change'], depth: number, label: string, repeat = 1): DiffRow => ({
    change,
    depth,
    kind: label === 'stage' ? 'stage' : 'block',
    label,
    repeat,
    before: 'b0',
    after: 'b0',
    details: [],
    figures,
  });
  const rows = [
    row('changed', 0, 'stage'),
    row('changed', 1, 'a', 3),
    row('added', 2, 'b', 3),
    row('layers', 2, 'a', 3),
    row('removed', 0, 'c'),
  ];
  const shown = (...asked: Parameters<typeof shownRows>) => shownRows(...asked).map((one) => one.row.label);

  it('are kept with what stands around them', () => {
    expect(shown(rows, 'all', [])).toEqual(['stage', 'a', 'b', 'a', 'c']);
    expect(shown(rows, 'added', [])).toEqual(['stage', 'a', 'b']);
    expect(shown(rows, 'removed', [])).toEqual(['c']);
    expect(shown(rows, 'changed', [])).toEqual(['stage', 'a', 'a']);
    expect(shownRows(rows, 'added', []).map(({ context }) => context)).toEqual([true, true, false]);
  });

  it('close with all inside them', () => {
    const [first, second] = shownRows(rows, 'all', []);
    expect(shown(rows, 'all', [second?.key ?? ''])).toEqual(['stage', 'a', 'c']);
    expect(shown(rows, 'all', [first?.key ?? ''])).toEqual(['stage', 'c']);
  });

  it('come with only the outermost level open where there are many', () => {
    const many = Array.from({ length: 20 }, () => [row('changed', 0, 'stage'), row('changed', 1, 'a'), row('added', 2, 'b')]).flat();
    expect(shown(many, 'all', [])).toEqual(Array.from({ length: 20 }, () => ['stage', 'a']).flat());
  });

  it('are counted as blocks: folded ones each, changed stages not', () => {
    expect(countChanges(rows)).toEqual({ added: 3, removed: 1, changed: 3 });
  });
});

it('columns of depths go down, up again, and end in the head', () => {
  const key = (kind: StageKey['kind'], number = 0): StageKey => ({ kind, number });
  const unet = [key('stem'), key('stride', 2), key('stride', 16), key('upsampled', 8), key('upsampled', 2), key('head')];
  const resnet = [key('stem'), key('stride', 4), key('stride', 8), key('head')];
  expect(stageColumns([resnet, unet]).map(stageId)).toEqual([
    'stem',
    'stride 2',
    'stride 4',
    'stride 8',
    'stride 16',
    'upsampled 8',
    'upsampled 2',
    'head',
  ]);
});
