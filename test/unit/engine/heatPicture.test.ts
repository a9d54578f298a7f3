import { describe, expect, it } from 'vitest';
import type { AttentionLayer } from '../../../src/attention/layer';
import type { TappedLayer } from '../../../src/attention/maps';
import { heatSheet, overlay } from '../../../src/engine/heatPicture';
import { VIRIDIS } from '../../../src/engine/viridis';
import type { Raster } from '../../../src/vision/raster';

const GRAY: Raster = { width: 64, height: 64, channels: 3, data: new Uint8Array(64 * 64 * 3).fill(100) };

function pixel({ data, width }: Raster, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

describe('viridis', () => {
  // Entries of matplotlib's _cm_listed.py: 0, 100, 128 and 255, as 8-bit values.
  it.each([
    [0, [68, 1, 84]],
    [100, [42, 118, 142]],
    [128, [33, 145, 140]],
    [255, [253, 231, 37]],
  ])('level %i', (level, expected) => {
    const got = VIRIDIS.subarray(level * 3, level * 3 + 3);
    for (const [channel, value] of expected.entries()) expect(Math.abs((got[channel] ?? 999) - value)).toBeLessThanOrEqual(1);
  });
});

describe('overlay', () => {
  it('lays yellow over the hottest patch and dark purple over cold ones, the image shining through', () => {
    const heat = { rows: 2, columns: 2, values: Float32Array.of(0, 0, 0, 0.2) };
    const picture = overlay(GRAY, heat);
    expect(pixel(picture, 0, 0)).toEqual([68, 1, 84].map((color) => Math.round(100 * 0.7 + color * 0.3)));
    expect(pixel(picture, 63, 63)).toEqual([253, 231, 37].map((color) => Math.round(100 * 0.2 + color * 0.8)));
  });

  it('stays cold where there is no attention at all', () => {
    const picture = overlay(GRAY, { rows: 2, columns: 2, values: new Float32Array(4) });
    expect(pixel(picture, 32, 32)).toEqual(pixel(picture, 0, 0));
  });
});

describe('heatSheet', () => {
  const grid = { leading: 0, rows: 2, columns: 2 };
  const layer: AttentionLayer = { block: 'b', label: 'L1', heads: 2, queries: 4, keys: 4, windows: 1, queryGrid: grid, keyGrid: grid };
  /** Head 0 looks at the first patch, head 1 at the last. */
  const map = (head: number | 'mean') => Float32Array.from({ length: 16 }, (_, i) => (i % 4 === (head === 1 ? 3 : 0) ? 1 : 0));

  it('has a row per layer and a column per head, the mean first', () => {
    const tapped: TappedLayer = { layer, map };
    const sheet = heatSheet(GRAY, [tapped, tapped]);
    expect([sheet.width, sheet.height]).toEqual([40 + 3 * 228, 40 + 2 * 228]);
    const hot = pixel(sheet, 40 + 228 + 5, 40 + 5);
    expect(pixel(sheet, 40 + 2 * 228 + 218, 40 + 218)).toEqual(hot);
    expect(pixel(sheet, 40 + 2 * 228 + 5, 40 + 5)).not.toEqual(hot);
    expect(pixel(sheet, 0, 0)).toEqual([255, 255, 255]);
  });

  it('stays within 4096 pixels for 24 layers of 16 heads', () => {
    const many: TappedLayer = { layer: { ...layer, heads: 16 }, map };
    const sheet = heatSheet(
      GRAY,
      Array.from({ length: 24 }, () => many),
    );
    expect(Math.max(sheet.width, sheet.height)).toBeLessThanOrEqual(4096);
  });

  it('leaves out layers whose tokens have no place, and refuses when none is left', () => {
    const lost: TappedLayer = { layer: { ...layer, keyGrid: null }, map };
    expect(heatSheet(GRAY, [lost, { layer, map }]).height).toBe(40 + 228);
    expect(() => heatSheet(GRAY, [lost])).toThrow(/no picture to draw/);
  });
});
