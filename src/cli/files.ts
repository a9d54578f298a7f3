import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../engine/errors';
import { hold, release } from '../engine/leftovers';
import { decodeText } from '../engine/plainText';
import { readRegularFile } from '../engine/regularFile';

/** Largest budgets or comparison file: 500 models, the most one may name, with all their knobs take 1 MB. */
const TEXT_BYTES = 8 * 2 ** 20;

/** A text file that a command was given beside its models. @throws UserError when it cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    const read = await readRegularFile(path, TEXT_BYTES);
    if (read.kind === 'read') return decodeText(read.bytes);
    if (read.kind === 'large') throw new UserError(`${path} has ${read.size} bytes; such files are read up to ${TEXT_BYTES} bytes.`);
    // A shell's <(command) is a pipe with a name under /dev.
    if (path.startsWith('/dev/fd/')) return decodeText(await readFile(path));
    throw new UserError(`${path} is not a file.`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} cannot be read (${codeOf(error)}).`);
  }
}

/**
 * Writes a file whole or not at all: beside its place, then moved there. What is no file (a device, a pipe) is written to.
 * @throws UserError when it cannot be written.
 */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const old = await stat(path).catch(() => null);
    if (old && !old.isFile()) return await writeFile(path, bytes);
    const target = old ? await realpath(path) : path;
    const draft = join(dirname(target), `.${basename(target)}.${process.pid}`);
    hold(draft);
    try {
      await writeFile(draft, bytes);
      if (old) await chmod(draft, old.mode & 0o777);
      await rename(draft, target);
    } finally {
      // After a failure the draft may not even have a folder.
      await rm(draft, { force: true }).catch(() => {});
      release(draft);
    }
  } catch (error) {
    throw new UserError(`${path} cannot be written (${codeOf(error)}).`);
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
