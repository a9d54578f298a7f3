import { LIMITS } from '../../bytes';
import type { ByteStream } from '../byteStream';

/** What one value of MessagePack is, as far as its first bytes tell: its content follows in the stream. */
export type Head =
  | { readonly kind: 'nil' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  /** So many bytes follow. */
  | { readonly kind: 'text' | 'bytes'; readonly length: number }
  | { readonly kind: 'extension'; readonly length: number; readonly type: number }
  /** So many values follow, or pairs of them. */
  | { readonly kind: 'list' | 'map'; readonly count: number };

/** Reads the head of the next value (the MessagePack specification, "Formats"). @throws FormatError at the file's end, or for the one byte that means nothing */
export async function readHead(stream: ByteStream): Promise<Head> {
  await stream.need(1, 'a value');
  const first = stream.take(1, (at, view) => view.getUint8(at));
  if (first < 0x80) return { kind: 'int', value: BigInt(first) };
  if (first >= 0xe0) return { kind: 'int', value: BigInt(first - 256) };
  if (first < 0x90) return { kind: 'map', count: first & 15 };
  if (first < 0xa0) return { kind: 'list', count: first & 15 };
  if (first < 0xc0) return { kind: 'text', length: first & 31 };
  const form = FORMS.get(first);
  if (!form) throw stream.damaged(`a value begins with the byte ${first}, which means nothing`);
  await stream.need(form.bytes, 'a value');
  return stream.take(form.bytes, form.read);
}

interface Form {
  readonly bytes: number;
  read(at: number, view: DataView): Head;
}

function int(bytes: number, read: (view: DataView, at: number) => number | bigint): Form {
  return { bytes, read: (at, view) => ({ kind: 'int', value: BigInt(read(view, at)) }) };
}

function sized(bytes: 1 | 2 | 4, head: (size: number) => Head): Form {
  return { bytes, read: (at, view) => head(sizeAt(view, at, bytes)) };
}

function sizeAt(view: DataView, at: number, bytes: 1 | 2 | 4): number {
  return bytes === 1 ? view.getUint8(at) : bytes === 2 ? view.getUint16(at) : view.getUint32(at);
}

function extension(bytes: 1 | 2 | 4): Form {
  return {
    bytes: bytes + 1,
    read: (at, view) => ({ kind: 'extension', length: sizeAt(view, at, bytes), type: view.getInt8(at + bytes) }),
  };
}

function fixedExtension(length: number): Form {
  return { bytes: 1, read: (at, view) => ({ kind: 'extension', length, type: view.getInt8(at) }) };
}

const FORMS: ReadonlyMap<number, Form> = new Map<number, Form>([
  [0xc0, { bytes: 0, read: () => ({ kind: 'nil' }) }],
  [0xc2, { bytes: 0, read: () => ({ kind: 'bool', value: false }) }],
  [0xc3, { bytes: 0, read: () => ({ kind: 'bool', value: true }) }],
  [0xc4, sized(1, (length) => ({ kind: 'bytes', length }))],
  [0xc5, sized(2, (length) => ({ kind: 'bytes', length }))],
  [0xc6, sized(4, (length) => ({ kind: 'bytes', length }))],
  [0xc7, extension(1)],
  [0xc8, extension(2)],
  [0xc9, extension(4)],
  [0xca, { bytes: 4, read: (at, view) => ({ kind: 'float', value: view.getFloat32(at) }) }],
  [0xcb, { bytes: 8, read: (at, view) => ({ kind: 'float', value: view.getFloat64(at) }) }],
  [0xcc, int(1, (view, at) => view.getUint8(at))],
  [0xcd, int(2, (view, at) => view.getUint16(at))],
  [0xce, int(4, (view, at) => view.getUint32(at))],
  [0xcf, int(8, (view, at) => view.getBigUint64(at))],
  [0xd0, int(1, (view, at) => view.getInt8(at))],
  [0xd1, int(2, (view, at) => view.getInt16(at))],
  [0xd2, int(4, (view, at) => view.getInt32(at))],
  [0xd3, int(8, (view, at) => view.getBigInt64(at))],
  [0xd4, fixedExtension(1)],
  [0xd5, fixedExtension(2)],
  [0xd6, fixedExtension(4)],
  [0xd7, fixedExtension(8)],
  [0xd8, fixedExtension(16)],
  [0xd9, sized(1, (length) => ({ kind: 'text', length }))],
  [0xda, sized(2, (length) => ({ kind: 'text', length }))],
  [0xdb, sized(4, (length) => ({ kind: 'text', length }))],
  [0xdc, sized(2, (count) => ({ kind: 'list', count }))],
  [0xdd, sized(4, (count) => ({ kind: 'list', count }))],
  [0xde, sized(2, (count) => ({ kind: 'map', count }))],
  [0xdf, sized(4, (count) => ({ kind: 'map', count }))],
]);

/** The text that follows its head; `null`, and gone over, where it is longer than is kept. */
export async function readText(stream: ByteStream, length: number): Promise<string | null> {
  if (length > LIMITS.stringBytes) {
    stream.skip(length, 'a text');
    return null;
  }
  await stream.need(length, 'a text');
  return stream.takeText(length, length);
}
