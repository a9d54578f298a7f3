import { type FieldSchema, type MessageSchema, ScalarType, WireType } from './schema';

/** What the scan does with a field of a message. */
export interface FieldPlan {
  readonly name: string;
  /** Bit set of the wire types the field may come in. */
  readonly wires: number;
  /** The message inside, for fields that hold one. */
  readonly message: MessagePlan | null;
  /** Bytes of one number when the field is a packed list: 4, 8, or 1 for varints; 0 for fields that are none. */
  readonly packed: 0 | 1 | 4 | 8;
  /** From this length in bytes on the field stays in the file; `Infinity` for never. */
  readonly leave: number;
  /** A repeated field of bytes whose neighbouring elements may stay in the file as one range, tags included. */
  readonly leaveRun: boolean;
}

/** What a scan does with each field of a message, made once from the schema. */
export interface MessagePlan {
  readonly fields: ReadonlyMap<number, FieldPlan>;
}

/** Chooses the fields that may be left in the file. */
export interface LeavePolicy {
  /** From which length in bytes; `Infinity` for never. */
  readonly leave: (field: FieldSchema) => number;
  readonly leaveRun: (field: FieldSchema) => boolean;
}

/** Fields of no message we know: inside unknown groups. */
export const UNKNOWN: MessagePlan = { fields: new Map() };

/** The plan of a message and of every message below it; recursive types share one plan. */
export function planOf(message: MessageSchema, policy: LeavePolicy, made = new Map<MessageSchema, MessagePlan>()): MessagePlan {
  const known = made.get(message);
  if (known) return known;
  const fields = new Map<number, FieldPlan>();
  const plan: MessagePlan = { fields };
  made.set(message, plan);
  for (const field of message.fields) {
    fields.set(field.number, {
      name: field.name,
      wires: wiresOf(field),
      message: innerPlan(field, policy, made),
      packed: packedOf(field),
      leave: policy.leave(field),
      leaveRun: policy.leaveRun(field),
    });
  }
  return plan;
}

function innerPlan(field: FieldSchema, policy: LeavePolicy, made: Map<MessageSchema, MessagePlan>): MessagePlan | null {
  if (field.fieldKind !== 'map') return field.message ? planOf(field.message, policy, made) : null;
  // A map is a list of entries with the key as field 1 and the value as field 2.
  const base = { message: null, packed: 0, leave: Number.POSITIVE_INFINITY, leaveRun: false } as const;
  const value = field.message ? planOf(field.message, policy, made) : null;
  const valueWires =
    field.mapKind === 'scalar' ? wireBit(scalarWire(field.scalar)) : wireBit(value ? WireType.LengthDelimited : WireType.Varint);
  return {
    fields: new Map([
      [1, { ...base, name: 'key', wires: wireBit(scalarWire(field.mapKey)) }],
      [2, { ...base, name: 'value', wires: valueWires, message: value }],
    ]),
  };
}

/** A wire type as one bit of a set. */
export function wireBit(wire: number): number {
  return 1 << wire;
}

function wiresOf(field: FieldSchema): number {
  if (field.message || field.fieldKind === 'map') return wireBit(WireType.LengthDelimited);
  const wire = field.scalar === undefined ? WireType.Varint : scalarWire(field.scalar);
  // Readers must take repeated numbers packed or not, whatever the schema says.
  const packable = field.fieldKind === 'list' && wire !== WireType.LengthDelimited;
  return wireBit(wire) | (packable ? wireBit(WireType.LengthDelimited) : 0);
}

function packedOf(field: FieldSchema): 0 | 1 | 4 | 8 {
  if (field.fieldKind !== 'list' || field.listKind === 'message') return 0;
  const wire = field.listKind === 'enum' ? WireType.Varint : scalarWire(field.scalar);
  if (wire === WireType.LengthDelimited) return 0;
  return wire === WireType.Varint ? 1 : wire === WireType.Bit64 ? 8 : 4;
}

/** The wire type of a scalar. */
function scalarWire(scalar: number | undefined): number {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}
