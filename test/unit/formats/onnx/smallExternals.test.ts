import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/analysis/assemble';
import { BufferSource, LIMITS } from '../../../../src/bytes';
import { openModel } from '../../../../src/formats/registry';
import { external, model, node, pack, value } from '../../../fixtures/onnx';
import { initializer, open } from '../support';

/** The target [3, 8], then a scale per axis, with a gap between. */
const CONSTANTS = new Uint8Array([...pack('int64', [3, 8]), ...new Uint8Array(10_000), ...pack('float32', [1, 1, 2, 2])]);

const reshaped = (declared: readonly number[]) =>
  model({
    inputs: [value('x', 'float32', [2, 12])],
    outputs: [value('y', 'float32', declared)],
    nodes: [node('Reshape', ['x', 'shape'], ['y'])],
    initializers: [external('shape', 'int64', [2], 'c.bin', { length: 16 })],
  });

async function profiled(bytes: Uint8Array) {
  return analyse(await open(bytes, { 'c.bin': CONSTANTS }), { name: 'm.onnx', bytes: bytes.length }).profile;
}

describe('small constants in files beside the model', () => {
  it('are at hand for the shapes that hang on them', async () => {
    const bytes = model({
      inputs: [value('x', 'float32', [2, 12]), value('image', 'float32', [1, 3, 5, 7])],
      outputs: [value('y', 'float32', ['a', 'b']), value('z', 'float32', ['c', 'd', 'e', 'f'])],
      nodes: [node('Reshape', ['x', 'shape'], ['y']), node('Resize', ['image', '', 'scales'], ['z'])],
      initializers: [
        external('shape', 'int64', [2], 'c.bin', { length: 16 }),
        external('scales', 'float32', [4], 'c.bin', { offset: 10_016 }),
      ],
    });
    expect((await profiled(bytes)).model.outputs.map(({ shape }) => shape)).toEqual([
      [3, 8],
      [1, 3, 10, 14],
    ]);
  });

  it('show that a declared shape is wrong', async () => {
    expect((await profiled(reshaped([3, 8]))).warnings).toEqual([]);
    const { warnings, model: summary } = await profiled(reshaped([4, 6]));
    expect(warnings).toMatchObject([{ code: 'stored-type', message: expect.stringContaining('[4, 6]') }]);
    expect(summary.outputs[0]?.shape).toEqual([3, 8]);
  });

  it('are fetched with few reads, and weights are not', async () => {
    const reads: number[] = [];
    const many = Array.from({ length: 500 }, (_, at) => external(`s${at}`, 'int64', [2], 'c.bin', { offset: 16 * at }));
    const bytes = model({ initializers: [...many, external('w', 'float32', [25, 2], 'c.bin', { offset: 8000 })] });
    const read = await openModel(new BufferSource(bytes), {
      name: 'm.onnx',
      openSibling: async () => ({
        size: 10_000,
        read: async (_, length) => {
          reads.push(length);
          return new Uint8Array(length);
        },
      }),
    });
    expect(reads).toEqual([8000]);
    expect(initializer(read, 's499').storage).toEqual({ kind: 'inline', data: new Uint8Array(16) });
    expect(initializer(read, 'w').storage.kind).toBe('bytes');
  });

  it('stay ranges where they are long, or cannot be read now', async () => {
    const long = LIMITS.inlineTensorBytes / 8 + 1;
    const read = await openModel(
      new BufferSource(model({ initializers: [external('long', 'int64', [long], 'c.bin'), external('s', 'int64', [2], 'c.bin')] })),
      {
        name: 'm.onnx',
        openSibling: async () => ({ size: 10_000, read: () => Promise.reject(new Error('EIO')) }),
      },
    );
    expect(['long', 's'].map((name) => initializer(read, name).storage.kind)).toEqual(['bytes', 'bytes']);
  });
});
