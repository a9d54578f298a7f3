import { describe, expect, it } from 'vitest';
import { expected, fixture, numbersOf, openCheckpoint, tensorOf } from '../checkpoints';
import { codes } from '../support';

type Archives = Readonly<
  Record<string, Readonly<Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>>>
>;

describe.each(Object.entries(expected<Archives>('archives.expected.json')))('an archive that NumPy saved: %s', (name, arrays) => {
  const bytes = fixture(name);

  it.each(Object.entries(arrays))('holds the array that NumPy reads: %s', async (key, { shape, values }) => {
    const checkpoint = await openCheckpoint(bytes, name);
    expect(checkpoint.findings).toEqual([]);
    const tensor = tensorOf(checkpoint, key);
    expect(tensor.shape).toEqual(shape);
    expect(await numbersOf(tensor, bytes)).toEqual(values);
  });

  it('lists these arrays and no others, whatever its name', async () => {
    const { tensors, format } = await openCheckpoint(bytes, 'weights.bin');
    expect([format, tensors.map((tensor) => tensor.name).sort()]).toEqual(['npz', Object.keys(arrays).sort()]);
  });
});

it('a damaged array is a finding, and the others are shown', async () => {
  const bytes = fixture('plain.npz').slice();
  const at = Buffer.from(bytes).indexOf('step.npy') + 'step.npy'.length;
  const magic = Buffer.from(bytes).indexOf('\x93NUMPY', at, 'latin1');
  bytes[magic] = 0;
  const { findings, tensors } = await openCheckpoint(bytes, 'plain.npz');
  expect(codes(findings)).toEqual(['npz-array']);
  expect(findings[0]?.message).toMatch(/^Entry "step\.npy" cannot be read\. It is damaged: there is no array \(byte 0\)\.$/);
  expect(tensors.length).toBe(3);
});

it('an archive that is cut short is refused in one sentence', async () => {
  const bytes = fixture('plain.npz');
  await expect(openCheckpoint(bytes.subarray(0, bytes.length - 30), 'plain.npz')).rejects.toMatchObject({
    name: 'FormatError',
    message: expect.stringMatching(/^plain\.npz is damaged: .*\.$/),
  });
});
