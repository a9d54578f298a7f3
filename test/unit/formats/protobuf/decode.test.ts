import { fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { StructSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  TensorProtoSchema,
} from '../../../../src/formats/onnx/schema/onnx-ml_pb';
import { decode, decodeInto } from '../../../../src/formats/protobuf/decode';
import { TextPool } from '../../../../src/formats/protobuf/textPool';
import { writeVarint } from '../../../../src/formats/protobuf/wire';
import { model, node, tensor, value } from '../../../fixtures/onnx';
import { concat } from '../support';

function tag(number: number, wire: number): Uint8Array {
  return Uint8Array.from(writeVarint(number * 8 + wire));
}

function field(number: number, content: Uint8Array): Uint8Array {
  return concat(tag(number, 2), Uint8Array.from(writeVarint(content.length)), content);
}

/** What a message says, field by field as the schema reads them, so that defaults held by a prototype count too. */
function written(message: Message): Uint8Array {
  return toBinary(ModelProtoSchema, message as never);
}

const NUMBERS = [0n, 1n, -1n, 127n, 128n, 2n ** 28n, 2n ** 31n, -(2n ** 31n), 2n ** 35n - 1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];

describe('decode', () => {
  it('reads 64-bit integers exactly', () => {
    const bytes = toBinary(TensorProtoSchema, fromBinary(TensorProtoSchema, concat(...NUMBERS.map((number) => varint64(7, number)))));
    expect(decode(TensorProtoSchema, bytes).int64Data).toEqual(NUMBERS);
  });

  it('reads unsigned and 32-bit integers by their type', () => {
    const top = 2n ** 64n - 1n;
    const bytes = concat(varint64(11, -1n), varint64(5, -1n), varint64(5, 2n ** 31n - 1n));
    const read = decode(TensorProtoSchema, bytes);
    expect(read.uint64Data).toEqual([top]);
    expect(read.int32Data).toEqual([-1, 2 ** 31 - 1]);
  });

  it('refuses a number of more than 64 bits', () => {
    const endless = field(7, new Uint8Array(11).fill(0xff));
    expect(() => decode(TensorProtoSchema, endless)).toThrow('64 bits');
  });

  it('says the same as the library of a model with types, attributes and tensors', () => {
    const bytes = model({
      inputs: [value('x', 'float32', [1, 'batch', 3])],
      outputs: [value('y', 'float32', null)],
      initializers: [tensor('w', 'float32', [2], [1.5, -2]), tensor('s', 'int64', [2], [3, -4], { as: 'typed' })],
      nodes: [node('Conv', ['x', 'w'], ['y'], { strides: [1, -1], group: 1, alpha: 0.5, mode: 'größe' }, { name: 'conv', doc: 'd' })],
    });
    expect(Buffer.compare(written(decode(ModelProtoSchema, bytes)), written(fromBinary(ModelProtoSchema, bytes)))).toBe(0);
  });

  it('tells a field that is set to its default from one that is not', () => {
    const unset = decode(AttributeProtoSchema, new Uint8Array(0));
    const set = decode(AttributeProtoSchema, varint64(3, 0n));
    expect([unset.i, set.i]).toEqual([0n, 0n]);
    expect([Object.hasOwn(unset, 'i'), Object.hasOwn(set, 'i')]).toEqual([false, true]);
    expect(unset.ints).toEqual([]);
  });

  it('passes over numbers that an enum does not define', () => {
    expect(decode(AttributeProtoSchema, varint64(20, 99n)).type).toBe(AttributeProto_AttributeType.UNDEFINED);
    expect(decode(AttributeProtoSchema, varint64(20, 2n)).type).toBe(AttributeProto_AttributeType.INT);
  });

  it('appends to lists and replaces single fields of a message given in pieces', () => {
    const message = decode(TensorProtoSchema, concat(varint64(7, 1n), varint64(2, 7n)));
    decodeInto(TensorProtoSchema, message, concat(varint64(7, 2n), varint64(2, 11n)));
    expect([message.int64Data, message.dataType]).toEqual([[1n, 2n], 11]);
    expect(decode(TensorProtoSchema, varint64(7, 3n)).int64Data).toEqual([3n]);
  });

  it('refuses a schema with maps', () => {
    expect(() => decode(StructSchema, new Uint8Array(0))).toThrow('no reader');
  });
});

describe('texts', () => {
  const encoder = new TextEncoder();

  it('come out as they went in, few and many, short and long, of any script', () => {
    const texts = Array.from({ length: 5000 }, (_, index) => `/blocks.${index % 1700}/${'ab'.repeat(index % 90)}/Add_output_0`);
    const all = ['', 'é', '\ufeffmark', '層', 'a\u0000b', ...texts];
    const bytes = encoder.encode(all.join(''));
    const pool = new TextPool(bytes);
    let at = 0;
    for (const text of all) {
      const end = at + encoder.encode(text).length;
      expect(pool.read(at, end)).toBe(text);
      at = end;
    }
  });
});

function varint64(number: number, value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return concat(tag(number, 0), Uint8Array.from([...bytes, Number(rest)]));
}
