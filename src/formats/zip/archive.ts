import { type ByteSource, LIMITS, LimitError } from '../../bytes';
import type { ArchiveEntry, Finding } from '../../model';
import { FindingList } from '../findings';
import { safeRelativePath } from '../safePath';
import { findDirectory } from './directory';
import { damaged } from './faults';

const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA = 1;
const ALL_ONES = 0xffffffff;
const ENCRYPTED = 0x41; // Bit 0 encrypted, bit 6 strongly.
/** Deflate packs no more than this many bytes into one (zlib, "Technical Details"): an entry that claims more lies. */
const MOST_INFLATED = 1032;
const METHODS: ReadonlyMap<number, string> = new Map([
  [0, 'stored'],
  [8, 'deflate'],
  [9, 'deflate64'],
  [12, 'bzip2'],
  [14, 'LZMA'],
  [93, 'zstd'],
  [95, 'xz'],
  [99, 'AES'],
]);

/** An entry as the archive's central directory lists it. */
export interface ZipEntry {
  readonly name: string;
  readonly place: ArchiveEntry;
  /** As the archive says, and not held against the bytes: loaders do not either. */
  readonly crc32: number;
  /** Why the entry cannot be read, to follow its name; `null` where it can. */
  readonly refusal: string | null;
}

/** A zip or zip64 archive, of which only the list of entries was read. */
export interface ZipArchive {
  readonly source: ByteSource;
  /** By name, in the order of the list; folders are left out. Of two with one name the last counts, as in Python. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** Names that lead out of the archive, names that occur twice, entries that cannot be read. */
  readonly findings: readonly Finding[];
}

/**
 * Lists an archive's entries by its central directory.
 * @throws FormatError where that is missing or damaged, or entries overlap; LimitError for more entries than are read.
 */
export async function openZip(source: ByteSource): Promise<ZipArchive> {
  const { offset, size, count } = await findDirectory(source);
  if (count > LIMITS.archiveEntries || size > LIMITS.archiveDirectoryBytes) {
    const [name, value, what] =
      count > LIMITS.archiveEntries
        ? (['archiveEntries', LIMITS.archiveEntries, `lists ${count} entries`] as const)
        : (['archiveDirectoryBytes', LIMITS.archiveDirectoryBytes, `has a list of entries of ${size} bytes`] as const);
    throw new LimitError(`The file ${what}; at most ${value} are read.`, { name, value });
  }
  const listed = parseDirectory(await source.read(offset, size), count, offset);
  checkPlaces(listed, offset);
  const findings = new FindingList();
  const entries = new Map<string, ZipEntry>();
  const folded = new Set<string>();
  for (const entry of listed) {
    if (entry.name.endsWith('/')) continue;
    const safe = safeRelativePath(entry.name);
    const refusal = 'refusal' in safe ? `has a name that ${safe.refusal.replace("model's folder", 'archive')}` : entry.refusal;
    if (refusal !== null) findings.error('zip-entry', `Entry "${entry.name}" ${refusal}.`);
    // PyTorch finds entries without regard to case.
    const lower = entry.name.toLowerCase();
    if (folded.has(lower))
      findings.error('zip-twice', `Entry "${entry.name}" stands twice in the archive; readers differ in which they take.`);
    folded.add(lower);
    entries.set(entry.name, refusal === entry.refusal ? entry : { ...entry, refusal });
  }
  return { source, entries, findings: findings.list() };
}

function parseDirectory(bytes: Uint8Array, count: number, start: number): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder();
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw damaged(`its list of entries says ${count} and holds ${index}`, start + at);
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const end = at + ENTRY_BYTES + nameLength + extraLength + view.getUint16(at + 32, true);
    if (end > bytes.length) throw damaged(`entry ${index} of its list passes the list's end`, start + at);
    const raw = bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
    const extra = new DataView(bytes.buffer, bytes.byteOffset + at + ENTRY_BYTES + nameLength, extraLength);
    entries.push(entryOf(view, at, decoder.decode(raw), extra));
    at = end;
  }
  return entries;
}

function entryOf(view: DataView, at: number, name: string, extra: DataView): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  let stored = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let header = view.getUint32(at + 42, true);
  if (stored === ALL_ONES || size === ALL_ONES || header === ALL_ONES) {
    const wide = wideField(extra);
    // The extra field holds only those that do not fit, in this order.
    if (size === ALL_ONES) size = wide() ?? size;
    if (stored === ALL_ONES) stored = wide() ?? stored;
    if (header === ALL_ONES) header = wide() ?? header;
  }
  const place = { header, stored, size, deflated: method === 8 };
  return { name, place, crc32: view.getUint32(at + 16, true), refusal: refusalOf(place, flags, method) };
}

function refusalOf({ stored, size }: ArchiveEntry, flags: number, method: number): string | null {
  if ((flags & ENCRYPTED) !== 0 || method === 99) return 'is encrypted with a password, and cannot be read';
  if (method !== 0 && method !== 8) return `is compressed with ${METHODS.get(method) ?? `method ${method}`}, which cannot be read here`;
  if (method === 0 && size !== stored) return `says that it holds ${size} bytes and takes ${stored}, though it is not compressed`;
  if (size > stored * MOST_INFLATED) return `says that its ${stored} bytes unpack to ${size}, which is more than they can`;
  return null;
}

/** Gives the numbers of the zip64 extra field one by one; `undefined` when there are no more. */
function wideField(extra: DataView): () => number | undefined {
  let at = 0;
  let end = 0;
  while (at + 4 <= extra.byteLength) {
    const length = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === ZIP64_EXTRA) {
      end = Math.min(at + 4 + length, extra.byteLength);
      at += 4;
      break;
    }
    at += 4 + length;
  }
  return () => {
    if (at + 8 > end) return undefined;
    const value = Number(extra.getBigUint64(at, true));
    at += 8;
    return value;
  };
}

/** Entries lie before the list and do not overlap: bombs list the same bytes many times (Fifield, "A better zip bomb"). */
function checkPlaces(entries: readonly ZipEntry[], directory: number): void {
  let last: ZipEntry | undefined;
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.place.header - b.place.header)) {
    const { header, stored } = entry.place;
    if (last && header < end) throw damaged(`entries "${last.name}" and "${entry.name}" overlap`, header);
    end = header + LOCAL_BYTES + stored;
    if (!Number.isSafeInteger(end) || end > directory) {
      throw damaged(`entry "${entry.name}" ends at byte ${end}, behind the list of entries at ${directory}`, header);
    }
    last = entry;
  }
}
