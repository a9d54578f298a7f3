import { describe, expect, it } from 'vitest';
import type { AttentionCore } from '../../../src/analysis/blocks/attentionCore';
import { type TappedLayer, tappedLayer } from '../../../src/attention/maps';
import { core, positions } from './support';

const IMAGE = { height: 224, width: 224 };

function tapped(over: Partial<AttentionCore>, shape: readonly number[], image = IMAGE, batch = 1): TappedLayer {
  const result = tappedLayer({ core: core(over), label: 'attention', value: 'p', interleaved: false }, shape, positions, image, batch);
  if (!result) throw new Error('no layer');
  return result;
}

describe('tappedLayer', () => {
  it('reads [B, H, Q, K]', () => {
    const { layer, map } = tapped({}, [1, 2, 3, 3]);
    expect(layer).toMatchObject({ heads: 2, queries: 3, keys: 3, windows: 1 });
    expect([...map(1, 0)]).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect([...map('mean', 0)]).toEqual([4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5]);
  });

  it('reads [B*H, Q, K], heads innermost as nn.MultiheadAttention folds them', () => {
    const { layer, map } = tapped({ shape: [4, 1, 2], headAxis: -1, keyAxis: 2, queryAxis: 1, heads: 2 }, [4, 1, 2], IMAGE, 2);
    expect(layer).toMatchObject({ heads: 2, queries: 1, keys: 2, windows: 1 });
    expect([...map(1, 0)]).toEqual([2, 3]);
  });

  it("reads [windows, H, Q, K], and the first image's windows of a batch", () => {
    const windows = tapped({ shape: [4, 2, 4, 4], batchWindows: 4 }, [4, 2, 4, 4]);
    expect(windows.layer.windows).toBe(4);
    expect(windows.map(1, 2)[0]).toBe((2 * 2 + 1) * 16);
    expect(tapped({ shape: [8, 2, 4, 4], batchWindows: 4 }, [8, 2, 4, 4], IMAGE, 2).layer.windows).toBe(4);
  });

  it('reads [B, windows, H, Q, K]', () => {
    const { layer, map } = tapped({ shape: [1, 4, 2, 4, 4], headAxis: 2, queryAxis: 3, keyAxis: 4 }, [1, 4, 2, 4, 4]);
    expect(layer.windows).toBe(4);
    expect(map(0, 3)[0]).toBe(3 * 2 * 16);
  });

  it('transposes where keys stand before queries', () => {
    const { layer, map } = tapped({ shape: [1, 1, 2, 3], keyAxis: 2, queryAxis: 3, heads: 1 }, [1, 1, 2, 3]);
    expect(layer).toMatchObject({ queries: 3, keys: 2 });
    expect([...map(0, 0)]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it('gives grids to queries and keys, also where keys were pooled', () => {
    const { layer } = tapped({ shape: [1, 1, 3136, 49], heads: 1 }, [1, 1, 3136, 49]);
    expect(layer.queryGrid).toEqual({ leading: 0, rows: 56, columns: 56 });
    expect(layer.keyGrid).toEqual({ leading: 0, rows: 7, columns: 7 });
  });

  it('gives no grid to the queries of cross attention: 100 of DETR over 25 x 25 places', () => {
    const { layer } = tapped({ shape: [1, 8, 100, 625], heads: 8, cross: true }, [1, 8, 100, 625], { height: 800, width: 800 });
    expect(layer.queryGrid).toBeNull();
    expect(layer.keyGrid).toEqual({ leading: 0, rows: 25, columns: 25 });
  });

  it("places Swin-T's windows: 64 of 7 x 7 tokens of 4 pixels, shifted by 3", () => {
    const { layer } = tapped({ shape: [64, 3, 49, 49], batchWindows: 64, heads: 3, shifted: true }, [64, 3, 49, 49]);
    expect(layer.windowGrid).toEqual({ rows: 8, columns: 8, shift: 3 });
    expect(layer.keyGrid).toEqual({ leading: 0, rows: 7, columns: 7 });
  });

  it('does not place windows that cannot tile the image', () => {
    expect(tapped({ shape: [56, 3, 56, 56], batchWindows: 56, heads: 3 }, [56, 3, 56, 56]).layer).toMatchObject({
      windows: 56,
      queryGrid: null,
    });
    expect(tapped({ shape: [7, 3, 49, 49], batchWindows: 7, heads: 3 }, [7, 3, 49, 49]).layer.windowGrid).toBeUndefined();
  });

  it('refuses heads and windows that are not there, and shapes that hold no matrices', () => {
    const { map } = tapped({}, [1, 2, 3, 3]);
    expect(() => map(2, 0)).toThrow(RangeError);
    expect(() => map(0, 1)).toThrow(RangeError);
    expect(tappedLayer({ core: core(), label: '', value: '', interleaved: false }, [5], positions, IMAGE)).toBeNull();
    expect(
      tappedLayer(
        { core: core({ headAxis: -1, shape: [3, 2, 2], keyAxis: 2, queryAxis: 1 }), label: '', value: '', interleaved: false },
        [3, 2, 2],
        positions,
        IMAGE,
      ),
    ).toBeNull();
  });
});
