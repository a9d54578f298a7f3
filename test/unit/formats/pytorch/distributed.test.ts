import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BufferSource, type SiblingOpener } from '../../../../src/bytes';
import { bytesOf, dtypeName, type ExpectedTensor, openBytes, valuesOf } from './support';

/** What two processes of PyTorch 2.15 wrote (test/fixtures/make/pytorch/distributed.py). */
const EXPECTED: Readonly<Record<string, ExpectedTensor>> = JSON.parse(
  readFileSync('test/fixtures/pytorch/distributed/expected.json', 'utf8'),
).tensors;
const names = readdirSync('test/fixtures/pytorch/distributed');
const sibling: SiblingOpener = async (path) => (names.includes(path) ? new BufferSource(bytesOf(`distributed/${path}`)) : null);

it.each(['.metadata', '__0_0.distcp', '__1_0.distcp'])(
  'a distributed checkpoint opens from its %s, with the values of the whole tensors',
  async (name) => {
    const bytes = bytesOf(`distributed/${name}`);
    const { tensors, metadata, findings, trust, format } = await openBytes(bytes, name, sibling);
    expect([format, findings, metadata, trust?.verdict]).toEqual(['pytorch-distributed', [], { epoch: '3' }, 'safe']);
    expect(tensors.map((tensor) => tensor.name).sort()).toEqual(Object.keys(EXPECTED).sort());
    for (const tensor of tensors) {
      const expected = EXPECTED[tensor.name];
      expect([tensor.dtype, tensor.shape]).toEqual([dtypeName(expected?.dtype ?? ''), expected?.shape]);
      expect([tensor.name, await valuesOf(tensor, bytes, sibling)]).toEqual([tensor.name, expected?.values]);
    }
  },
);

it('without one of its files says which tensors have no values, and why', async () => {
  const alone: SiblingOpener = async (path) => (path === '__1_0.distcp' ? null : sibling(path));
  const { tensors, findings } = await openBytes(bytesOf('distributed/.metadata'), '.metadata', alone);
  expect(tensors).toHaveLength(Object.keys(EXPECTED).length);
  expect(findings.length).toBeGreaterThan(0);
  for (const { message } of findings) expect(message).toMatch(/^Tensor ".*" has no values: "__1_0\.distcp", which holds it, is not beside/);
});

it('a part without its index is refused in one sentence', async () => {
  await expect(openBytes(bytesOf('distributed/__0_0.distcp'), '__0_0.distcp')).rejects.toThrow(
    /^__0_0\.distcp is a part of a distributed checkpoint/,
  );
});
