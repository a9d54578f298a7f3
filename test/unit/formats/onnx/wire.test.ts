import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { GraphProtoSchema, ModelProtoSchema, TensorProtoSchema } from '../../../../src/formats/onnx/schema/onnx-ml_pb';
import { writeVarint } from '../../../../src/formats/protobuf/wire';
import { openModel } from '../../../../src/formats/registry';
import { readTensor } from '../../../../src/formats/tensorValues';
import type { DType } from '../../../../src/model';
import { graph, model, modelMessage, node, pack, rawTensor, tensor, value } from '../../../fixtures/onnx';
import { between, randomFrom } from '../random';
import { CountingSource, concat, initializer, open, SparseSource } from '../support';

const HEAD = toBinary(ModelProtoSchema, modelMessage({ extra: { graph: undefined } }));

function tag(number: number, wire: number): Uint8Array {
  return Uint8Array.from(writeVarint(number * 8 + wire));
}

function field(number: number, content: Uint8Array): Uint8Array {
  return concat(tag(number, 2), Uint8Array.from(writeVarint(content.length)), content);
}

/** A model whose one initialiser is made of these fields of TensorProto. */
function modelOf(tensorFields: Uint8Array): Uint8Array {
  return concat(HEAD, field(7, field(5, tensorFields)));
}

function header(dtype: 1 | 7, elements: number): Uint8Array {
  return toBinary(TensorProtoSchema, create(TensorProtoSchema, { name: 't', dataType: dtype, dims: [BigInt(elements)] }));
}

async function valuesOf(bytes: Uint8Array): Promise<readonly (number | bigint)[]> {
  const read = await open(bytes);
  expect(read.findings).toEqual([]);
  return [...(await readTensor(initializer(read, 't'), { model: new BufferSource(bytes) })).values];
}

const floatsOf = (length: number, from = 0) => Array.from({ length }, (_, index) => from + index);

describe('forms of protobuf that readers must take', () => {
  it('numbers that are not packed, few and many', async () => {
    for (const count of [3, 5000]) {
      const numbers = floatsOf(count);
      const fields = numbers.map((number) => concat(tag(4, 5), pack('float32', [number])));
      expect(await valuesOf(modelOf(concat(header(1, count), ...fields)))).toEqual(numbers);
    }
  });

  it('a list in several packed pieces, long and short, and loose numbers between', async () => {
    const piece = (from: number, count: number) => field(4, pack('float32', floatsOf(count, from)));
    const long = modelOf(concat(header(1, 2010), piece(0, 1000), piece(1000, 5), piece(1005, 1000), piece(2005, 5)));
    expect(await valuesOf(long)).toEqual(floatsOf(2010));
    const mixed = modelOf(concat(header(1, 1004), piece(0, 2), concat(tag(4, 5), pack('float32', [2])), piece(3, 1000), piece(1003, 1)));
    expect(await valuesOf(mixed)).toEqual(floatsOf(1004));
  });

  it('a long packed list of varints in two pieces', async () => {
    const numbers = Array.from({ length: 2000 }, (_, index) => BigInt(index) ** 5n);
    const piece = (from: number, to: number) => field(7, Uint8Array.from(numbers.slice(from, to).flatMap((number) => writeBig(number))));
    expect(await valuesOf(modelOf(concat(header(7, 2000), piece(0, 1200), piece(1200, 2000))))).toEqual(numbers);
  });

  it('lengths and tags written longer than they need be', async () => {
    const padded = concat(tag(9, 2), Uint8Array.of(0x88, 0x80, 0x80, 0x00), pack('float32', [1, 2]));
    expect(await valuesOf(modelOf(concat(header(1, 2), padded)))).toEqual([1, 2]);
  });

  it('fields in any order, the values before the shape', async () => {
    expect(await valuesOf(modelOf(concat(field(9, pack('float32', floatsOf(3000))), header(1, 3000))))).toEqual(floatsOf(3000));
  });

  it('unknown fields of every form, small and large, groups in groups too', async () => {
    const few = concat(
      concat(tag(500, 0), Uint8Array.from(writeBig(2n ** 64n - 1n))),
      concat(tag(501, 1), new Uint8Array(8)),
      concat(tag(502, 5), new Uint8Array(4)),
      concat(tag(505, 3), tag(506, 3), field(9, new Uint8Array(30)), tag(506, 4), field(1, new Uint8Array(2)), tag(505, 4)),
      field(503, new Uint8Array(10)),
    );
    const unknown = concat(few, field(504, new Uint8Array(200_000)), tag(505, 3), field(9, new Uint8Array(3000)), tag(505, 4));
    const small = concat(few, header(1, 2), field(9, pack('float32', [1, 2])), few);
    const large = concat(unknown, header(1, 2000), unknown, field(9, pack('float32', floatsOf(2000))), unknown);
    expect(await valuesOf(concat(unknown, modelOf(small), unknown))).toEqual([1, 2]);
    expect(await valuesOf(concat(unknown, modelOf(large), unknown))).toEqual(floatsOf(2000));
  });

  it('a graph given twice: its lists are appended, its single fields replaced', async () => {
    const first = model({ name: 'one', inputs: [value('x', 'float32', [1])], nodes: [node('Relu', ['x'], ['y'])] });
    const second = field(
      7,
      toBinary(GraphProtoSchema, graph({ name: 'two', nodes: [node('Neg', ['y'], ['z'])], outputs: [value('z', 'float32', [1])] })),
    );
    const read = await open(concat(first, second));
    expect(read.findings).toEqual([]);
    expect(read.graph).toMatchObject({
      name: 'two',
      inputs: [{ name: 'x' }],
      outputs: [{ name: 'z' }],
      nodes: [{ op: 'Relu' }, { op: 'Neg', id: 'n1' }],
    });
  });

  it('of a single field given twice the last counts, long or short', async () => {
    const long = field(9, pack('float32', floatsOf(2000)));
    const short = field(9, pack('float32', [7]));
    expect(await valuesOf(modelOf(concat(header(1, 2000), short, long)))).toEqual(floatsOf(2000));
    expect(await valuesOf(modelOf(concat(header(1, 1), long, short)))).toEqual([7]);
  });

  it('a file cannot forge the field that stands for what was left in it', async () => {
    const forged = concat(tag(19_000, 0), Uint8Array.of(0));
    const secret = rawTensor('w', 'float32', [2000], pack('float32', floatsOf(2000)));
    const victim = (fields: Uint8Array) =>
      concat(HEAD, field(7, concat(field(5, toBinary(TensorProtoSchema, secret)), field(5, concat(header(1, 2000), fields)))));
    for (const fields of [forged, concat(field(12, new Uint8Array(2000)), forged)]) {
      const read = await open(victim(fields));
      expect(initializer(read, 't').storage).toMatchObject({ kind: 'missing' });
      expect(initializer(read, 'w').storage).toMatchObject({ kind: 'bytes', length: 8000 });
    }
  });
});

