import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesOf, dtypeName, type ExpectedTensor, openBytes, valuesOf } from './support';

/** What PyTorch 1.13 wrote and read (test/fixtures/make/pytorch/old.py). */
const OLD: Readonly<Record<string, { readonly tensors: Readonly<Record<string, ExpectedTensor>> }>> = JSON.parse(
  readFileSync('test/fixtures/pytorch/old/expected.json', 'utf8'),
).files;

describe.each(Object.keys(OLD))('%s, as an old PyTorch wrote it', (name) => {
  it('has the tensors that PyTorch reads, with their values', async () => {
    const bytes = bytesOf(`old/${name}`);
    const { tensors, findings, trust } = await openBytes(bytes, name);
    const wanted = OLD[name]?.tensors ?? {};
    expect(tensors.map((tensor) => tensor.name).sort()).toEqual(Object.keys(wanted).sort());
    for (const tensor of tensors) {
      const expected = wanted[tensor.name];
      expect([tensor.dtype, tensor.shape]).toEqual([dtypeName(expected?.dtype ?? ''), expected?.shape]);
      expect([tensor.name, await valuesOf(tensor, bytes)]).toEqual([tensor.name, (expected?.values ?? []).map(Number)]);
    }
    expect(findings).toEqual([]);
    expect(trust?.verdict).toBe('safe');
  });
});

it('the tar form says that weights_only refuses it, and ties what shares a storage', async () => {
  const { trust, tensors, metadata } = await openBytes(bytesOf('old/tar.pt'), 'tar.pt');
  expect(trust?.weightsOnly).toMatchObject({ loads: false, reason: expect.stringContaining('tar') });
  expect(metadata).toEqual({ epoch: '3' });
  expect(tensors.map(({ storage }) => storage.kind)).toEqual(['bytes', 'strided']);
});
