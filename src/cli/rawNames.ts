import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { UserError } from '../engine/errors';
import type { ModelSource } from '../protocol';

/** What Node puts in place of bytes of an argument that are no UTF-8. */
const REPLACEMENT = '\ufffd';
/** Most bytes of such a file: it is read whole, for nothing can name it later. */
const FILE_BYTES = 2 ** 31;

/**
 * A file whose name is not UTF-8, which no text can name: the one in its folder that reads the same. It is read whole,
 * and tensors beside it are not looked for. `null` for any other name.
 * @throws UserError where it is not there, or not the only one.
 */
export async function rawNamed(path: string): Promise<ModelSource | null> {
  if (!path.includes(REPLACEMENT) || existsSync(path)) return null;
  const folder = dirname(path);
  const name = basename(path);
  const entries = await readdir(folder, { encoding: 'buffer' }).catch(() => []);
  const [entry, ...others] = entries.filter((one) => one.toString() === name);
  if (!entry) throw new UserError(`${path} is not there, and no file of its folder has a name that reads like it. Check the path.`);
  if (others.length > 0)
    throw new UserError(`${others.length + 1} files read ${path}, for their names are not UTF-8. Rename the one you mean.`);
  const file = await open(Buffer.concat([Buffer.from(`${folder}/`), entry]));
  try {
    const { size } = await file.stat();
    if (size > FILE_BYTES) {
      throw new UserError(`${path} has a name that is not UTF-8 and ${size} bytes; such files are read up to ${FILE_BYTES}. Rename it.`);
    }
    return { kind: 'bytes', name, bytes: await file.readFile() };
  } finally {
    await file.close();
  }
}
