import { readFile, writeFile } from 'node:fs/promises';
import { UserError } from '../engine/errors';

/** A text file that a command was given beside its models. @throws UserError when it cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(`${path} cannot be read (${codeOf(error)}).`);
  }
}

/** @throws UserError when the file cannot be written. */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (error) {
    throw new UserError(`${path} cannot be written (${codeOf(error)}).`);
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
