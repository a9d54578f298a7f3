import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { type FieldLayout, type Fields, layoutOf, type MessageLayout } from './layout';
import { LEFT_FIELD } from './located';
import { type MessageSchema, type SchemaOf, WireType } from './schema';
import { type DecodeLimits, Tally } from './tally';
import { TextPool } from './textPool';
import { readVarint, type VarintCursor } from './wire';

/**
 * Decodes a message that `scanSkeleton` has checked into what `fromBinary` makes of it, some times faster: messages hold
 * only what is set (their prototypes hold the rest), equal texts are one string, and of unknown fields only those that
 * stand for what was left in the file are kept. Lists and bytes must not be written to.
 * @throws Error when a number has more than 64 bits, which the scan leaves unchecked in lists; LimitError past one of `limits`.
 */
export function decode<Desc extends DescMessage>(schema: Desc, bytes: Uint8Array, limits?: DecodeLimits): MessageShape<Desc>;
export function decode<M>(schema: SchemaOf<M>, bytes: Uint8Array, limits?: DecodeLimits): M;
export function decode(schema: MessageSchema, bytes: Uint8Array, limits?: DecodeLimits): unknown {
  return new Decoder(bytes, limits).message(layoutOf(schema), bytes.length);
}

/** Decodes fields of a message into one that `decode` made: lists grow, single fields are replaced. */
export function decodeInto<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>, bytes: Uint8Array): void;
export function decodeInto<M>(schema: SchemaOf<M>, message: M, bytes: Uint8Array): void;
export function decodeInto(schema: MessageSchema, message: unknown, bytes: Uint8Array): void {
  new Decoder(bytes).message(layoutOf(schema), bytes.length, message as Fields);
}

/** Integers of one byte: kernels, strides, axes. One bigint each for the whole of a model. */
const SHORT: readonly bigint[] = Array.from({ length: 128 }, (_, value) => BigInt(value));

/** Adds to a list of a message. Short ones are made anew, since an array that grows takes room for 17 at once, and most hold one or two. */
function append(message: Fields, property: string, value: unknown): void {
  const list = message[property] as unknown[];
  if (list.length === 0) message[property] = [value];
  else if (list.length === 1) message[property] = [list[0], value];
  else if (list.length === 2) message[property] = [list[0], list[1], value];
  else list.push(value);
}

class Decoder {
  private at = 0;
  private readonly view: DataView;
  private readonly texts: TextPool;
  private readonly cursor: VarintCursor = { value: 0, next: 0 };
  private readonly scratch = new DataView(new ArrayBuffer(8));

  private readonly tally: Tally | undefined;

  constructor(
    private readonly bytes: Uint8Array,
    limits?: DecodeLimits,
  ) {
    this.tally = limits && new Tally(limits);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.texts = new TextPool(bytes);
  }

  /** Reads fields up to `end`; into a message that is there already where a field comes twice. */
  message(layout: MessageLayout, end: number, into = layout.make()): Fields {
    this.tally?.message(layout);
    while (this.at < end) {
      const tag = this.varint();
      const field = layout.fields[tag >>> 3];
      if (field) this.field(into, field, tag & 7);
      else this.unknown(into, tag >>> 3, tag & 7);
    }
    return into;
  }

  private field(message: Fields, field: FieldLayout, wire: number): void {
    if (field.list) this.list(message, field, wire);
    else if (field.message) this.inner(message, field, field.message);
    else this.single(message, field);
  }

  private single(message: Fields, field: FieldLayout): void {
    const value = this.value(field);
    if (field.values && !field.values.has(value as number)) return;
    message[field.property] = field.choice === null ? value : { case: field.choice, value };
  }

  private inner(message: Fields, field: FieldLayout, layout: MessageLayout): void {
    const { property, choice } = field;
    const end = this.length();
    if (choice === null) {
      message[property] = this.message(layout, end, message[property] as Fields | undefined);
      return;
    }
    const before = message[property] as { readonly case: string | undefined; readonly value?: Fields };
    message[property] = { case: choice, value: this.message(layout, end, before.case === choice ? before.value : undefined) };
  }

