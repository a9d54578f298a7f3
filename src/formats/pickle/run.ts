import { type ByteSource, FormatError, LimitError } from '../../bytes';
import type { Imports } from './imports';
import { PickleMachine } from './machine';
import type { PyValue } from './values';
import type { Watcher } from './watcher';

/** Bytes read at a time. */
const WINDOW = 2 ** 20;

/** Where a pickle lies and who is told of its steps. */
export interface PickleOptions {
  /** Where it begins in the source. */
  readonly offset?: number;
  readonly imports: Imports;
  readonly watcher?: Watcher | null;
  /** What a persistent id stands for; without it, and where it gives nothing, the id is kept. */
  readonly persistent?: (id: PyValue) => PyValue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A pickle as it was run, symbolically. */
export interface Unpickled {
  /** `undefined` where it broke off. */
  readonly value: PyValue | undefined;
  /** Behind STOP, or where it broke off. */
  readonly end: number;
  /** Why it broke off, in a sentence: what it imported and called until then counts all the same. */
  readonly broken: FormatError | LimitError | null;
  readonly protocol: number;
}

/** Runs one pickle symbolically, reading no more of the source than it needs; long bytes stay unread. */
export async function unpickle(
  source: ByteSource,
  { offset = 0, imports, watcher = null, persistent, signal }: PickleOptions,
): Promise<Unpickled> {
  const machine = new PickleMachine(offset, source.size, imports, watcher, persistent);
  let broken: FormatError | LimitError | null = null;
  try {
    let needed = 1;
    let size = offset === 0 ? 64 * 1024 : 4096;
    while (needed > 0) {
      signal?.throwIfAborted();
      const left = source.size - machine.at;
      if (needed > left) throw machine.fault('it ends in the middle');
      // A small first window: most pickles of legacy files are a few bytes.
      const length = Math.min(left, Math.max(needed, size));
      machine.feed(await source.read(machine.at, length), machine.at);
      needed = machine.run();
      size = WINDOW;
    }
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
    broken = error;
  }
  return { value: machine.result?.value, end: machine.at, broken, protocol: machine.protocol };
}
