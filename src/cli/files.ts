import { readFile } from 'node:fs/promises';
import { UserError } from '../engine/errors';
import { decodeText } from '../engine/plainText';
import { readRegularFile } from '../engine/regularFile';
import { writeWhole } from '../engine/writeWhole';

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
  await writeWhole(path, [bytes]);
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
