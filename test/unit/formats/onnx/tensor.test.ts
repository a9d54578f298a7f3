import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { BufferSource, LimitError } from '../../../../src/bytes';
import { TensorProtoSchema } from '../../../../src/formats/onnx/schema/onnx-ml_pb';
import { readTensor } from '../../../../src/formats/tensorValues';
import type { DType, Tensor, TensorStorage } from '../../../../src/model';
import { dtypeCode, model, pack, rawTensor, stringTensor, tensor } from '../../../fixtures/onnx';
import { codes, initializer, open } from '../support';

const TYPED: readonly DType[] = [
  'float32',
  'float64',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
  'complex64',
  'complex128',
];

function numbersFor(dtype: DType, elements: number): number[] {
  const parts = dtype.startsWith('complex') ? 2 * elements : elements;
  const low = dtype === 'bool' || dtype.startsWith('u') ? 0 : -3;
  const span = dtype === 'bool' ? 2 : 100;
  return Array.from({ length: parts }, (_, index) => low + (index % span));
}

async function opened(proto: ReturnType<typeof tensor>): Promise<{ tensor: Tensor; bytes: Uint8Array; findings: readonly string[] }> {
  const bytes = model({ initializers: [proto] });
  const read = await open(bytes);
  return { tensor: initializer(read, proto.name), bytes, findings: codes(read.findings) };
}

async function values(tensorAndBytes: { tensor: Tensor; bytes: Uint8Array }): Promise<readonly (number | bigint)[]> {
  const { values: read } = await readTensor(tensorAndBytes.tensor, { model: new BufferSource(tensorAndBytes.bytes) });
  return [...read];
}

function expectedFor(dtype: DType, numbers: readonly number[]): readonly (number | bigint)[] {
  return dtype === 'int64' || dtype === 'uint64' ? numbers.map(BigInt) : numbers;
}

describe('where a tensor is', () => {
  for (const dtype of TYPED) {
    it(`${dtype}: small ones are inline, whatever field they came in`, async () => {
      const numbers = numbersFor(dtype, 5);
      for (const as of ['raw', 'typed'] as const) {
        const read = await opened(tensor('t', dtype, [5], numbers, { as }));
        expect(read.findings).toEqual([]);
        expect(read.tensor.storage).toEqual({ kind: 'inline', data: pack(dtype, numbers) } satisfies TensorStorage);
        expect(await values(read)).toEqual(expectedFor(dtype, numbers));
      }
    });

    it(`${dtype}: large ones stay in the file and are read from there`, async () => {
      const numbers = numbersFor(dtype, 3000);
      const raw = await opened(tensor('t', dtype, [3000], numbers, { as: 'raw' }));
      expect(raw.tensor.storage.kind).toBe('bytes');
      expect(await values(raw)).toEqual(expectedFor(dtype, numbers));
      const typed = await opened(tensor('t', dtype, [3, 1000], numbers, { as: 'typed' }));
      expect(typed.tensor.storage.kind).toBe('protobuf');
      expect(typed.findings).toEqual([]);
      expect(await values(typed)).toEqual(expectedFor(dtype, numbers));
    });
  }

  it('reads a typed field of more than one chunk', async () => {
    const numbers = Array.from({ length: 300_000 }, (_, index) => (index * 2_654_435_761) % 4_294_967_296);
    const read = await opened(tensor('t', 'uint64', [300_000], numbers, { as: 'typed' }));
    expect(await values(read)).toEqual(numbers.map(BigInt));
  });

  it('reads 64-bit extremes exactly', async () => {
    const numbers = [-(2n ** 63n), 2n ** 63n - 1n, -1n, 0n, 2n ** 53n + 1n];
    const small = await opened(tensor('t', 'int64', [5], numbers, { as: 'typed' }));
    expect(await values(small)).toEqual(numbers);
    const many = Array.from({ length: 1000 }, (_, index) => numbers[index % 5] ?? 0n);
    expect(await values(await opened(tensor('t', 'int64', [1000], many, { as: 'typed' })))).toEqual(many);
  });

  it('reads small floats and sub-byte types from int32_data', async () => {
    const typed = (dtype: DType, dims: number, int32Data: number[]) =>
      opened(create(TensorProtoSchema, { name: 't', dataType: dtypeCode(dtype), dims: [BigInt(dims)], int32Data }));
    expect(await values(await typed('float16', 2, [0x3c00, 0xc000]))).toEqual([1, -2]);
    expect(await values(await typed('bfloat16', 2, [0x3f80, 0xc000]))).toEqual([1, -2]);
    expect(await values(await typed('float8e4m3fn', 2, [0x38, 0xb8]))).toEqual([1, -1]);
    expect(await values(await typed('int4', 3, [0xf1, 0x08]))).toEqual([1, -1, -8]);
    expect(await values(await typed('uint2', 5, [0b11100100, 0b10]))).toEqual([0, 1, 2, 3, 2]);
    expect(await values(await typed('float6e2m3', 5, [8, 16, 63, 1, 8]))).toEqual([1, 2, -7.5, 0.125, 1]);
    const many = Array.from({ length: 2001 }, (_, index) => index % 64);
    const six = await typed('float6e3m2', 2001, many);
    expect(six.tensor.storage.kind).toBe('protobuf');
    expect((await values(six))[2000]).toBe((await values(await typed('float6e3m2', 1, [2000 % 64])))[0]);
  });

  it('keeps strings', async () => {
    const read = await opened(stringTensor('t', [2], ['cat', 'häß']));
    expect(read.tensor.storage).toEqual({ kind: 'strings', data: [new TextEncoder().encode('cat'), new TextEncoder().encode('häß')] });
  });

  it('leaves the strings of a large vocabulary in the file', async () => {
    const words = Array.from({ length: 60_000 }, (_, index) => `word-number-${index}-of-many`);
    const read = await opened(stringTensor('t', [60_000], words));
    const { storage } = read.tensor;
    if (storage.kind !== 'protobuf') throw new Error(storage.kind);
    const text = new TextDecoder().decode(read.bytes.subarray(storage.offset, storage.offset + storage.length));
    expect(storage.field).toBe('string_data');
    expect([text.includes(words[0] ?? ''), text.endsWith(words.at(-1) ?? '')]).toEqual([true, true]);
  });

  it('has nothing to read for no elements', async () => {
    const read = await opened(rawTensor('t', 'float32', [0, 3], new Uint8Array(0)));
    expect(read.findings).toEqual([]);
    expect(await values(read)).toEqual([]);
  });

  it('refuses to read more at once than the limit', async () => {
    const read = await opened(tensor('t', 'float32', [2000], new Array(2000).fill(1)));
    await expect(readTensor(read.tensor, { model: new BufferSource(read.bytes) }, 1999)).rejects.toThrow(LimitError);
  });
});

