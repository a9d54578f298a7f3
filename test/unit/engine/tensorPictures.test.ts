import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { singularValues } from '../../../src/checkpoint/spectrum';
import { createEngine } from '../../../src/engine/engine';
import { context } from './runSupport';

/** Made by NumPy (test/golden/tensorPictures.py). */
const golden = JSON.parse(readFileSync('test/golden/tensorPictures.json', 'utf8')) as {
  readonly spectra: Readonly<Record<string, readonly number[]>>;
  readonly similarity: { readonly first: readonly number[]; readonly trace: number; readonly sum: number };
  readonly slices: Readonly<Record<string, readonly number[]>>;
};

const engine = createEngine();
const opened = async (name: string) => (await engine.open({ model: { kind: 'file', path: `samples/${name}` } }, context)).handle;
const all = (count: number) => ({ from: 0, count, step: 1 });
const one = (from: number) => ({ from, count: 1, step: 1 });

function run<Result>(work: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

describe('singular values', () => {
  it.each(Object.entries(golden.spectra))('of %s are NumPy’s', async (key, expected) => {
    const [file = '', tensor = ''] = key.split(' ');
    const { values } = await engine.tensorSpectrum({ handle: await opened(file), tensor }, context);
    expect(values).toHaveLength(expected.length);
    const largest = expected[0] ?? 1;
    for (const [place, value] of values.entries()) expect(Math.abs(value - (expected[place] ?? 0)) / largest).toBeLessThan(1e-6);
  });

  it('of matrices whose singular values are known', () => {
    const close = (values: Float64Array, expected: readonly number[]) =>
      expect([...values].map((value) => Number(value.toFixed(9)))).toEqual(expected);
    close(run(singularValues(Float32Array.of(3, 0, 0, 0, 0, 4), 2, 3)), [4, 3]);
    close(run(singularValues(Float32Array.of(3, 0, 0, 0, 0, 4), 3, 2)), [4, 3]);
    close(run(singularValues(new Float32Array(9), 3, 3)), [0, 0, 0]);
    close(run(singularValues(Float32Array.of(-7), 1, 1)), [7]);
    // All ones of 5 by 4: one singular value, the square root of 20.
    expect([...run(singularValues(new Float32Array(20).fill(1), 5, 4))][0]).toBeCloseTo(Math.sqrt(20), 6);
  });

  it('are refused in one sentence for what is no matrix', async () => {
    const handle = await opened('vit.safetensors');
    await expect(engine.tensorSpectrum({ handle, tensor: 'head.bias' }, context)).rejects.toThrow(
      '"head.bias" is no matrix, so it has no singular values.',
    );
  });
});

describe('similarity of position embeddings', () => {
  it('is NumPy’s', async () => {
    const handle = await opened('vit.safetensors');
    const { rows, step, cosines } = await engine.tensorSimilarity({ handle, tensor: 'position' }, context);
    expect([rows, step]).toEqual([golden.similarity.first.length, 1]);
    for (const [place, value] of golden.similarity.first.entries()) expect(cosines[place]).toBeCloseTo(value, 5);
    expect(cosines.reduce((sum, value) => sum + value, 0)).toBeCloseTo(golden.similarity.sum, 2);
  });
});

describe('elements of a tensor', () => {
  it('are those that NumPy’s slices give, from both forms of file', async () => {
    for (const file of ['vit.safetensors', 'vit.pt']) {
      const handle = await opened(file);
      const block = (parts: Parameters<typeof engine.tensorBlock>[0]['parts']) =>
        engine.tensorBlock({ handle, tensor: 'patch_embedding.weight', parts }, context);
      expect([...(await block([one(5), all(3), one(2), { from: 0, count: 3, step: 3 }]))]).toEqual(
        golden.slices['patch_embedding.weight[5, :, 2, ::3]'],
      );
      expect([...(await block([{ from: 0, count: 2, step: 40 }, one(1), { from: 3, count: 3, step: 2 }, one(7)]))]).toEqual(
        golden.slices['patch_embedding.weight[::40, 1, 3:8:2, 7]'],
      );
    }
  });

  it('come row by row where the file is large and the block small, and are the same', async () => {
    const [rows, columns] = [600, 2000];
    const header = `{"w":{"dtype":"F32","shape":[${rows},${columns}],"data_offsets":[0,${4 * rows * columns}]}}`;
    const bytes = new Uint8Array(8 + header.length + 4 * rows * columns);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    const data = Float32Array.from({ length: rows * columns }, (_, place) => place);
    bytes.set(new Uint8Array(data.buffer), 8 + header.length);
    const { handle } = await engine.open({ model: { kind: 'bytes', name: 'w.safetensors', bytes } }, context);
    const parts = [
      { from: 7, count: 5, step: 100 },
      { from: 3, count: 4, step: 499 },
    ];
    const found = await engine.tensorBlock({ handle, tensor: 'w', parts }, context);
    expect([...found]).toEqual([7, 107, 207, 307, 407].flatMap((row) => [3, 502, 1001, 1500].map((column) => row * columns + column)));
  });

  it('are refused past a tensor’s edge, on other axes, and beyond what a picture shows', async () => {
    const handle = await opened('vit.safetensors');
    const ask = (parts: readonly ReturnType<typeof all>[]) =>
      engine.tensorBlock({ handle, tensor: 'blocks.0.attention.qkv.weight', parts }, context);
    await expect(ask([all(241), all(80)])).rejects.toThrow('no such indices on axis 0');
    await expect(ask([all(2)])).rejects.toThrow('has 2 axes, not 1');
    await expect(ask([{ from: -1, count: 1, step: 1 }, all(1)])).rejects.toThrow('no such indices');
    await expect(ask([{ from: 0, count: 1e9, step: 0 }, all(1)])).rejects.toThrow('no such indices');
  });
});
