import type { ByteSource } from '../../bytes';
import { damaged } from './faults';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const COMMENT_BYTES = 65_535;
const SHORT_TAIL = 1024;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;

/** Where an archive's list of entries lies, and how many it says it has. */
export interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

/** Finds the central directory by the record at the archive's end (PKWARE APPNOTE 4.3.14 to 4.3.16). @throws FormatError */
export async function findDirectory(source: ByteSource): Promise<Directory> {
  // Most archives have no comment.
  return (await findIn(source, SHORT_TAIL)) ?? (await findIn(source, END_BYTES + COMMENT_BYTES + LOCATOR_BYTES)) ?? missing(source);
}

function missing(source: ByteSource): never {
  throw damaged('it begins as a zip archive and has no list of entries at its end; it is truncated', source.size);
}

/** Looks in the last bytes; `null` where the record is not among them. */
async function findIn(source: ByteSource, most: number): Promise<Directory | null> {
  const length = Math.min(source.size, most);
  const start = source.size - length;
  const tail = await source.read(start, length);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const at = endRecord(view);
  // A record just before the end may be the comment's own.
  if (at === null || (most === SHORT_TAIL && at + END_BYTES !== length)) return null;
  const wide = await wideDirectory(source, view, at);
  const directory = wide ?? {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const { offset, size } = directory;
  if (!Number.isSafeInteger(offset + size) || offset + size > start + at) {
    throw damaged(`its list of entries is said to lie at bytes ${offset} to ${offset + size}, behind its own end`, start + at);
  }
  return directory;
}

/** The last signature whose comment fits into the file. */
function endRecord(view: DataView): number | null {
  for (let at = view.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) <= view.byteLength) return at;
  }
  return null;
}

async function wideDirectory(source: ByteSource, view: DataView, end: number): Promise<Directory | null> {
  const at = end - LOCATOR_BYTES;
  if (at < 0 || view.getUint32(at, true) !== LOCATOR_SIGNATURE) return null;
  const offset = Number(view.getBigUint64(at + 8, true));
  if (offset + END64_BYTES > source.size) throw damaged(`its zip64 record is said to lie at byte ${offset}, behind the end`);
  const record = await source.read(offset, END64_BYTES);
  const wide = new DataView(record.buffer, record.byteOffset, record.byteLength);
  if (wide.getUint32(0, true) !== END64_SIGNATURE) throw damaged('there is no zip64 record where its end says', offset);
  return {
    count: Number(wide.getBigUint64(32, true)),
    size: Number(wide.getBigUint64(40, true)),
    offset: Number(wide.getBigUint64(48, true)),
  };
}
