import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** A file's bytes, or why there are none. */
export type RegularFile =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  /** A folder, a pipe, a device, a socket. */
  | { readonly kind: 'other' }
  | { readonly kind: 'large'; readonly size: number };

/**
 * Reads a whole file of at most `limit` bytes, if it is one. A pipe or a device of that name is neither opened nor
 * waited for, and of a file that grows only what it had is read.
 * @throws what the file system says, and the signal's reason.
 */
export async function readRegularFile(path: string, limit: number, signal?: AbortSignal): Promise<RegularFile> {
  if (!(await stat(path)).isFile()) return { kind: 'other' };
  // Somebody may have changed it since: without waiting, and looked at again once it is open.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await file.stat();
    if (!info.isFile()) return { kind: 'other' };
    if (info.size > limit) return { kind: 'large', size: info.size };
    const bytes = new Uint8Array(info.size);
    let done = 0;
    while (done < bytes.length) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, PIECE), done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return { kind: 'read', bytes: bytes.subarray(0, done) };
  } finally {
    await file.close();
  }
}

/** Bytes between two looks at the signal. */
const PIECE = 2 ** 24;
