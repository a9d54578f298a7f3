import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { type ByteSource, FormatError, rangeProblem, type SiblingOpener, UserError } from '../bytes';

/** Reads shorter than `SMALL` are served from a window, since many small ones follow each other. */
const SMALL = 4 * 1024;
const WINDOW = 64 * 1024;

const NOTHING: { readonly start: number; readonly bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) };

/** A handle that nobody reads from is given back after this long, in milliseconds; the next read opens it again. */
const IDLE = 1000;

/** @throws UserError when there is no such file, or it is a folder or may not be read. */
export async function openFileSource(path: string): Promise<FileSource> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new UserError(`${path} is not a file.`);
    return new FileSource(path, found.size);
  } catch (error) {
    throw readable(error, path);
  }
}

/** A file on disk, read by range. The handle is opened by the first read and closed by `close`, or when nobody reads. */
export class FileSource implements ByteSource {
  private handle: Promise<FileHandle> | undefined;
  private idle: NodeJS.Timeout | undefined;
  private reading = 0;
  private window = NOTHING;
  /** Bytes read from the disk so far, for measurements. */
  bytesRead = 0;

  constructor(
    readonly path: string,
    readonly size: number,
  ) {}

  async read(offset: number, length: number): Promise<Uint8Array> {
    const problem = rangeProblem(this.size, offset, length);
    if (problem) throw problem;
    if (length >= SMALL) return this.readDisk(offset, length);
    let { start, bytes } = this.window;
    if (offset < start || offset + length > start + bytes.length) {
      bytes = await this.readDisk(offset, Math.min(WINDOW, this.size - offset));
      start = offset;
      this.window = { start, bytes };
    }
    return bytes.subarray(offset - start, offset - start + length);
  }

  /** Reads at once, for libraries that cannot wait. */
  readNow(offset: number, length: number): Uint8Array {
    const problem = rangeProblem(this.size, offset, length);
    if (problem) throw problem;
    const bytes = new Uint8Array(length);
    const file = this.openNow();
    try {
      for (let done = 0; done < length; ) {
        const count = readSync(file, bytes, done, Math.min(length - done, 2 ** 30), offset + done);
        if (count === 0) throw shrunk(this.path, offset + done);
        done += count;
        this.bytesRead += count;
      }
      return bytes;
    } finally {
      closeSync(file);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.idle);
    const handle = this.handle;
    this.handle = undefined;
    this.window = NOTHING;
    await (await handle)?.close();
  }

  private async readDisk(offset: number, length: number): Promise<Uint8Array> {
    clearTimeout(this.idle);
    this.reading += 1;
    try {
      return await this.fill(new Uint8Array(length), offset);
    } finally {
      this.reading -= 1;
      if (this.reading === 0) this.idle = setTimeout(() => void this.close(), IDLE).unref();
    }
  }

  private openNow(): number {
    try {
      return openSync(this.path, 'r');
    } catch (error) {
      throw readable(error, this.path);
    }
  }

  private async fill(bytes: Uint8Array, offset: number): Promise<Uint8Array> {
    this.handle ??= open(this.path, 'r');
    const handle = await this.handle.catch((error: unknown) => {
      this.handle = undefined;
      throw readable(error, this.path);
    });
    let done = 0;
    while (done < bytes.length) {
      // One call reads less than 2 GiB.
      const { bytesRead } = await handle.read(bytes, done, Math.min(bytes.length - done, 2 ** 30), offset + done);
      if (bytesRead === 0) throw shrunk(this.path, offset + done);
      done += bytesRead;
      this.bytesRead += bytesRead;
    }
    return bytes;
  }
}

function shrunk(path: string, offset: number): FormatError {
  return new FormatError(`${path} became shorter while it was read: byte ${offset} is gone. Open it again.`, { offset });
}

function readable(error: unknown, path: string): unknown {
  const code = errorCode(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UserError(`There is no file ${path}.`);
    case 'EACCES':
    case 'EPERM':
      return new UserError(`${path} may not be read: permission is denied.`);
    default:
      // Node's own complaints (ERR_...) would be ours to mend; the system's are the person's.
      return code === undefined || code.startsWith('ERR_') ? error : new UserError(`${path} cannot be read (${code}).`);
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Opens files in a model's folder and below it, and no others, links followed; `null` where there is none. Given the
 * model's own path too, and when that is a link (as in the Hugging Face cache), also files beside its target.
 * The opener throws FormatError for a link that leads out.
 */
export function siblingOpener(folder: string, modelPath?: string): SiblingOpener {
  return async (relativePath) => {
    const target = await resolveInside(folder, modelPath, relativePath);
    return target !== null && (await stat(target)).isFile() ? openFileSource(target) : null;
  };
}

/** What a disk says of a name that nothing has, or can have: too long, or a link that leads back to itself. */
const NOWHERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL']);

/**
 * Where a path in a model's folder leads to, links followed; `null` where nothing is. What it is, is not looked at.
 * @throws FormatError when that is neither in the folder nor, where the model's own path is a link, beside its target;
 * UserError when the disk refuses to tell.
 */
export async function resolveInside(folder: string, modelPath: string | undefined, relativePath: string): Promise<string | null> {
  try {
    const target = await realpath(join(folder, relativePath));
    const roots = [await realpath(folder)];
    if (modelPath !== undefined) roots.push(dirname(await realpath(modelPath)));
    if (roots.some((root) => isInside(root, target))) return target;
  } catch (error) {
    if (NOWHERE.has(errorCode(error) ?? '')) return null;
    throw readable(error, relativePath);
  }
  throw new FormatError(`"${relativePath}" leads out of the model's folder through a link.`);
}

function isInside(root: string, target: string): boolean {
  const path = relative(root, target);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
