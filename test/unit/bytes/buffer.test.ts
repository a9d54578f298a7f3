import { describe, expect, it } from 'vitest';
import { BufferSource, FormatError } from '../../../src/bytes';

describe('BufferSource', () => {
  const source = new BufferSource(Uint8Array.of(1, 2, 3, 4));

  it('reads ranges up to its end', async () => {
    expect([source.size, ...(await source.read(1, 2))]).toEqual([4, 2, 3]);
    expect(await source.read(4, 0)).toHaveLength(0);
  });

  it('refuses what passes its end, or is no range', async () => {
    await expect(source.read(2, 3)).rejects.toThrow(FormatError);
    for (const [offset, length] of [
      [-1, 2],
      [0, -1],
      [0.5, 1],
      [Number.NaN, 1],
      [2 ** 60, 1],
    ] as const) {
      await expect(source.read(offset, length)).rejects.toThrow(FormatError);
    }
  });

  it('says where the file ends', async () => {
    await expect(source.read(2, 3)).rejects.toThrow('The file ends at byte 4, but bytes 2 to 5 are needed; it is truncated.');
  });
});
