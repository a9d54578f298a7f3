import { describe, expect, it } from 'vitest';
import { packedChunks } from '../../../../src/formats/tensorValues';
import { expected, numbersOf, openCheckpoint, tensorOf } from '../checkpoints';
import { codes, concat } from '../support';

interface Held {
  readonly shape: readonly number[];
  readonly values: readonly (number | null)[];
}
type Cases = Readonly<Record<string, { readonly file: string; readonly tensors: Readonly<Record<string, Held | null>> }>>;

const cases = expected<Cases>('arrays.json');
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const nameOf = (field: string) => (field === '' || field.startsWith('[') ? `w${field}` : `w.${field}`);

describe('an array that NumPy saved', () => {
  it.each(Object.keys(cases))('has the values that NumPy reads: %s', async (name) => {
    const { file = '', tensors = {} } = cases[name] ?? {};
    const bytes = bytesOf(file);
    const checkpoint = await openCheckpoint(bytes, 'folder/w.npy');
    expect(checkpoint.tensors.map((tensor) => tensor.name).sort()).toEqual(Object.keys(tensors).map(nameOf).sort());
    for (const [field, held] of Object.entries(tensors)) {
      const tensor = tensorOf(checkpoint, nameOf(field));
      if (held === null) {
        await expect(numbersOf(tensor, bytes), field).rejects.toMatchObject({ name: 'UserError' });
        continue;
      }
      expect(tensor.shape, field).toEqual(held.shape);
      // JSON has no infinity; Python writes it, and the parser refuses: none is in the fixture but as null.
      expect(await numbersOf(tensor, bytes), field).toEqual(held.values);
    }
  });

  it('of objects is a pickle, which is told and left alone', async () => {
    const { findings, tensors } = await openCheckpoint(bytesOf(cases['objects']?.file ?? ''), 'w.npy');
    expect(codes(findings)).toEqual(['npy-objects']);
    expect(tensors[0]?.storage).toMatchObject({ kind: 'missing', reason: expect.stringContaining('never executed') });
  });
});

/** A header as a byte builder writes it, with anything in it. */
function array(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = new Uint8Array(version === 1 ? 2 : 4);
  if (version === 1) new DataView(length.buffer).setUint16(0, text.length, true);
  else new DataView(length.buffer).setUint32(0, text.length, true);
  return concat(Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0), length, text, data);
}
const four = new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer);
const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";

describe('a damaged array', () => {
  it.each([
    ['an unknown version', array(good, four, 7)],
    ['a header past the end', array(good, four).subarray(0, 40)],
    ['a cut prefix', array(good, four).subarray(0, 9)],
    ['no dictionary', array('[1, 2]', four)],
    ['a call', array("{'descr': __import__('os'), 'fortran_order': False, 'shape': (2, 2)}", four)],
    ['no type', array("{'fortran_order': False, 'shape': (2, 2)}", four)],
    ['a key twice', array("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}", four)],
    ['an unknown type', array("{'descr': '<q9', 'fortran_order': False, 'shape': (2, 2)}", four)],
    ['a negative extent', array("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 2)}", four)],
    ['a shape past 2^63', array("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 2)}", four)],
    ['a product past 2^53', array("{'descr': '<f4', 'fortran_order': False, 'shape': (1073741824, 1073741824)}", four)],
    ['a hundred thousand brackets', array(`{'descr': ${'['.repeat(100_000)}}`, four, 2)],
    ['an unterminated text', array("{'descr': '<f4", four)],
  ])('is refused in one sentence: %s', async (_, bytes) => {
    const refused = await openCheckpoint(bytes, 'w.npy').catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'FormatError', message: expect.stringMatching(/^w\.npy is .*\.$/) });
  });

  it('of a length that no header has is refused by its limit', async () => {
    const bytes = array(good, four, 2);
    new DataView(bytes.buffer).setUint32(8, 0xffffffff, true);
    await expect(openCheckpoint(bytes, 'w.npy')).rejects.toMatchObject({ name: 'LimitError' });
  });

  it('that is cut short still shows what it says of itself', async () => {
    const bytes = array(good, four.subarray(0, 9));
    const { findings, tensors } = await openCheckpoint(bytes, 'w.npy');
    expect(codes(findings)).toEqual(['npy-truncated']);
    expect(tensors).toMatchObject([{ name: 'w', shape: [2, 2], storage: { kind: 'missing' } }]);
  });

  it('with something behind it says so', async () => {
    const { findings } = await openCheckpoint(array(good, concat(four, four)), 'w.npy');
    expect(codes(findings)).toEqual(['npy-rest']);
  });

  it.each(['(2L, 2L)', '[2, 2]', '(2,2,)'])('is none where an old writer wrote the shape as %s', async (shape) => {
    const bytes = array(`{"descr": u'<f4', 'fortran_order': False, 'shape': ${shape}}`, four);
    const { tensors } = await openCheckpoint(bytes, 'w.npy');
    expect(tensors[0]?.shape).toEqual([2, 2]);
  });
});

it('an array in Fortran order that spans more than is held at once is read in row-major order', async () => {
  const [rows, columns] = [2600, 13_000];
  const header = array(`{'descr': '<f8', 'fortran_order': True, 'shape': (${rows}, ${columns}), }`, new Uint8Array(0));
  const size = header.length + 8 * rows * columns;
  // Element (row, column) is the number column * rows + row of the file.
  const source = {
    size,
    read: async (offset: number, length: number) => {
      if (offset < header.length)
        return concat(header, new Uint8Array(Math.max(0, length - header.length))).subarray(offset, offset + length);
      const first = (offset - header.length) / 8;
      return new Uint8Array(Float64Array.from({ length: length / 8 }, (_, index) => first + index).buffer);
    },
  };
  const { tensors } = await openCheckpoint(source, 'w.npy');
  const [tensor] = tensors;
  if (!tensor) throw new Error('no tensor');
  let at = 0;
  for await (const { bytes } of packedChunks(tensor, { model: source })) {
    const values = new Float64Array(bytes.buffer);
    for (let index = 0; index < values.length; index += 997) {
      const element = at + index;
      if (values[index] !== (element % columns) * rows + Math.floor(element / columns)) expect(values[index]).toBe(element);
    }
    at += values.length;
  }
  expect(at).toBe(rows * columns);
});
