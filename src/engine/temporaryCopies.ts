import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safeFileName } from '../text';
import { removeNow } from './removeNow';

/** A document that has no place on this machine's disks. */
export interface Original {
  /** What it is called everywhere: a URI. */
  readonly key: string;
  /** Changes when it does. */
  readonly version: string;
  /** Without folders; may hold anything. */
  readonly name: string;
  read(): Promise<Uint8Array>;
}

interface Copy {
  readonly version: string;
  readonly path: Promise<string>;
  readonly holders: Set<object>;
}

/**
 * Copies of documents as files, each for as long as somebody holds it. They lie in a folder that only this user may enter
 * (0700), each in one of its own, under a name that leads nowhere.
 */
export class TemporaryCopies {
  private readonly copies = new Map<string, Copy>();
  private readonly folders = new Set<string>();

  /** Path of a copy, made now unless there is one of this version; it stays until every holder has let go. */
  path(original: Original, holder: object): Promise<string> {
    const { key, version } = original;
    const known = this.copies.get(key);
    if (known?.version === version) {
      known.holders.add(holder);
      return known.path;
    }
    if (known) this.remove(known);
    const copy: Copy = { version, path: this.write(original), holders: new Set([...(known?.holders ?? []), holder]) };
    this.copies.set(key, copy);
    // One that could not be made is tried again next time.
    copy.path.catch(() => {
      if (this.copies.get(key) === copy) this.copies.delete(key);
    });
    return copy.path;
  }

  /** The holder needs none of its copies any more; those that nobody holds are removed. */
  release(holder: object): void {
    for (const [key, copy] of this.copies) {
      if (!copy.holders.delete(holder) || copy.holders.size > 0) continue;
      this.copies.delete(key);
      this.remove(copy);
    }
  }

  /** Removes them all, at once: the process may be about to end. */
  dispose(): void {
    this.copies.clear();
    for (const folder of this.folders) removeNow(folder);
  }

  private async write({ name, read }: Original): Promise<string> {
    const bytes = await read();
    const folder = await mkdtemp(join(tmpdir(), 'model-loupe-copy-'));
    this.folders.add(folder);
    const path = join(folder, safeFileName(name));
    await writeFile(path, bytes, { mode: 0o600 });
    return path;
  }

  private remove({ path }: Copy): void {
    const gone = async () => {
      const folder = join(await path, '..');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      this.folders.delete(folder);
    };
    // What could not be written is not there; what could not be removed goes at the end.
    gone().catch(() => {});
  }
}
