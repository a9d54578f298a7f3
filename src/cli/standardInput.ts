import { UserError } from '../engine/errors';
import type { ModelSource } from '../protocol';
import { UsageError } from './options';
import { rawNamed } from './rawNames';

/** What stands for standard input where a command takes a file. */
export const STANDARD_INPUT = '-';
/** Most bytes that are read from it: all of them are held in memory. A larger file is read by its name, in place. */
const INPUT_BYTES = 2 ** 31;

/** All of standard input. @throws UsageError when nothing is piped in, UserError when it cannot be read. */
export async function readStandardInput(): Promise<Uint8Array> {
  const { stdin } = process;
  if (stdin.isTTY) throw new UsageError('"-" is standard input, but nothing is piped into it. Name a file, or pipe one in.');
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of stdin) {
      size += piece.length;
      if (size > INPUT_BYTES) throw new UserError(`Standard input has more than ${INPUT_BYTES} bytes; save it as a file and name that.`);
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Standard input cannot be read (${(error as NodeJS.ErrnoException).code ?? error}).`);
  }
  return Buffer.concat(pieces);
}

/** A model file, or the model that comes through standard input. Whatever lies around is none of its business. */
export async function modelSource(path: string): Promise<ModelSource> {
  if (path !== STANDARD_INPUT) return (await rawNamed(path)) ?? { kind: 'file', path };
  return { kind: 'bytes', name: 'stdin.onnx', bytes: await readStandardInput() };
}
