import { chmod, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../bytes';
import { hold, release } from './leftovers';

/**
 * Writes a file whole or not at all: piece after piece beside its place, then moved there. What is no file (a device, a
 * pipe) is written to. Gives the number of bytes.
 * @throws UserError when it cannot be written; whatever the pieces throw.
 */
export async function writeWhole(path: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
  const old = await stat(path).catch(() => null);
  if (old && !old.isFile()) return attempt(path, () => writeTo(path, pieces));
  return attempt(path, async () => {
    const target = old ? await realpath(path) : path;
    const draft = join(dirname(target), `.${basename(target)}.${process.pid}`);
    hold(draft);
    try {
      const bytes = await writeTo(draft, pieces);
      if (old) await chmod(draft, old.mode & 0o777);
      await rename(draft, target);
      return bytes;
    } finally {
      // After a failure the draft may not even have a folder.
      await rm(draft, { force: true }).catch(() => {});
      release(draft);
    }
  });
}

async function writeTo(path: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(path, 'w');
  try {
    let bytes = 0;
    for await (const piece of pieces) {
      await writeAll(file, piece);
      bytes += piece.length;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let done = 0; done < piece.length; ) done += (await file.write(piece, done, piece.length - done)).bytesWritten;
}

/** The disk's refusals as a sentence; what the pieces throw stays what it is. */
async function attempt<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || typeof syscall !== 'string') throw error;
    throw new UserError(`${path} cannot be written (${code}).`);
  }
}
