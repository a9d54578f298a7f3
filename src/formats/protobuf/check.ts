import { LIMITS } from '../../bytes';
import { damaged, type Path, tooDeep } from './faults';
import { LEFT_FIELD } from './located';
import type { FieldPlan, MessagePlan } from './plan';
import { WireType } from './schema';
import { readVarint, type VarintCursor } from './wire';

/** The tag of field 536,870,911, the last there can be, in wire type 7. */
const LARGEST_TAG = 536_870_911 * 8 + 7;

/** A piece of the file in memory: `bytes[0]` is the byte at `base`. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly base: number;
}

/**
 * Checks a message that lies whole in memory, down to its last field: the decoder itself would read a field of the
 * wrong wire type, or past its message's end, without a word. True when it holds the private field, which no honest
 * file has and which must not get through.
 * @throws FormatError with byte and field, LimitError.
 */
export function checkMessage(piece: Piece, from: number, to: number, plan: MessagePlan, path: Path | null, depth: number): boolean {
  if (depth > LIMITS.messageDepth) throw tooDeep(piece.base + from, path);
  const cursor: VarintCursor = { value: 0, next: from };
  let forged = false;
  while (cursor.next < to) {
    const at = cursor.next;
    readTag(piece, at, to, path, cursor);
    // In the numbers themselves: a tag object for every field of a large model would be most of the work.
    const wire = cursor.value & 7;
    const number = Math.floor(cursor.value / 8);
    const field = plan.fields.get(number);
    refuseWrongTag(cursor.value, field, piece.base + at, path);
    if (number === LEFT_FIELD) forged = true;
    if (wire === WireType.StartGroup) {
      cursor.next = checkGroup(piece, cursor.next, to, number, path, depth + 1);
    } else if (wire === WireType.LengthDelimited) {
      const start = readLength(piece, to, path, field, cursor);
      if (field && field.packed !== 0) checkPacked(field, piece.base + start, cursor.next - start, piece.bytes[cursor.next - 1], path);
      if (field?.message) {
        const inner = { name: field.name, above: path };
        if (checkMessage(piece, start, cursor.next, field.message, inner, depth + 1)) forged = true;
      }
    } else {
      skipNumber(piece, to, wire, path, field, cursor);
    }
  }
  return forged;
}

/** Checks that a packed list ends with a whole number: the decoder would read on into the next field. */
export function checkPacked(field: FieldPlan, offset: number, length: number, last: number | undefined, path: Path | null): void {
  const whole = field.packed === 1 ? length === 0 || (last ?? 0) < 128 : length % field.packed === 0;
  if (!whole) throw damaged(offset, path, field.name, 'the list ends within a number');
}

/** Reads the tag at `at` into the cursor, which stands behind it. */
function readTag(piece: Piece, at: number, to: number, path: Path | null, cursor: VarintCursor): void {
  if (!readVarint(piece.bytes, at, to, cursor)) throw damaged(piece.base + at, path, undefined, 'a tag has no end');
}

/** A field's number and wire type, with what the schema says of it. */
export interface Tag {
  readonly field: FieldPlan | undefined;
  readonly number: number;
  readonly wire: number;
}

/** Splits a tag and refuses one that no writer makes, or that brings a known field in a form it cannot have. */
export function tagOf(value: number, offset: number, plan: MessagePlan, path: Path | null): Tag {
  const number = Math.floor(value / 8);
  const field = plan.fields.get(number);
  refuseWrongTag(value, field, offset, path);
  return { field, number, wire: value & 7 };
}

function refuseWrongTag(value: number, field: FieldPlan | undefined, offset: number, path: Path | null): void {
  const wire = value & 7;
  if (value < 8 || value > LARGEST_TAG || wire > 5) throw damaged(offset, path, undefined, `there is no field with tag ${value}`);
  if (field && ((field.wires >> wire) & 1) === 0) throw damaged(offset, path, field.name, `the field cannot have wire type ${wire}`);
}

/** Reads a length and moves the cursor past what it measures; returns where that begins. */
function readLength(piece: Piece, to: number, path: Path | null, field: FieldPlan | undefined, cursor: VarintCursor): number {
  const at = cursor.next;
  if (!readVarint(piece.bytes, at, to, cursor)) throw damaged(piece.base + at, path, field?.name, 'a length has no end');
  const start = cursor.next;
  if (start + cursor.value > to) {
    throw damaged(piece.base + at, path, field?.name, `its length of ${cursor.value} bytes passes the end of the message around it`);
  }
  cursor.next = start + cursor.value;
  return start;
}

function skipNumber(piece: Piece, to: number, wire: number, path: Path | null, field: FieldPlan | undefined, cursor: VarintCursor): void {
  const at = cursor.next;
  if (wire === WireType.Varint) {
    if (!readVarint(piece.bytes, at, to, cursor)) throw damaged(piece.base + at, path, field?.name, 'a number has no end');
    return;
  }
  if (wire === WireType.EndGroup) throw damaged(piece.base + at, path, field?.name, 'a group ends that never began');
  cursor.next = at + (wire === WireType.Bit64 ? 8 : 4);
  if (cursor.next > to) throw damaged(piece.base + at, path, field?.name, 'a number passes the end of the message around it');
}

/** Skips a group (a form that only unknown fields can have here) and returns the position behind its end. */
function checkGroup(piece: Piece, from: number, to: number, number: number, path: Path | null, depth: number): number {
  if (depth > LIMITS.messageDepth) throw tooDeep(piece.base + from, path);
  const none: MessagePlan = { fields: new Map() };
  const cursor: VarintCursor = { value: 0, next: from };
  while (cursor.next < to) {
    const at = cursor.next;
    readTag(piece, at, to, path, cursor);
    const tag = tagOf(cursor.value, piece.base + at, none, path);
    if (tag.wire === WireType.EndGroup && tag.number === number) return cursor.next;
    if (tag.wire === WireType.StartGroup) cursor.next = checkGroup(piece, cursor.next, to, tag.number, path, depth + 1);
    else if (tag.wire === WireType.LengthDelimited) readLength(piece, to, path, undefined, cursor);
    else skipNumber(piece, to, tag.wire, path, undefined, cursor);
  }
  throw damaged(piece.base + from, path, undefined, 'a group has no end');
}
