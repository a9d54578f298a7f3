import { describe, expect, it } from 'vitest';
import { attentionRow, defaultQuery, layerHeat, patchHeat } from '../../../src/attention/heat';
import { layer } from './support';

describe('attention of one query', () => {
  it('is a row, or the mean of all rows', () => {
    const map = Float32Array.of(1, 2, 3, 5, 6, 7);
    expect([...attentionRow(map, 3, 1)]).toEqual([5, 6, 7]);
    expect([...attentionRow(map, 3, 'mean')]).toEqual([3, 4, 5]);
  });

  it("is the class token's where there is one", () => {
    expect(defaultQuery(layer({ queryGrid: { leading: 1, rows: 2, columns: 2 } }))).toBe(0);
    expect(defaultQuery(layer({ queryGrid: { leading: 0, rows: 2, columns: 2 } }))).toBe('mean');
    expect(defaultQuery(layer({ queries: 1 }))).toBe(0);
  });

  it('leaves the leading tokens out of the picture', () => {
    expect(patchHeat(Float32Array.of(9, 1, 2, 3, 4, 5, 6), { leading: 1, rows: 2, columns: 3 })).toEqual({
      rows: 2,
      columns: 3,
      values: Float32Array.of(1, 2, 3, 4, 5, 6),
    });
  });
});

describe('layerHeat', () => {
  it('is null where tokens have no place on the image', () => {
    expect(layerHeat(layer(), () => new Float32Array(16))).toBeNull();
    expect(layerHeat(layer({ windows: 2, keyGrid: { leading: 0, rows: 2, columns: 2 } }), () => new Float32Array(16))).toBeNull();
  });

  const keyGrid = { leading: 0, rows: 2, columns: 2 };
  /** Every query of window w gives [10w, 10w + 1, 10w + 2, 10w + 3] to its keys. */
  const map = (window: number) => Float32Array.from({ length: 16 }, (_, index) => 10 * window + (index % 4));

  it('tiles windows over the image', () => {
    const heat = layerHeat(layer({ windows: 2, keyGrid, windowGrid: { rows: 1, columns: 2, shift: 0 } }), map);
    expect(heat).toEqual({ rows: 2, columns: 4, values: Float32Array.of(0, 1, 10, 11, 2, 3, 12, 13) });
  });

  it('rolls shifted windows back', () => {
    // The window's first token came from row 1, column 1 of the feature map (torch.roll by -1, -1), its last from row 0, column 0.
    const heat = layerHeat(layer({ windows: 2, keyGrid, windowGrid: { rows: 1, columns: 2, shift: 1 } }), map);
    expect(heat?.values).toEqual(Float32Array.of(13, 2, 3, 12, 11, 0, 1, 10));
  });
});