describe('a tensor that contradicts itself', () => {
  const wrong: [string, ReturnType<typeof tensor>, RegExp][] = [
    ['too few bytes', rawTensor('t', 'float32', [4], new Uint8Array(12)), /12 bytes of values where its type and shape need 16/],
    ['too many bytes left in the file', rawTensor('t', 'float32', [4], new Uint8Array(4000)), /4000 bytes of values where .* need 16/],
    ['no values', create(TensorProtoSchema, { name: 't', dataType: 1, dims: [4n] }), /no values in the file/],
    ['typed values too few', tensor('t', 'float32', [3000], new Array(2999).fill(1), { as: 'typed' }), /float_data, which do not fit/],
    ['a negative extent', create(TensorProtoSchema, { name: 't', dataType: 1, dims: [-4n] }), /impossible shape \[-4\]/],
    [
      'an extent past 2^53',
      create(TensorProtoSchema, { name: 't', dataType: 1, dims: [2n ** 53n + 1n, 0n] }),
      /shape \[9007199254740993, 0\]/,
    ],
    [
      'seventy extents',
      create(TensorProtoSchema, { name: 't', dataType: 1, dims: new Array(70).fill(1n) }),
      /70 dimensions, and no .* than 64/,
    ],
    [
      'more elements than can be counted',
      create(TensorProtoSchema, { name: 't', dataType: 1, dims: [2n ** 40n, 2n ** 40n] }),
      /impossible shape/,
    ],
    ['an unknown type', create(TensorProtoSchema, { name: 't', dataType: 77, dims: [1n], rawData: new Uint8Array(4) }), /element type 77/],
    ['segments', create(TensorProtoSchema, { name: 't', dataType: 1, dims: [1n], segment: { begin: 0n, end: 1n } }), /segments/],
    [
      'too few strings',
      create(TensorProtoSchema, { name: 't', dataType: 8, dims: [3n], stringData: [new Uint8Array(1)] }),
      /1 strings where/,
    ],
  ];
  for (const [what, proto, reason] of wrong) {
    it(`${what}: a finding that names it, and the rest is read`, async () => {
      const bytes = model({ initializers: [proto, tensor('good', 'int64', [1], [7])] });
      const read = await open(bytes);
      expect(read.findings).toHaveLength(1);
      expect(read.findings[0]).toMatchObject({ severity: 'error', code: 'tensor-data', message: expect.stringContaining('"t"') });
      expect(initializer(read, 't').storage).toEqual({ kind: 'missing', reason: expect.stringMatching(reason) });
      expect(await values({ tensor: initializer(read, 'good'), bytes })).toEqual([7n]);
    });
  }

  it('lists a limited number of findings of one kind', async () => {
    const many = Array.from({ length: 100 }, (_, index) => rawTensor(`t${index}`, 'float32', [4], new Uint8Array(1)));
    const { findings } = await open(model({ initializers: many }));
    expect(findings).toHaveLength(21);
    expect(findings[20]?.message).toBe('80 more of the same kind.');
  });
});
