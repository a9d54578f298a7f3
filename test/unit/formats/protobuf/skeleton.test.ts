import { fromBinary, fromJson, toBinary } from '@bufbuild/protobuf';
import { StructSchema, type Value } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../src/bytes';
import { locatedIn } from '../../../../src/formats/protobuf/located';
import { planOf } from '../../../../src/formats/protobuf/plan';
import type { FieldSchema } from '../../../../src/formats/protobuf/schema';
import { scanSkeleton } from '../../../../src/formats/protobuf/skeleton';

const STRINGS = planOf(StructSchema, {
  leave: (field: FieldSchema) => (field.name === 'string_value' ? 1024 : Number.POSITIVE_INFINITY),
  leaveRun: () => false,
});

describe('skeleton of a message with maps and recursive types', () => {
  const long = (letter: string, length: number) => letter.repeat(length);
  const original = {
    short: 'kept',
    long: long('a', 5000),
    nested: {
      list: [1, long('b', 70_000), { deep: long('c', 300_000), also: 'kept too' }],
      filler: Array.from({ length: 3000 }, () => 'word'),
    },
  };
  const bytes = toBinary(StructSchema, fromJson(StructSchema, original));

  it('leaves what the policy names and keeps the rest', async () => {
    const skeleton = await scanSkeleton(new BufferSource(bytes), STRINGS);
    const text = (index: number) => {
      const { offset, length } = skeleton.located[index] ?? { offset: 0, length: 0 };
      return new TextDecoder().decode(bytes.subarray(offset, offset + length));
    };
    expect(skeleton.located.map(({ field, length }) => [field, length])).toEqual([
      [3, 5000],
      [3, 70_000],
      [3, 300_000],
    ]);
    expect([text(0), text(1), text(2)]).toEqual([original.long, original.nested.list[1], long('c', 300_000)]);
    // Tags, lengths and private fields differ by a few bytes.
    expect(Math.abs(bytes.length - 375_000 - skeleton.bytes.length)).toBeLessThan(64);

    const decoded = fromBinary(StructSchema, skeleton.bytes);
    expect(decoded.fields['short']?.kind).toEqual({ case: 'stringValue', value: 'kept' });
    expect(located(decoded.fields['long'], skeleton)).toEqual([skeleton.located[0]]);
    const nested = decoded.fields['nested']?.kind;
    if (nested?.case !== 'structValue') throw new Error('no struct');
    const list = nested.value.fields['list']?.kind;
    if (list?.case !== 'listValue') throw new Error('no list');
    expect(list.value.values[0]?.kind).toEqual({ case: 'numberValue', value: 1 });
    expect(located(list.value.values[1], skeleton)).toEqual([skeleton.located[1]]);
    const filler = nested.value.fields['filler']?.kind;
    expect(filler?.case === 'listValue' && filler.value.values.length).toBe(3000);
  });

  it('is the message itself when nothing is left out', async () => {
    const nothing = planOf(StructSchema, { leave: () => Number.POSITIVE_INFINITY, leaveRun: () => false });
    const skeleton = await scanSkeleton(new BufferSource(bytes), nothing);
    expect(skeleton.located).toEqual([]);
    expect(Buffer.compare(skeleton.bytes, bytes)).toBe(0);
  });
});

function located(value: Value | undefined, skeleton: { readonly located: Parameters<typeof locatedIn>[1] }): unknown {
  return value && locatedIn(value, skeleton.located);
}
