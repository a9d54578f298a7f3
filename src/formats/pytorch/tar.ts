import { type ByteSource, FormatError } from '../../bytes';
import { FindingList } from '../findings';
import { Imports, integerOf, itemsOf, PyGlobal, PyObject, PyPersistent, PyTuple, type PyValue, unpickle } from '../pickle';
import { type TarEntry, tarEntries } from '../tar';
import { PartSource } from '../zip';
import { storageType } from './dtypes';
import type { Loaded } from './loaded';
import type { StoragePlace } from './storages';
import { WeightsOnly } from './weightsOnly';

const LENGTH_BYTES = 8;
/** What a tensor has at most of each: sizes and strides. */
const MOST_AXES = 64;

/** Names that PyTorch's tar form has beside others. */
const NEEDED = ['storages', 'tensors', 'pickle'];

/** The entries, where an archive is what PyTorch of before 0.2 wrote; `null` otherwise. */
export async function legacyTarEntries(source: ByteSource, head: Uint8Array): Promise<ReadonlyMap<string, TarEntry> | null> {
  const entries = await tarEntries(source, head);
  const byName = new Map(entries?.map((entry) => [entry.name, entry]));
  return NEEDED.every((name) => byName.has(name)) ? byName : null;
}

/**
 * Reads a tar archive of `storages` (a count, then pickled keys and types, each before its elements), `tensors` (a count,
 * then pickled keys, each before sizes and strides) and `pickle`, the object, which names tensors by their keys.
 * @throws FormatError where the parts do not fit each other
 */
export async function loadTar(
  source: ByteSource,
  entries: ReadonlyMap<string, TarEntry>,
  name: string,
  signal?: AbortSignal,
): Promise<Loaded> {
  const imports = new Imports();
  const watcher = new WeightsOnly();
  watcher.refuse('torch.load refuses files of the legacy tar form under weights_only.');
  const next = async (entry: string, offset: number) => {
    const place = entries.get(entry);
    if (!place) throw damaged(`it has no entry "${entry}"`);
    const part = new PartSource(source, place.offset, place.size);
    const read = await unpickle(part, { offset, imports, signal });
    if (read.broken) throw damaged(`its entry "${entry}" is no pickle at byte ${offset}`);
    return { part, place, ...read };
  };
  const storages = new Map<
    string,
    { readonly type: PyGlobal; readonly key: string; readonly elements: number; readonly place: StoragePlace }
  >();
  const first = await next('storages', 0);
  let at = first.end;
  for (let index = 0; index < (integerOf(first.value) ?? 0); index += 1) {
    const { part, place, value, end } = await next('storages', at);
    const [key, , type] = itemsOf(value) ?? [];
    const element = type instanceof PyGlobal ? storageType(type.path) : null;
    if (!(type instanceof PyGlobal) || element === null) throw damaged('a storage is of no type that is known');
    const elements = number(await part.read(end, LENGTH_BYTES), 0);
    const length = elements * element.bytes;
    at = end + LENGTH_BYTES + length;
    if (!Number.isSafeInteger(at) || at > part.size)
      throw damaged(`the storage "${String(key)}" of ${length} bytes passes the end of its entry`);
    const range = { file: '', offset: place.offset + end + LENGTH_BYTES, length };
    storages.set(String(key), { type, key: String(key), elements, place: range });
  }
  const views = await next('storages', at);
  for (const view of itemsOf(views.value) ?? []) {
    const [target, root, start, elements] = itemsOf(view) ?? [];
    const whole = storages.get(String(root));
    const element = whole && storageType(whole.type.path);
    const from = (integerOf(start) ?? 0) * (element?.bytes ?? 0);
    const count = integerOf(elements) ?? 0;
    const length = count * (element?.bytes ?? 0);
    if (!whole || 'missing' in whole.place || from + length > whole.place.length) throw damaged('a view of a storage passes its end');
    const place = { file: '', offset: whole.place.offset + from, length };
    storages.set(String(target), { ...whole, key: String(target), elements: count, place });
  }
  const tensors = await tensorsOf(next, storages);
  const object = entries.get('pickle');
  const part = new PartSource(source, object?.offset ?? 0, object?.size ?? 0);
  const persistent = (id: PyValue) => (id instanceof PyTuple && id.items[0] instanceof PyGlobal ? id.items[0] : tensors.get(String(id)));
  const read = await unpickle(part, { imports, persistent, signal });
  return {
    format: 'pytorch',
    formatVersion: 'legacy tar',
    value: read.value,
    places: {
      storage: ({ key }) => storages.get(key)?.place ?? { missing: `The file has no storage "${key}", which would hold them.` },
      bytes: (offset, length) => ({ file: '', offset: (object?.offset ?? 0) + offset, length }),
    },
    source: part,
    place: `${name}: pickle`,
    imports,
    broken: read.broken?.message ?? '',
    watcher,
    findings: new FindingList(),
    reasons: [],
  };
}

interface Read {
  readonly part: ByteSource;
  readonly value: PyValue | undefined;
  readonly end: number;
}

interface TarStorage {
  readonly type: PyGlobal;
  readonly key: string;
  readonly elements: number;
}

/** The tensors by their keys, as the calls that rebuild them in later forms. */
async function tensorsOf(
  next: (entry: string, offset: number) => Promise<Read>,
  storages: ReadonlyMap<string, TarStorage>,
): Promise<ReadonlyMap<string, PyValue>> {
  const tensors = new Map<string, PyValue>();
  const rebuild = new PyGlobal('torch._utils', '_rebuild_tensor', 0);
  const first = await next('tensors', 0);
  let at = first.end;
  for (let index = 0; index < (integerOf(first.value) ?? 0); index += 1) {
    const { part, value, end } = await next('tensors', at);
    const [key, storage] = itemsOf(value) ?? [];
    const held = storages.get(String(storage));
    if (!held) throw damaged(`tensor "${String(key)}" is in a storage that is not there`);
    const axes = number(await part.read(end, LENGTH_BYTES), 0) % 2 ** 32;
    if (axes > MOST_AXES) throw damaged(`tensor "${String(key)}" has ${axes} axes`);
    const numbers = await part.read(end + LENGTH_BYTES, (2 * axes + 1) * LENGTH_BYTES);
    const all = Array.from({ length: 2 * axes + 1 }, (_, place) => number(numbers, place));
    const persistent = new PyPersistent(new PyTuple(['storage', held.type, held.key, 'cpu', held.elements]), 0);
    const args = [persistent, all[2 * axes] ?? 0, new PyTuple(all.slice(0, axes)), new PyTuple(all.slice(axes, 2 * axes))];
    tensors.set(String(key), new PyObject(rebuild, args, 'called', 0));
    at = end + LENGTH_BYTES + numbers.length;
  }
  return tensors;
}

function number(bytes: Uint8Array, place: number): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(place * LENGTH_BYTES, true));
}

function damaged(what: string): FormatError {
  return new FormatError(`The file is damaged: ${what}.`, { format: 'pytorch' });
}
