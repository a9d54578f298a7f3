import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { openModel } from '../../../../src/formats/registry';
import { readTensor } from '../../../../src/formats/tensorValues';
import { external, model, node, pack, tensor, value } from '../../../fixtures/onnx';
import { codes, initializer, open, siblings } from '../support';

const WEIGHTS = pack('float32', [1, 2, 3, 4, 5, 6]);

function withExternal(location: string, range: { offset?: number | string; length?: number | string; checksum?: string } = {}): Uint8Array {
  return model({
    inputs: [value('x', 'float32', [2, 2])],
    outputs: [value('y', 'float32', [2, 2])],
    nodes: [node('Add', ['x', 'w'], ['y'])],
    initializers: [external('w', 'float32', [2, 2], location, range), tensor('v', 'float32', [1], [9])],
  });
}

describe('tensors in files beside the model', () => {
  it('become ranges of those files', async () => {
    const bytes = withExternal('./sub//w.bin', { offset: 8, length: 16, checksum: 'ab' });
    const beside = { 'sub/w.bin': WEIGHTS };
    const read = await open(bytes, beside);
    expect(read.findings).toEqual([]);
    expect(read.externalFiles).toEqual([{ path: 'sub/w.bin', size: 24 }]);
    const w = initializer(read, 'w');
    expect(w.storage).toEqual({ kind: 'bytes', file: 'sub/w.bin', offset: 8, length: 16 });
    const { values } = await readTensor(w, { model: new BufferSource(bytes), sibling: siblings(beside) });
    expect([...values]).toEqual([3, 4, 5, 6]);
  });

  it('take offset 0 and the length of their shape where the model gives none', async () => {
    const read = await open(withExternal('w.bin'), { 'w.bin': WEIGHTS });
    expect(initializer(read, 'w').storage).toEqual({ kind: 'bytes', file: 'w.bin', offset: 0, length: 16 });
  });

  it('look each file up once, and read none', async () => {
    let opened = 0;
    const many = Array.from({ length: 50 }, (_, index) => external(`w${index}`, 'float32', [2, 3], 'w.bin'));
    const read = await openModel(new BufferSource(model({ initializers: many })), {
      name: 'm.onnx',
      openSibling: async () => {
        opened += 1;
        return { size: 24, read: () => Promise.reject(new Error('weights were read')) };
      },
    });
    expect([opened, read.graph.initializers.length, read.findings]).toEqual([1, 50, []]);
  });

  it('are missing, with a warning, when the file is', async () => {
    const read = await open(withExternal('w.bin'));
    expect(read.externalFiles).toEqual([{ path: 'w.bin', size: null }]);
    expect(read.findings).toEqual([
      { code: 'external-missing', message: expect.stringContaining('"w.bin", which is not beside the model') },
    ]);
    expect(initializer(read, 'w')).toMatchObject({ dtype: 'float32', shape: [2, 2], storage: { kind: 'missing' } });
    expect(read.graph.nodes).toHaveLength(1);
  });

  it('are missing when files beside the model cannot be opened at all', async () => {
    const read = await openModel(new BufferSource(withExternal('w.bin')), { name: 'm.onnx' });
    expect(read.findings[0]?.message).toMatch(/cannot be read from here/);
  });

  const outside = [
    '/etc/passwd',
    '../w.bin',
    'sub/../../w.bin',
    'sub/..',
    '..\\w.bin',
    'sub\\..\\..\\w.bin',
    '\\\\server\\share\\w.bin',
    '\\w.bin',
    'C:\\w.bin',
    'c:w.bin',
    'sub\\w.bin',
    'w.bin\0.txt',
    '',
    '.',
  ];
  for (const location of outside) {
    it(`refuses ${JSON.stringify(location)} without opening it`, async () => {
      const asked: string[] = [];
      const read = await openModel(new BufferSource(withExternal(location)), {
        name: 'm.onnx',
        openSibling: async (path) => {
          asked.push(path);
          return new BufferSource(WEIGHTS);
        },
      });
      expect(asked).toEqual([]);
      expect(read.externalFiles).toEqual([]);
      expect(read.findings).toMatchObject([{ severity: 'error', code: 'external-refused' }]);
      expect(initializer(read, 'w').storage).toEqual({ kind: 'missing', reason: expect.stringContaining('a path that ') });
      expect(initializer(read, 'v').storage.kind).toBe('inline');
    });
  }

  it('may have colons and dots in their names, as exporters write them', async () => {
    const name = 'onnx::MatMul_12.weight..bin';
    const read = await open(withExternal(name), { [name]: WEIGHTS });
    expect([codes(read.findings), initializer(read, 'w').storage.kind]).toEqual([[], 'bytes']);
  });

  it('of strings are refused', async () => {
    const read = await open(model({ initializers: [external('s', 'string', [2], 'w.bin')] }), { 'w.bin': WEIGHTS });
    expect(read.findings).toMatchObject([{ severity: 'error', code: 'tensor-data' }]);
  });

  const wrong: [string, Parameters<typeof withExternal>[1], RegExp][] = [
    ["a length that is not the shape's", { length: 12 }, /takes 12 bytes of "w\.bin" where its type and shape need 16/],
    ['a range past the end', { offset: 12 }, /bytes 12 to 28 of "w\.bin", which has only 24/],
    ['an offset that is no number', { offset: '0x8' }, /offset or length that is no number/],
    ['a negative offset', { offset: -8 }, /offset or length that is no number/],
    ['an offset past what can be counted', { offset: '9999999999999999999' }, /offset or length that is no number/],
  ];
  for (const [what, range, reason] of wrong) {
    it(`${what} is an error that names the tensor`, async () => {
      const read = await open(withExternal('w.bin', range), { 'w.bin': WEIGHTS });
      expect(read.findings).toMatchObject([{ severity: 'error', code: 'external-data', message: expect.stringContaining('"w"') }]);
      expect(initializer(read, 'w').storage).toEqual({ kind: 'missing', reason: expect.stringMatching(reason) });
    });
  }
});
