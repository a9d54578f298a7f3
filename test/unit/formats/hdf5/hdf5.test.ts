import { describe, expect, it } from 'vitest';
import { BufferSource, FormatError } from '../../../../src/bytes';
import { datasetChunks } from '../../../../src/formats/hdf5/values';
import { statistics } from '../../../../src/formats/tensorValues';
import { expected, fixture, numbersOf, openCheckpoint, tensorOf } from '../checkpoints';
import { between, randomFrom } from '../random';
import { CountingSource, concat } from '../support';

const bytes = fixture('datasets.h5');
const held =
  expected<Readonly<Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>>>('datasets.expected.json');

describe('an HDF5 file that h5py wrote', () => {
  it.each(Object.entries(held))('holds what h5py reads: %s', async (name, { shape, values }) => {
    const tensor = tensorOf(await openCheckpoint(bytes, 'datasets.h5'), name);
    expect(tensor.shape).toEqual(shape);
    expect(await numbersOf(tensor, bytes)).toEqual(values);
  });

  it('has its attributes as metadata, but for long ones and those that are no numbers or texts', async () => {
    const { metadata } = await openCheckpoint(bytes, 'datasets.h5');
    expect(metadata).toMatchObject({ creator: 'test', number: '3.5', numbers: '[0, 1, 2]' });
    expect(metadata['half']).toBeUndefined();
  });

  it.each([
    ['types/text', /texts/],
    ['types/structure', /structures/],
    ['types/ragged', /lists of different lengths/],
    ['types/nothing', /holds nothing/],
    ['layouts/lzf', /compressed with lzf/],
    ['layouts/virtual', /other files/],
  ])('says why %s has no values', async (name, reason) => {
    const tensor = tensorOf(await openCheckpoint(bytes, 'datasets.h5'), name);
    expect(tensor.storage).toMatchObject({ kind: 'missing', reason: expect.stringMatching(reason) });
  });

  it('follows no link to another file, and says which lead nowhere', async () => {
    const { findings, tensors } = await openCheckpoint(bytes, 'datasets.h5');
    const links = findings.filter(({ code }) => code === 'hdf5-link').map(({ message }) => message);
    expect(links.sort()).toEqual([
      '"links/nowhere" is a link to nothing.',
      '"links/outside" is a link to another file, which is not followed.',
    ]);
    expect(tensors.filter(({ name }) => name.startsWith('links/')).map(({ name }) => name)).toEqual(['links/hard', 'links/soft']);
    await expect(numbersOf(tensorOf(await openCheckpoint(bytes, 'd.h5'), 'layouts/external'), bytes)).rejects.toMatchObject({
      name: 'FormatError',
    });
  });

  it('is opened without its values, from a source that cannot be read at once too', async () => {
    const source = new CountingSource(new BufferSource(bytes));
    const checkpoint = await openCheckpoint(source, 'datasets.h5');
    expect(await numbersOf(tensorOf(checkpoint, 'types/scalar'), source)).toEqual([2.5]);
    expect(await statistics(tensorOf(checkpoint, 'layouts/deflated'), { model: source })).toMatchObject({ count: 20 * 5 * 7 });
  });
});

it.each([1, 3, 7, 20, 35, 100, 699, 700])('gives a dataset in row-major order in pieces of %d elements', async (chunk) => {
  for (const layout of ['layouts/chunked', 'layouts/deflated']) {
    const tensor = tensorOf(await openCheckpoint(bytes, 'd.h5'), layout);
    if (tensor.storage.kind !== 'hdf5') throw new Error('expected a dataset');
    const pieces: Uint8Array[] = [];
    for await (const piece of datasetChunks(new BufferSource(bytes), tensor, tensor.storage, { chunk, signal: undefined }))
      pieces.push(piece.bytes);
    expect(Array.from(new Float32Array(concat(...pieces).buffer))).toEqual(held[layout]?.values);
  }
});

describe('a damaged HDF5 file', () => {
  it.each([16, 100, 600, 5000])('cut to %d bytes is refused in one sentence, or opened with findings', async (length) => {
    const outcome = await openCheckpoint(bytes.subarray(0, length), 'd.h5').catch((error: unknown) => error);
    if (!(outcome instanceof FormatError)) throw new Error('expected a FormatError');
    expect(outcome.message).toMatch(/^d\.h5 is damaged: .*\.$/);
  });

  it('with any bytes changed opens or is refused, and the library lives on', async () => {
    const next = randomFrom(5);
    for (let turn = 0; turn < 40; turn += 1) {
      const changed = bytes.slice();
      for (let change = 0; change < 6; change += 1) changed[between(next, 0, changed.length - 1)] = between(next, 0, 255);
      changed.set(bytes.subarray(0, 8));
      try {
        const { tensors } = await openCheckpoint(changed, 'd.h5');
        for (const tensor of tensors.slice(0, 5)) await statistics(tensor, { model: new BufferSource(changed) });
      } catch (error) {
        expect((error as Error).name).toMatch(/^(FormatError|LimitError|UserError)$/);
        expect((error as Error).message).not.toMatch(/Restart Engine/);
      }
    }
  });
});
