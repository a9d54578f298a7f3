import { LIMITS } from '../../bytes';
import type { Stream } from './stream';

/** Entries of an array that are shown. */
const SHOWN = 8;
/** Bytes of a text within an array that are shown. */
const SHOWN_BYTES = 64;
/** Arrays within arrays. */
const DEPTH = 8;

const STRING = 8;
const ARRAY = 9;

interface Scalar {
  readonly name: string;
  readonly bytes: number;
  read(view: DataView, at: number, littleEndian: boolean): number | bigint | boolean;
}

/** Kinds of values by their numbers (`gguf_type`); texts and arrays are apart. */
const SCALARS: ReadonlyMap<number, Scalar> = new Map<number, Scalar>([
  [0, { name: 'uint8', bytes: 1, read: (view, at) => view.getUint8(at) }],
  [1, { name: 'int8', bytes: 1, read: (view, at) => view.getInt8(at) }],
  [2, { name: 'uint16', bytes: 2, read: (view, at, little) => view.getUint16(at, little) }],
  [3, { name: 'int16', bytes: 2, read: (view, at, little) => view.getInt16(at, little) }],
  [4, { name: 'uint32', bytes: 4, read: (view, at, little) => view.getUint32(at, little) }],
  [5, { name: 'int32', bytes: 4, read: (view, at, little) => view.getInt32(at, little) }],
  [6, { name: 'float32', bytes: 4, read: (view, at, little) => shortFloat(view.getFloat32(at, little)) }],
  [7, { name: 'bool', bytes: 1, read: (view, at) => view.getUint8(at) !== 0 }],
  [10, { name: 'uint64', bytes: 8, read: (view, at, little) => view.getBigUint64(at, little) }],
  [11, { name: 'int64', bytes: 8, read: (view, at, little) => view.getBigInt64(at, little) }],
  [12, { name: 'float64', bytes: 8, read: (view, at, little) => view.getFloat64(at, little) }],
]);

/** A float32 in as few digits as tell it from its neighbours. */
function shortFloat(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** The next value as a text; long arrays by their number of entries and their first. @throws FormatError */
export async function readValue(stream: Stream, key: string): Promise<string> {
  const what = `the value of "${key}"`;
  const kind = await stream.uint32(what);
  if (kind === ARRAY) return readArray(stream, key, 1);
  if (kind === STRING) return (await stream.text(LIMITS.stringBytes, what)) ?? `a text of more than ${LIMITS.stringBytes} bytes`;
  const scalar = scalarOf(stream, kind, key);
  await stream.need(scalar.bytes, what);
  return String(takeScalar(stream, scalar));
}

async function readArray(stream: Stream, key: string, depth: number): Promise<string> {
  const what = `the array of "${key}"`;
  if (depth > DEPTH) throw stream.damaged(`${what} nests more than ${DEPTH} arrays`);
  const kind = await stream.uint32(what);
  const count = await stream.count(what);
  if (kind === ARRAY) return listed(count, 'arrays', await readArrays(stream, key, count, depth));
  if (kind === STRING) return listed(count, 'texts', await readTexts(stream, what, count));
  const scalar = scalarOf(stream, kind, key);
  if (count > stream.left / scalar.bytes) throw stream.damaged(`${what} has ${count} entries, and ${stream.left} bytes are there`);
  const shown = Math.min(count, SHOWN);
  await stream.need(shown * scalar.bytes, what);
  const first = Array.from({ length: shown }, () => String(takeScalar(stream, scalar)));
  stream.skip((count - shown) * scalar.bytes, what);
  return listed(count, scalar.name, first);
}

async function readArrays(stream: Stream, key: string, count: number, depth: number): Promise<readonly string[]> {
  // Each takes its kind and its count at the least.
  const least = 4 + stream.countBytes;
  if (count > stream.left / least) throw stream.damaged(`the array of "${key}" has ${count} arrays, and ${stream.left} bytes are there`);
  const first: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const text = await readArray(stream, key, depth + 1);
    if (index < SHOWN) first.push(text);
  }
  return first;
}

/** Goes over texts by their lengths; a vocabulary is as good as all of a small file. */
async function readTexts(stream: Stream, what: string, count: number): Promise<readonly string[]> {
  const wide = stream.countBytes;
  if (count > stream.left / wide) throw stream.damaged(`${what} has ${count} texts, and ${stream.left} bytes are there`);
  const first: string[] = [];
  for (let index = 0; index < count; index += 1) {
    if (!stream.holds(wide)) await stream.need(wide, what);
    const length = stream.takeCount();
    if (index >= SHOWN) {
      stream.skip(length, what);
      continue;
    }
    const shown = Math.min(length, SHOWN_BYTES);
    await stream.need(shown, what);
    first.push(JSON.stringify(stream.takeText(shown, shown)));
    stream.skip(length - shown, what);
  }
  return first;
}

function scalarOf(stream: Stream, kind: number, key: string): Scalar {
  const scalar = SCALARS.get(kind);
  if (!scalar) throw stream.damaged(`"${key}" has a value of kind ${kind}, which is not known`);
  return scalar;
}

function takeScalar(stream: Stream, scalar: Scalar): number | bigint | boolean {
  return stream.take(scalar.bytes, (at, view) => scalar.read(view, at, stream.littleEndian));
}

function listed(count: number, kind: string, first: readonly string[]): string {
  const items = first.join(', ');
  return count > first.length ? `${count} ${kind}: ${items}, ...` : `[${items}]`;
}
