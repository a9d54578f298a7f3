import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { readTensor, statistics } from '../../../../src/formats/tensorValues';
import { type DType, storedBytes, type Tensor, type TensorStorage } from '../../../../src/model';
import { pack } from '../../../fixtures/onnx';
import { CountingSource } from '../support';

function tensor(dtype: DType, shape: readonly number[], storage: TensorStorage): Tensor {
  return { name: 't', dtype, shape, storage };
}

async function valuesOf(one: Tensor, bytes: Uint8Array): Promise<readonly number[]> {
  return Array.from((await readTensor(one, { model: new BufferSource(bytes) })).values, Number);
}

describe('a strided view', () => {
  const numbers = Array.from({ length: 12 }, (_, index) => index);
  const stored = pack('int16', numbers);
  const view = (shape: readonly number[], start: number, strides: readonly number[]) =>
    tensor('int16', shape, { kind: 'strided', file: '', offset: 0, length: stored.length, start, strides });

  it.each([
    ['all of a 3 x 4 matrix', [3, 4], 0, [4, 1], numbers],
    ['its transpose', [4, 3], 0, [1, 4], [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]],
    ['its second column', [3], 1, [4], [1, 5, 9]],
    ['every other element of its last two rows', [2, 2], 4, [4, 2], [4, 6, 8, 10]],
    ['one row for each of two', [2, 4], 8, [0, 1], [8, 9, 10, 11, 8, 9, 10, 11]],
    ['one element', [], 7, [], [7]],
    ['nothing', [0, 4], 0, [4, 1], []],
  ])('reads %s in row-major order', async (_, shape, start, strides, expected) => {
    expect(await valuesOf(view(shape, start, strides), stored)).toEqual(expected);
  });

  it('is read once, and no more of the file than it spans', async () => {
    const source = new CountingSource(new BufferSource(stored));
    await readTensor(view([3], 1, [4]), { model: source });
    expect([source.reads, source.bytesRead]).toEqual([1, 2 * 9]);
  });

  it('goes on over many chunks', async () => {
    const side = 700;
    const bytes = pack(
      'float32',
      Array.from({ length: side * side }, (_, index) => index),
    );
    const turned = tensor('float32', [side, side], {
      kind: 'strided',
      file: '',
      offset: 0,
      length: bytes.length,
      start: 0,
      strides: [1, side],
    });
    const values = await valuesOf(turned, bytes);
    expect(values.every((value, index) => value === (index % side) * side + Math.floor(index / side))).toBe(true);
    expect((await statistics(turned, { model: new BufferSource(bytes) })).count).toBe(side * side);
  });

  it('over more bytes than may be held is refused in one sentence', async () => {
    const wide = tensor('float32', [2], { kind: 'strided', file: '', offset: 0, length: 2 ** 31, start: 0, strides: [2 ** 28] });
    await expect(valuesOf(wide, stored)).rejects.toMatchObject({
      name: 'LimitError',
      message: expect.stringMatching(/^Tensor "t" is a view over .*\.$/),
    });
  });

  it('of parts of a byte is refused in one sentence', async () => {
    const odd = tensor('int4', [2], { kind: 'strided', file: '', offset: 0, length: 2, start: 0, strides: [1] });
    await expect(valuesOf(odd, stored)).rejects.toMatchObject({ name: 'UserError' });
  });
});

