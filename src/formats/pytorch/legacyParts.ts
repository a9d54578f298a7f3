import { type ByteSource, FormatError, LIMITS } from '../../bytes';
import { type Imports, itemsOf, PyGlobal, PyPersistent, PyTuple, type PyValue, type Unpickled, unpickle } from '../pickle';
import { type StoragePlace, storageOf } from './storages';
import type { WeightsOnly } from './weightsOnly';

/** What `torch.save` of before 1.6 begins with: a pickled integer. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;
const LENGTH_BYTES = 8;
const PAGE = 4096;
const PROTO = 0x80;

/** A file of pickles: PyTorch's form of before 1.6, or any other. */
export interface LegacyParts {
  /** Whether it is PyTorch's. */
  readonly torch: boolean;
  readonly object: Unpickled;
  /** Why a pickle broke off, the object's or another. */
  readonly broken: Error | null;
  readonly storages: ReadonlyMap<string, StoragePlace>;
}

/**
 * Reads pickles of a magic number, a version, the writing machine, the object and the keys of its storages, then goes
 * over the storages, each behind its count of elements. A file that begins otherwise is one pickle, or several.
 * @throws FormatError where the parts do not fit each other
 */
export async function legacyParts(
  source: ByteSource,
  imports: Imports,
  watcher: WeightsOnly | null,
  signal?: AbortSignal,
): Promise<LegacyParts> {
  const sizes = new Map<string, number>();
  const persistent = (id: PyValue) => {
    const storage = storageOf(new PyPersistent(id, 0));
    if (storage) sizes.set(storage.key, Math.max(1, storage.type.bytes));
    return savedClass(id);
  };
  const next = (offset: number) => unpickle(source, { offset, imports, watcher, persistent, signal });
  const magic = await next(0);
  if (magic.value !== MAGIC) {
    const broken = magic.broken ?? (await following(source, magic.end, imports));
    return { torch: false, object: magic, broken, storages: new Map() };
  }
  const version = await next(magic.end);
  if (version.value !== PROTOCOL_VERSION)
    throw damaged(`its version is ${String(version.value)}, where ${PROTOCOL_VERSION} is the only one`);
  const system = await next(version.end);
  if (system.broken) return { torch: true, object: system, broken: system.broken, storages: new Map() };
  const object = await next(system.end);
  if (object.broken) return { torch: true, object, broken: object.broken, storages: new Map() };
  const keys = await next(object.end);
  const storages = await findStorages(source, keys.end, itemsOf(keys.value) ?? [], sizes);
  return { torch: true, object, broken: keys.broken, storages };
}

/** `('module', class, file, source)`: a class with the text it was defined by, for a warning when that changed. */
function savedClass(id: PyValue): PyGlobal | undefined {
  const [kind, type] = id instanceof PyTuple ? id.items : [];
  return kind === 'module' && type instanceof PyGlobal ? type : undefined;
}

/** Goes from length to length of the storages that follow the pickles; what lies between is not read. */
async function findStorages(
  source: ByteSource,
  start: number,
  keys: readonly PyValue[],
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, StoragePlace>> {
  const storages = new Map<string, StoragePlace>();
  const page = new Page(source);
  let at = start;
  for (const key of keys) {
    const name = String(key);
    const size = sizes.get(name);
    if (size === undefined) throw damaged(`it lists the storage "${name}", which no tensor has, so that its length is not known`, at);
    if (at + LENGTH_BYTES > source.size) {
      storages.set(name, { missing: `The file ends at byte ${source.size}, before the storage "${name}"; it is truncated.` });
      continue;
    }
    const length = (await page.count(at)) * size;
    at += LENGTH_BYTES;
    if (!Number.isSafeInteger(length) || at + length > source.size) {
      storages.set(name, {
        missing: `The file ends at byte ${source.size}, within the storage "${name}" of ${length} bytes; it is truncated.`,
      });
      at = source.size;
    } else {
      storages.set(name, { file: '', offset: at, length });
      at += length;
    }
  }
  return storages;
}

/** Reads numbers of 8 bytes that follow each other, small storages between them, a page at a time. */
class Page {
  private bytes: Uint8Array = new Uint8Array(0);
  private start = 0;

  constructor(private readonly source: ByteSource) {}

  async count(at: number): Promise<number> {
    if (at < this.start || at + LENGTH_BYTES > this.start + this.bytes.length) {
      this.bytes = await this.source.read(at, Math.min(PAGE, this.source.size - at));
      this.start = at;
    }
    return Number(new DataView(this.bytes.buffer, this.bytes.byteOffset + at - this.start, LENGTH_BYTES).getBigUint64(0, true));
  }
}

/** Pickles behind the first, which a program that reads one after the other runs; bytes that are none end it. */
async function following(source: ByteSource, start: number, imports: Imports): Promise<Error | null> {
  let at = start;
  for (let count = 0; at < source.size && count < LIMITS.picklesInRow; count += 1) {
    const [mark, protocol] = await source.read(at, Math.min(2, source.size - at));
    if (mark !== PROTO || protocol === undefined || protocol > 5) return null;
    const next = await unpickle(source, { offset: at, imports });
    if (next.broken) return next.broken;
    at = next.end;
  }
  return null;
}

function damaged(what: string, offset?: number): FormatError {
  return new FormatError(`The file is damaged: ${what}.`, { format: 'pytorch', ...(offset === undefined ? {} : { offset }) });
}
