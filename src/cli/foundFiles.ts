import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { warn } from './output';
import { STANDARD_INPUT } from './standardInput';

/** Files of one folder, with the folders in it. */
const MOST_FILES = 100_000;

/** A file to look into. */
export interface ScannedFile {
  readonly path: string;
  /** Whether somebody named it, rather than a folder around it. */
  readonly named: boolean;
}

/** The file itself, or all files of a folder and the folders in it, links left out. */
export async function* foundFiles(path: string): AsyncGenerator<ScannedFile> {
  if (path === STANDARD_INPUT || !(await isFolder(path))) {
    yield { path, named: true };
    return;
  }
  let count = 0;
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const names: string[] = [];
    for await (const entry of await opendir(folder)) {
      if (entry.isDirectory() && entry.name !== '.git') folders.push(join(folder, entry.name));
      else if (entry.isFile()) names.push(entry.name);
    }
    for (const name of names.sort()) {
      count += 1;
      if (count > MOST_FILES) {
        warn(`${path} holds more than ${MOST_FILES} files; the rest was not looked into.`);
        return;
      }
      yield { path: join(folder, name), named: false };
    }
  }
}

/** A path that leads nowhere is said to by whoever reads it. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}
