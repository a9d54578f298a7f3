import { describe, expect, it } from 'vitest';
import { BufferSource, UserError } from '../../../../src/bytes';
import { statistics } from '../../../../src/formats/tensorValues';
import type { Tensor } from '../../../../src/model';
import { external, model, pack, stringTensor, tensor } from '../../../fixtures/onnx';
import { initializer, open, siblings } from '../support';

function inline(dtype: Tensor['dtype'], values: readonly number[]): Tensor {
  return { name: 't', dtype, shape: [values.length], storage: { kind: 'inline', data: pack(dtype, values) } };
}

const NO_FILES = { model: new BufferSource(new Uint8Array(0)) };

describe('statistics', () => {
  it('gives what NumPy gives', async () => {
    // NumPy 2.4: a.mean(), a.std() and np.histogram(a, bins=64).
    const found = await statistics(inline('float32', [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 0]), NO_FILES);
    expect(found).toMatchObject({ count: 12, minimum: 0, maximum: 9, zeros: 1, notFinite: 0 });
    expect(found.mean).toBeCloseTo(44 / 12, 12);
    expect(found.deviation).toBeCloseTo(2.4267032964268394, 12);
    const bins = new Array(64).fill(0);
    Object.assign(bins, { 0: 1, 7: 2, 14: 1, 21: 2, 28: 1, 35: 3, 42: 1, 63: 1 });
    expect(found.histogram).toEqual(bins);
  });

  it('leaves infinities and NaN out of range, mean and histogram, and counts them', async () => {
    const found = await statistics(inline('float32', [Number.NaN, 1, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY]), NO_FILES);
    expect(found).toMatchObject({ count: 5, minimum: 1, maximum: 3, mean: 2, deviation: 1, notFinite: 3 });
    expect(found.histogram.reduce((sum, bin) => sum + bin, 0)).toBe(2);
  });

  it('spans the whole range of float64', async () => {
    // In exact arithmetic: half the elements at each end, the deviation is the largest number itself.
    const most = Number.MAX_VALUE;
    const found = await statistics(inline('float64', [most, -most, most, -most]), NO_FILES);
    expect(found).toMatchObject({ minimum: -most, maximum: most, mean: 0, deviation: most, notFinite: 0 });
    expect(found.histogram).toEqual([2, ...new Array<number>(62).fill(0), 2]);
    const three = await statistics(inline('float64', [most, most, most, 0]), NO_FILES);
    expect(three.mean / most).toBeCloseTo(3 / 4, 12);
    expect(three.deviation / most).toBeCloseTo(Math.sqrt(3) / 4, 12);
    expect(three.histogram).toEqual([1, ...new Array<number>(62).fill(0), 3]);
  });

  it('puts equal elements into the first bin', async () => {
    const found = await statistics(inline('int8', [7, 7, 7]), NO_FILES);
    expect(found).toMatchObject({ minimum: 7, maximum: 7, mean: 7, deviation: 0 });
    expect(found.histogram[0]).toBe(3);
  });

  it('has no range for a tensor without elements', async () => {
    const found = await statistics(inline('float32', []), NO_FILES);
    expect(found).toMatchObject({ count: 0, minimum: Number.NaN, maximum: Number.NaN, mean: Number.NaN });
  });

  it('takes the magnitude of complex elements', async () => {
    const values = {
      name: 'c',
      dtype: 'complex64',
      shape: [2],
      storage: { kind: 'inline', data: pack('complex64', [3, 4, 0, 0]) },
    } as const;
    expect(await statistics(values, NO_FILES)).toMatchObject({ count: 2, minimum: 0, maximum: 5, zeros: 1 });
  });

  it('reads a large external tensor in chunks', async () => {
    const elements = 700_000;
    const weights = pack(
      'int32',
      Array.from({ length: elements }, (_, index) => index - 100),
    );
    const bytes = model({ initializers: [external('w', 'int32', [700, 1000], 'w.bin')] });
    const files = { model: new BufferSource(bytes), sibling: siblings({ 'w.bin': weights }) };
    const found = await statistics(initializer(await open(bytes, { 'w.bin': weights }), 'w'), files);
    expect(found).toMatchObject({ count: elements, minimum: -100, maximum: elements - 101, zeros: 1, mean: (elements - 1) / 2 - 100 });
    // Of 0..n-1: (n^2 - 1) / 12.
    expect(found.deviation).toBeCloseTo(Math.sqrt((elements ** 2 - 1) / 12), 4);
  });

  it('can be cancelled', async () => {
    const bytes = model({ initializers: [tensor('w', 'float32', [1000], new Array(1000).fill(1))] });
    const controller = new AbortController();
    controller.abort();
    const reading = statistics(initializer(await open(bytes), 'w'), { model: new BufferSource(bytes) }, controller.signal);
    await expect(reading).rejects.toThrow(/abort/i);
  });

  it('says why there are none', async () => {
    const bytes = model({ initializers: [stringTensor('s', [1], ['a']), external('w', 'float32', [1], 'gone.bin')] });
    const opened = await open(bytes);
    const files = { model: new BufferSource(bytes), sibling: siblings({}) };
    await expect(statistics(initializer(opened, 's'), files)).rejects.toThrow(UserError);
    await expect(statistics(initializer(opened, 'w'), files)).rejects.toThrow('"gone.bin" is not beside the model');
  });
});
