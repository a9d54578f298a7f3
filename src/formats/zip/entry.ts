import { type ByteSource, FormatError, LIMITS, LimitError, rangeProblem } from '../../bytes';
import type { ArchiveEntry } from '../../model';
import type { ZipArchive, ZipEntry } from './archive';
import { damaged } from './faults';
import { InflatedSource } from './inflate';

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;

/**
 * Where an entry's bytes begin in the archive, which its local header says.
 * @throws FormatError where there is no such header, or the bytes would pass the archive's end.
 */
export async function fileOffsetOf(source: ByteSource, { header, stored }: ArchiveEntry): Promise<number> {
  const bytes = await source.read(header, LOCAL_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== LOCAL_SIGNATURE) throw damaged('an entry does not begin where its list of entries says', header);
  const offset = header + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (offset + stored > source.size) throw damaged(`an entry's ${stored} bytes pass the end`, offset);
  return offset;
}

/** What an entry holds, to be read by range; a deflated one is unpacked as far as it is read. @throws FormatError */
export async function openEntry(source: ByteSource, place: ArchiveEntry): Promise<ByteSource> {
  const stored = new PartSource(source, await fileOffsetOf(source, place), place.stored);
  return place.deflated ? new InflatedSource(stored, place.size) : stored;
}

/**
 * All that an entry holds, up to `limit` bytes.
 * @throws FormatError for an entry that cannot be read, LimitError for one that is longer.
 */
export async function readEntry(
  { source }: ZipArchive,
  { name, place, refusal }: ZipEntry,
  limit: number = LIMITS.entryBytes,
): Promise<Uint8Array> {
  if (refusal !== null) throw new FormatError(`Entry "${name}" ${refusal}.`, { format: 'zip', offset: place.header });
  if (place.size > limit) {
    throw new LimitError(`Entry "${name}" holds ${place.size} bytes; at most ${limit} are read.`, { name: 'entryBytes', value: limit });
  }
  return (await openEntry(source, place)).read(0, place.size);
}

/** A range of another source. */
export class PartSource implements ByteSource {
  readonly readNow?: (offset: number, length: number) => Uint8Array;

  constructor(
    private readonly whole: ByteSource,
    private readonly start: number,
    readonly size: number,
  ) {
    const now = whole.readNow?.bind(whole);
    if (!now) return;
    this.readNow = (offset, length) => {
      const problem = rangeProblem(size, offset, length);
      if (problem) throw problem;
      return now(start + offset, length);
    };
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    const problem = rangeProblem(this.size, offset, length);
    return problem ? Promise.reject(problem) : this.whole.read(this.start + offset, length);
  }
}
