import { type ByteSource, LIMITS, LimitError } from '../../bytes';

const BLOCK = 512;

/** A file of a tar archive. */
export interface TarEntry {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/**
 * The regular files of a tar archive (POSIX ustar, GNU and the older form); `null` for a file that is none, by the
 * first header's checksum.
 * @throws LimitError for more entries than are read
 */
export async function tarEntries(source: ByteSource, head: Uint8Array): Promise<readonly TarEntry[] | null> {
  if (head.length < BLOCK || !isHeader(head.subarray(0, BLOCK))) return null;
  const entries: TarEntry[] = [];
  for (let at = 0; at + BLOCK <= source.size; ) {
    const header = await source.read(at, BLOCK);
    if (!isHeader(header)) break;
    const size = octal(header.subarray(124, 136));
    if (!Number.isSafeInteger(size) || at + BLOCK + size > source.size) break;
    const kind = header[156] ?? 0;
    if (kind === 0 || kind === 0x30) entries.push({ name: text(header.subarray(0, 100)).replace(/^\.\//, ''), offset: at + BLOCK, size });
    if (entries.length > LIMITS.archiveEntries) {
      throw new LimitError(`The file has more than ${LIMITS.archiveEntries} entries, which is as many as are read.`, {
        name: 'archiveEntries',
        value: LIMITS.archiveEntries,
      });
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

/** Whether a block's bytes add up to its checksum, whose own field counts as blanks. */
function isHeader(block: Uint8Array): boolean {
  const sum = octal(block.subarray(148, 156));
  let bytes = 8 * 32;
  for (let index = 0; index < BLOCK; index += 1) if (index < 148 || index >= 156) bytes += block[index] ?? 0;
  return bytes > 8 * 32 && sum === bytes;
}

/** Digits of base 8, or GNU's binary form for large sizes. */
function octal(field: Uint8Array): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  const digits = text(field).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(`0${digits}`, 8) : Number.NaN;
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
