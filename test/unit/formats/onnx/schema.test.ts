import type { DescMessage } from '@bufbuild/protobuf';
import { ScalarType as Described } from '@bufbuild/protobuf';
import { WireType as DescribedWire } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { AttributeType, DataLocation, modelSchema } from '../../../../src/formats/onnx/schema';
import { AttributeProto_AttributeType, ModelProtoSchema, TensorProto_DataLocation } from '../../../../src/formats/onnx/schema/onnx-ml_pb';
import { type MessageSchema, ScalarType, WireType } from '../../../../src/formats/protobuf/schema';

/** Every message that can be reached, by name. */
function allMessages<M extends MessageSchema>(from: M): ReadonlyMap<string, MessageSchema> {
  const found = new Map<string, MessageSchema>([[from.typeName, from]]);
  for (const message of found.values())
    for (const { message: inner } of message.fields) if (inner && !found.has(inner.typeName)) found.set(inner.typeName, inner);
  return found;
}

function plain(message: MessageSchema) {
  return message.fields
    .map((field) => ({
      number: field.number,
      name: field.name,
      localName: field.localName,
      fieldKind: field.fieldKind,
      listKind: field.listKind,
      scalar: field.scalar,
      message: field.message?.typeName,
      enum: field.enum?.values.map(({ number }) => number),
      oneof: field.oneof?.localName,
      parent: field.parent.typeName,
    }))
    .sort((a, b) => a.number - b.number);
}

describe("ONNX's schema as it is read", () => {
  const described: DescMessage = ModelProtoSchema;

  it('is the one that protobuf made of onnx-ml.proto', () => {
    const [ours, theirs] = [allMessages(modelSchema()), allMessages(described)];
    expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
    expect(ours.size).toBeGreaterThan(20);
    for (const [name, message] of theirs) expect(plain(ours.get(name) ?? message), name).toEqual(plain(message));
  });

  it('needs no defaults: a field that is not set is empty, zero or the first of its enum', () => {
    for (const message of allMessages(described).values()) {
      for (const field of message.fields) {
        const given = field.fieldKind === 'scalar' || field.fieldKind === 'enum' ? field.getDefaultValue?.() : undefined;
        expect(given ?? 0, `${message.typeName}.${field.name}`).toBe(field.enum?.values[0]?.number ?? 0);
      }
    }
  });

  it('numbers types as protobuf does', () => {
    expect(AttributeType).toEqual(
      Object.fromEntries(Object.entries(AttributeProto_AttributeType).filter(([, to]) => typeof to === 'number')),
    );
    expect(DataLocation).toEqual(Object.fromEntries(Object.entries(TensorProto_DataLocation).filter(([, to]) => typeof to === 'number')));
    for (const [name, number] of Object.entries(ScalarType)) expect(Described[number], name).toBe(name);
    for (const [name, number] of Object.entries(WireType)) expect(DescribedWire[number], name).toBe(name);
  });
});