describe('every tensor of random models', () => {
  const dtypes: readonly DType[] = ['float32', 'int64', 'uint8', 'float64', 'int32'];

  it('holds the bytes that were written, wherever the windows of the scan fall', async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = randomFrom(seed);
      const count = between(random, 1, 60);
      const written = Array.from({ length: count }, (_, index) => {
        const dtype = dtypes[between(random, 0, dtypes.length - 1)] ?? 'uint8';
        const largest = random() < 0.2 ? 60_000 : 600;
        const numbers = Array.from({ length: between(random, 0, largest) }, () => between(random, 0, 255));
        return { dtype, numbers, proto: tensor(`t${index}`, dtype, [numbers.length], numbers, { as: random() < 0.5 ? 'raw' : 'typed' }) };
      });
      const nodes = Array.from({ length: between(random, 0, 3000) }, (_, index) =>
        node('Relu', [`v${index}`], [`v${index + 1}`], {}, { doc: 'x'.repeat(between(random, 0, 80)) }),
      );
      const bytes = model({ inputs: [value('v0', 'float32', null)], nodes, initializers: written.map(({ proto }) => proto) });
      const read = await open(bytes);
      expect([read.graph.nodes.length, read.findings], `seed ${seed}`).toEqual([nodes.length, []]);
      for (const [index, { dtype, numbers }] of written.entries()) {
        const { values } = await readTensor(initializer(read, `t${index}`), { model: new BufferSource(bytes) });
        const expected = dtype === 'int64' ? numbers.map(BigInt) : numbers;
        expect([...values], `seed ${seed}, tensor ${index}`).toEqual(expected);
      }
    }
  });
});

describe('models larger than memory', () => {
  it('of 6 GB are opened by reading a few hundred kilobytes', async () => {
    const GB = 2 ** 30;
    const sizes = [GB, 5 * GB - 4, 4096, 64 * 2 ** 20];
    const places: { offset: number; bytes: Uint8Array }[] = [];
    let offset = 0;
    const place = (bytes: Uint8Array) => {
      places.push({ offset, bytes });
      offset += bytes.length;
    };
    // raw_data is the last field, so that a tensor is a header and then zeros.
    const headers = sizes.map((size, index) =>
      concat(
        toBinary(TensorProtoSchema, rawTensor(`w${index}`, 'float32', [size / 4], new Uint8Array(0))).slice(0, -2),
        tag(9, 2),
        varint(size),
      ),
    );
    const graphFields = toBinary(GraphProtoSchema, graph({ nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', 'float32', [1])] }));
    const tensors = headers.map((bytes, index) => {
      const length = bytes.length + (sizes[index] ?? 0);
      return { length, bytes: concat(tag(5, 2), varint(length), bytes) };
    });
    const inner = tensors.reduce((sum, { bytes }, index) => sum + bytes.length + (sizes[index] ?? 0), graphFields.length);
    place(concat(HEAD, tag(7, 2), varint(inner)));
    for (const [index, { bytes }] of tensors.entries()) {
      place(bytes);
      offset += sizes[index] ?? 0;
    }
    place(graphFields);
    const source = new CountingSource(new SparseSource(offset, places));
    expect(source.size).toBeGreaterThan(6 * GB);

    const read = await openModel(source, { name: 'huge.onnx' });
    expect(read.findings).toEqual([]);
    expect(read.graph.nodes.map((item) => item.op)).toEqual(['Relu']);
    expect(read.graph.initializers.map((item) => item.shape[0])).toEqual(sizes.map((size) => size / 4));
    const last = initializer(read, 'w3').storage;
    expect(last).toEqual({ kind: 'bytes', file: '', offset: source.size - graphFields.length - (sizes[3] ?? 0), length: sizes[3] });
    expect(source.bytesRead).toBeLessThan(256 * 1024);
  });
});

function varint(value: number): Uint8Array {
  return Uint8Array.from(writeVarint(value));
}

function writeBig(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}
