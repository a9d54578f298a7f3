import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { momentsOf, statistics } from '../../../../src/formats/tensorValues';
import type { Tensor } from '../../../../src/model';
import { pack } from '../../../fixtures/onnx';

function inline(dtype: Tensor['dtype'], shape: readonly number[], values: readonly number[]): Tensor {
  return { name: 't', dtype, shape, storage: { kind: 'inline', data: pack(dtype, values) } };
}

const NO_FILES = { model: new BufferSource(new Uint8Array(0)) };

describe('one look at a tensor', () => {
  it('tells NaN from infinities', async () => {
    const found = await momentsOf(inline('float32', [4], [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2]), NO_FILES);
    expect(found).toMatchObject({ count: 4, nan: 1, infinite: 2, minimum: 2, maximum: 2, mean: 2, deviation: 0, norm: 2 });
  });

  it('keeps the digits of a small spread about a large mean', async () => {
    // NumPy 2.4: numpy.array([1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3]).std() is 1.118033988749895, and numpy.linalg.norm 2000000003.0.
    const found = await momentsOf(inline('float64', [4], [1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3]), NO_FILES);
    expect(found.deviation).toBeCloseTo(1.118033988749895, 12);
    expect(found.norm).toBe(2_000_000_003);
    expect(found.mean).toBe(1e9 + 1.5);
  });

  it('counts filters of zeros, the first axis through all others', async () => {
    const filters = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, -2];
    expect(await momentsOf(inline('float32', [4, 2, 2], filters), NO_FILES)).toMatchObject({ deadFilters: 2, zeros: 14 });
    expect(await momentsOf(inline('float32', [16], filters), NO_FILES)).toMatchObject({ deadFilters: 0 });
    expect(await momentsOf(inline('float32', [0, 4], []), NO_FILES)).toMatchObject({ deadFilters: 0, count: 0 });
  });

  it('counts a filter that lies in two chunks once', async () => {
    // 2^18 elements are a chunk: the third filter begins in the first and ends in the second.
    const length = 100_000;
    const bytes = new Uint8Array(4 * 4 * length);
    new DataView(bytes.buffer).setFloat32(4 * (2 * length + 99_999), 1, true);
    const tensor: Tensor = {
      name: 't',
      dtype: 'float32',
      shape: [4, length],
      storage: { kind: 'bytes', file: '', offset: 0, length: bytes.length },
    };
    expect(await momentsOf(tensor, { model: new BufferSource(bytes) })).toMatchObject({ deadFilters: 3, count: 400_000 });
    const { histogram } = await statistics(tensor, { model: new BufferSource(bytes) });
    expect([histogram[0], histogram[63]]).toEqual([399_999, 1]);
  });
});