  private list(message: Fields, field: FieldLayout, wire: number): void {
    const { kind } = field;
    if (field.message) append(message, field.property, this.message(field.message, this.length()));
    else if (wire !== WireType.LengthDelimited || kind === 'string' || kind === 'bytes') this.item(message, field);
    else for (const end = this.length(); this.at < end; ) this.item(message, field);
  }

  private item(message: Fields, field: FieldLayout): void {
    this.tally?.element();
    const value = this.value(field);
    if (!field.values || field.values.has(value as number)) append(message, field.property, value);
  }

  private value({ kind }: FieldLayout): unknown {
    switch (kind) {
      case 'string': {
        const end = this.length();
        this.tally?.text(end - this.at);
        const text = this.texts.read(this.at, end);
        this.at = end;
        return text;
      }
      case 'bytes': {
        const end = this.length();
        const bytes = this.bytes.subarray(this.at, end);
        this.at = end;
        return bytes;
      }
      case 'int32':
        return this.isShort() ? this.bytes[this.at++] : this.wide().getInt32(0, true);
      case 'int64':
        return this.isShort() ? SHORT[this.bytes[this.at++] ?? 0] : this.wide().getBigInt64(0, true);
      case 'uint64':
        return this.isShort() ? SHORT[this.bytes[this.at++] ?? 0] : this.wide().getBigUint64(0, true);
      case 'float':
        this.at += 4;
        return this.view.getFloat32(this.at - 4, true);
      case 'double':
        this.at += 8;
        return this.view.getFloat64(this.at - 8, true);
      case 'message':
        throw new Error('read as a message');
      default: {
        const never: never = kind;
        return never;
      }
    }
  }

  /** Reads a length; returns where what it measures ends. */
  private length(): number {
    const length = this.varint();
    return this.at + length;
  }

  /** A varint that is no more than a number holds exactly: a tag or a length. */
  private varint(): number {
    const byte = this.bytes[this.at] ?? 0;
    if (byte < 128) {
      this.at++;
      return byte;
    }
    if (!readVarint(this.bytes, this.at, this.bytes.length, this.cursor)) throw new Error('a number has no end');
    this.at = this.cursor.next;
    return this.cursor.value;
  }

  /** True where the next varint is one byte, as most are. */
  private isShort(): boolean {
    return (this.bytes[this.at] ?? 128) < 128;
  }

  /** A varint of up to 64 bits, to be read from `scratch` with the sign and width of its type. */
  private wide(): DataView {
    const { bytes, scratch } = this;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[this.at++] ?? 0;
      const bits = byte & 127;
      if (shift < 32) low |= bits << shift;
      if (shift >= 28) high |= shift < 32 ? bits >> 4 : bits << (shift - 32);
      if (byte >= 128) continue;
      scratch.setInt32(0, low, true);
      scratch.setInt32(4, high, true);
      return scratch;
    }
    throw new Error('a number has more than 64 bits');
  }

  private unknown(message: Fields, number: number, wire: number): void {
    const content = this.at;
    this.skip(wire, number);
    if (number !== LEFT_FIELD) return;
    const others = (message['$unknown'] ?? []) as object[];
    message['$unknown'] = [...others, { no: number, wireType: wire, data: this.bytes.subarray(content, this.at) }];
  }

  private skip(wire: number, number: number): void {
    if (wire === WireType.Varint) this.wide();
    else if (wire === WireType.Bit64) this.at += 8;
    else if (wire === WireType.Bit32) this.at += 4;
    else if (wire === WireType.LengthDelimited) this.at = this.length();
    else this.skipGroup(number);
  }

  private skipGroup(number: number): void {
    for (;;) {
      const tag = this.varint();
      if ((tag & 7) === WireType.EndGroup && tag >>> 3 === number) return;
      this.skip(tag & 7, tag >>> 3);
    }
  }
}
