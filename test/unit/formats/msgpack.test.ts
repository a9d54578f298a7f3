import { describe, expect, it } from 'vitest';
import { FormatError, LimitError } from '../../../src/bytes';
import { expected, fixture, numbersOf, openCheckpoint, tensorOf } from './checkpoints';
import { CountingSource, codes, concat, SparseSource } from './support';

type Files = Readonly<
  Record<
    string,
    Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[]; readonly values: readonly number[] }>>
  >
>;
const files = expected<Files>('flax.expected.json');

describe.each(Object.entries(files))('a tree that Flax serialised: %s', (name, arrays) => {
  const bytes = fixture(name);

  it('holds what Flax reads', async () => {
    const checkpoint = await openCheckpoint(bytes, name);
    expect(checkpoint.findings).toEqual([]);
    expect(checkpoint.tensors.map((tensor) => tensor.name).sort()).toEqual(Object.keys(arrays).sort());
    for (const [path, { dtype, shape, values }] of Object.entries(arrays)) {
      const tensor = tensorOf(checkpoint, path);
      expect([tensor.dtype, tensor.shape], path).toEqual([dtype.replaceAll('_', ''), shape]);
      expect(await numbersOf(tensor, bytes), path).toEqual(values);
    }
  });
});

it('texts of a tree are metadata', async () => {
  expect((await openCheckpoint(fixture('others.msgpack'), 'others.msgpack')).metadata).toEqual({ text: 'a text' });
});

const text = (value: string) => concat(Uint8Array.of(0xa0 + value.length), new TextEncoder().encode(value));
const u32 = (first: number, value: number) => Uint8Array.of(first, value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
/** An ndarray of `length` claimed bytes, with `data` of them there. */
const array = (extents: readonly number[], type: string, length: number, data: Uint8Array) => {
  const inner = concat(
    Uint8Array.of(0x93, 0x90 + extents.length),
    ...extents.map((extent) => u32(0xce, extent)),
    text(type),
    u32(0xc6, length),
  );
  return concat(u32(0xc9, inner.length + length), Uint8Array.of(1), inner, data);
};
const entry = (name: string, value: Uint8Array) => concat(text(name), value);
const map = (...entries: readonly Uint8Array[]) => concat(Uint8Array.of(0x80 + entries.length), ...entries);
const good = entry('good', array([2], 'uint8', 2, Uint8Array.of(5, 6)));

describe('a tree that lies', () => {
  it.each([
    ['an array past the end', map(good, entry('bad', array([100], 'uint8', 100, new Uint8Array(3)))), 'msgpack-damaged'],
    ['a cut', map(good, entry('bad', array([4], 'uint8', 4, new Uint8Array(4)))).subarray(0, 50), 'msgpack-damaged'],
    ['a byte that means nothing', map(good, entry('bad', Uint8Array.of(0xc1))), 'msgpack-damaged'],
    ['a map of 2^32 - 1 entries', map(good, entry('bad', u32(0xdf, 0xffffffff))), 'msgpack-damaged'],
    ['a list of 2^32 - 1 values', map(good, entry('bad', u32(0xdd, 0xffffffff))), 'msgpack-damaged'],
    ['a text of 2^32 - 1 bytes', map(good, entry('bad', u32(0xdb, 0xffffffff))), 'msgpack-damaged'],
    ['a name that is a map', map(good, concat(Uint8Array.of(0x80), Uint8Array.of(1))), 'msgpack-damaged'],
    ['a shape that does not fit', map(good, entry('bad', array([3], 'uint8', 2, Uint8Array.of(1, 2)))), 'tensor-place'],
    [
      'a shape of 2^128',
      map(good, entry('bad', array([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], 'uint8', 0, new Uint8Array(0)))),
      'tensor-place',
    ],
    ['an unknown type', map(good, entry('bad', array([2], 'object', 2, Uint8Array.of(1, 2)))), 'tensor-place'],
    ['an extension of another type', map(good, entry('bad', Uint8Array.of(0xd4, 77, 0))), 'msgpack-extension'],
    ['an array that is none', map(good, entry('bad', Uint8Array.of(0xd4, 1, 0))), 'msgpack-array'],
    ['a name twice', map(good, good), 'duplicate-tensor'],
    ['bytes behind it', concat(map(good), Uint8Array.of(0)), 'msgpack-rest'],
    [
      'pieces that are no map',
      map(good, entry('bad', map(concat(text('__msgpack_chunked_array__'), Uint8Array.of(0xc3)), entry('shape', Uint8Array.of(3))))),
      'msgpack-damaged',
    ],
  ])('still opens, with a finding: %s', async (_, bytes, code) => {
    const checkpoint = await openCheckpoint(bytes, 'w.msgpack');
    expect(codes(checkpoint.findings)).toEqual([code]);
    expect(checkpoint.findings[0]?.message).toMatch(/\.$/);
    expect(await numbersOf(tensorOf(checkpoint, 'good'), bytes)).toEqual([5, 6]);
  });

  it.each([
    ['nests maps without end', concat(...Array.from({ length: 5000 }, () => concat(Uint8Array.of(0x81), text('a'))), Uint8Array.of(0xc0))],
    ['nests lists without end', concat(Uint8Array.of(0x81), text('a'), new Uint8Array(5000).fill(0x91), Uint8Array.of(0xc0))],
    ['holds nothing that can be read', concat(Uint8Array.of(0x81), text('a'), Uint8Array.of(0xc1))],
  ])('is refused in one sentence where it %s', async (_, bytes) => {
    const refused = await openCheckpoint(bytes, 'w.msgpack').catch((error: unknown) => error);
    if (!(refused instanceof FormatError || refused instanceof LimitError)) throw refused;
    expect(refused.message).toMatch(/^w\.msgpack .*\.$/);
  });
});

it('goes over the bytes of arrays without a look at them', async () => {
  const size = 4_000_000_000;
  const head = concat(Uint8Array.of(0x81), text('w'), array([size / 4], 'float32', size, new Uint8Array(0)));
  const source = new CountingSource(new SparseSource(head.length + size, [{ offset: 0, bytes: head }]));
  const { tensors, findings } = await openCheckpoint(source, 'w.msgpack');
  expect(findings).toEqual([]);
  expect(tensors[0]?.storage).toEqual({ kind: 'bytes', file: '', offset: head.length, length: size });
  expect(source.bytesRead).toBeLessThan(10_000);
});