describe('encoded blocks', () => {
  /** float16 0.5 is 0x3800, 2 is 0x4000. */
  const half = [0x00, 0x38];
  const two = [0x00, 0x40];

  it('of q8_0 are signed bytes times their scale; the last may be longer than the tensor', async () => {
    const bytes = Uint8Array.from([...half, ...Array.from({ length: 32 }, (_, i) => i - 16), ...two, 3, 253, ...new Array(30).fill(9)]);
    const one = tensor('float32', [34], { kind: 'encoded', codec: 'ggml:q8_0', file: '', offset: 0, length: 68 });
    expect(await valuesOf(one, bytes)).toEqual([...Array.from({ length: 32 }, (_, i) => (i - 16) / 2), 6, -6]);
    expect(storedBytes(one)).toBe(68);
  });

  it('of q4_0 hold elements i and i + 16 in one byte, less 8', async () => {
    const bytes = Uint8Array.from([...two, ...Array.from({ length: 16 }, (_, i) => i + 16 * (15 - i))]);
    const one = tensor('float32', [32], { kind: 'encoded', codec: 'ggml:q4_0', file: '', offset: 0, length: 18 });
    expect(await valuesOf(one, bytes)).toEqual([
      ...Array.from({ length: 16 }, (_, i) => 2 * (i - 8)),
      ...Array.from({ length: 16 }, (_, i) => 2 * (7 - i)),
    ]);
  });

  it('are read a chunk at a time', async () => {
    const blocks = 9000;
    const bytes = new Uint8Array(blocks * 34).map((_, index) => (index % 34 === 1 ? 0x3c : index % 34 === 0 ? 0 : 1));
    const one = tensor('float32', [blocks * 32], { kind: 'encoded', codec: 'ggml:q8_0', file: '', offset: 0, length: bytes.length });
    const source = new CountingSource(new BufferSource(bytes));
    expect(await statistics(one, { model: source })).toMatchObject({ count: blocks * 32, minimum: 1, maximum: 1, zeros: 0 });
    expect(source.reads).toBe(2);
  });

  it('of an unknown codec, or of another length, are refused in one sentence', async () => {
    const unknown = tensor('float32', [32], { kind: 'encoded', codec: 'ggml:iq9', file: '', offset: 0, length: 18 });
    await expect(valuesOf(unknown, new Uint8Array(18))).rejects.toThrow('Tensor "t" is stored as ggml:iq9, which cannot be decoded here.');
    const short = tensor('float32', [64], { kind: 'encoded', codec: 'ggml:q4_0', file: '', offset: 0, length: 18 });
    await expect(valuesOf(short, new Uint8Array(18))).rejects.toThrow('Tensor "t" takes 18 bytes of ggml:q4_0 where its shape needs 36.');
  });
});

describe('element types beyond ONNX', () => {
  it.each([
    ['bool1', [9], [0b0000_0101, 1], [1, 0, 1, 0, 0, 0, 0, 0, 1]],
    ['qint8', [2], [255, 2], [-1, 2]],
    ['quint8', [2], [255, 2], [255, 2]],
    ['qint32', [1], [254, 255, 255, 255], [-2]],
    ['quint4', [3], [0x21, 0x0f], [1, 2, 15]],
    ['quint2', [4], [0b11_10_01_00], [0, 1, 2, 3]],
    // float16 1 is 0x3c00, -2 is 0xc000.
    ['complex32', [1], [0x00, 0x3c, 0x00, 0xc0], [1, -2]],
  ] as const)('%s', async (dtype, shape, bytes, expected) => {
    const data = Uint8Array.from(bytes);
    const one = tensor(dtype, [...shape], { kind: 'bytes', file: '', offset: 0, length: data.length });
    expect(await valuesOf(one, data)).toEqual(expected);
    expect(storedBytes(one)).toBe(data.length);
  });

  it('complex32 counts by its magnitude', async () => {
    // 3 is 0x4200, 4 is 0x4400 in float16.
    const one = tensor('complex32', [1], { kind: 'inline', data: Uint8Array.of(0x00, 0x42, 0x00, 0x44) });
    expect((await statistics(one, { model: new BufferSource(new Uint8Array(0)) })).maximum).toBe(5);
  });
});

it('every kind of storage survives a structured clone, and all but bytes in memory JSON', () => {
  const kinds: readonly TensorStorage[] = [
    { kind: 'bytes', file: 'w.bin', offset: 8, length: 4 },
    { kind: 'strided', file: '', offset: 0, length: 24, start: 2, strides: [1, 3] },
    { kind: 'encoded', codec: 'ggml:q4_0', file: '', offset: 0, length: 18 },
    { kind: 'protobuf', field: 'int64_data', offset: 3, length: 9 },
    { kind: 'missing', reason: 'It is not there.' },
  ];
  for (const storage of kinds) expect([structuredClone(storage), JSON.parse(JSON.stringify(storage))]).toEqual([storage, storage]);
  const inline: TensorStorage = { kind: 'inline', data: Uint8Array.of(1, 2) };
  const strings: TensorStorage = { kind: 'strings', data: [Uint8Array.of(97)] };
  expect(structuredClone([inline, strings])).toEqual([inline, strings]);
});
