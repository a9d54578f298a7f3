import { type ByteSource, FormatError, LimitError } from '../../bytes';
import type { Checkpoint, ExternalFile, Tensor, TensorBlock, TensorStorage } from '../../model';
import { FindingList } from '../findings';
import type { OpenOptions } from '../format';
import { itemsOf, PyDict, PyGlobal, PyObject, type PyValue, printed } from '../pickle';
import { safeRelativePath } from '../safePath';
import { openZip, PartSource } from '../zip';
import { loadArchive } from './archive';
import { torchType } from './dtypes';
import { extents } from './extents';
import type { Loaded } from './loaded';
import { TensorReader } from './tensors';
import { torchArchive } from './torchArchive';
import { type Judged, trustReport } from './trust';

const METADATA = 'torch.distributed.checkpoint.metadata.Metadata';

/** An item of a `.distcp` file: a file of `torch.save` within it. */
interface Item {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** Whether a pickle is the index of a distributed checkpoint. */
export function isDistributed({ value }: Loaded): boolean {
  return value instanceof PyObject && value.type === METADATA;
}

/**
 * A folder of `torch.distributed.checkpoint`, by its `.metadata`: tensors in one or more blocks, each a small archive in
 * one of the files beside it.
 */
export async function openDistributed(loaded: Loaded, { openSibling, signal }: OpenOptions): Promise<Checkpoint> {
  const reader = new FolderReader(openSibling ?? (async () => null));
  const attributes = loaded.value instanceof PyObject && loaded.value.state instanceof PyDict ? loaded.value.state.entries : new Map();
  const items = itemsByName(attributes.get('storage_data'));
  const entries = attributes.get('state_dict_metadata');
  const tensors: Tensor[] = [];
  const metadata = new Map<string, string>();
  for (const [key, value] of entries instanceof PyDict ? entries.entries : []) {
    signal?.throwIfAborted();
    const name = printed(key);
    const own = items.get(name) ?? new Map<string, Item>();
    const state = value instanceof PyObject && value.state instanceof PyDict ? value.state.entries : null;
    if (state) tensors.push(await reader.tensor(name, state, own));
    else metadata.set(name, await reader.value(own.get('')));
  }
  const parts: readonly Judged[] = [{ place: loaded.place, imports: loaded.imports, broken: loaded.broken }, ...reader.parts];
  return {
    format: 'pytorch-distributed',
    formatVersion: printed(attributes.get('version') ?? ''),
    metadata: Object.fromEntries(metadata),
    tensors,
    externalFiles: [...reader.files].map(([path, source]): ExternalFile => ({ path, size: source?.size ?? null })),
    findings: reader.findings.list(),
    trust: trustReport(parts, null),
  };
}

/** Items by the name of what they hold, and by the offsets of the block, which are `''` for what is no tensor. */
function itemsByName(value: PyValue | undefined): ReadonlyMap<string, Map<string, Item>> {
  const items = new Map<string, Map<string, Item>>();
  for (const [index, place] of value instanceof PyDict ? value.entries : []) {
    const of = attributesOf(index);
    const at = attributesOf(place);
    const [name, path, offset, length] = [of.get('fqn'), at.get('relative_path'), at.get('offset'), at.get('length')];
    if (typeof name !== 'string' || typeof path !== 'string' || typeof offset !== 'number' || typeof length !== 'number') continue;
    const own = items.get(name) ?? new Map<string, Item>();
    items.set(name, own);
    own.set((itemsOf(of.get('offset')) ?? []).join(), { path, offset, length });
  }
  return items;
}

function attributesOf(value: PyValue): ReadonlyMap<PyValue, PyValue> {
  return value instanceof PyObject && value.state instanceof PyDict ? value.state.entries : new Map();
}

class FolderReader {
  readonly findings = new FindingList();
  readonly files = new Map<string, ByteSource | null>();
  readonly parts: Judged[] = [];

  constructor(private readonly open: NonNullable<OpenOptions['openSibling']>) {}

  async tensor(name: string, state: ReadonlyMap<PyValue, PyValue>, items: ReadonlyMap<string, Item>): Promise<Tensor> {
    const shape = extents(state.get('size')) ?? [];
    const properties = state.get('properties');
    const [type] = properties instanceof PyObject ? (itemsOf(properties.state) ?? [...attributesOf(properties).values()]) : [];
    const dtype = (type instanceof PyGlobal ? torchType(type.name)?.dtype : undefined) ?? 'undefined';
    const blocks: TensorBlock[] = [];
    for (const chunk of itemsOf(state.get('chunks')) ?? []) {
      const of = attributesOf(chunk);
      const offsets = extents(of.get('offsets')) ?? [];
      const size = extents(of.get('sizes')) ?? [];
      const item = items.get(offsets.join());
      const storage = item ? await this.block(name, item) : missing(`No file holds its block at [${offsets.join(', ')}].`);
      blocks.push({ offsets, shape: size, storage });
    }
    const lost = blocks.find(({ storage }) => storage.kind === 'missing');
    if (lost?.storage.kind === 'missing') {
      this.findings.error('tensor-missing', `Tensor "${name}" has no values: ${lost.storage.reason}`);
      return { name, dtype, shape, storage: lost.storage };
    }
    const [only] = blocks;
    return { name, dtype, shape, storage: only && blocks.length === 1 ? only.storage : { kind: 'blocks', blocks } };
  }

  /** A value that is no tensor, as text. */
  async value(item: Item | undefined): Promise<string> {
    if (!item) return '';
    const found = await this.item(item);
    return found instanceof Error ? '' : printed(found.loaded.value ?? null, 2000);
  }

  private async block(name: string, item: Item): Promise<TensorStorage> {
    const found = await this.item(item);
    if (found instanceof Error) return missing(found.message);
    const { loaded } = found;
    const read = loaded.value === undefined ? null : new TensorReader(loaded.places).read(loaded.value);
    if (!read || !('tensor' in read)) return missing(`${item.path} holds no tensor at byte ${item.offset} for "${name}".`);
    return moved(read.tensor.storage, item);
  }

  private async item({ path, offset, length }: Item): Promise<{ readonly loaded: Loaded } | Error> {
    const safe = safeRelativePath(path);
    if ('refusal' in safe) return new FormatError(`It is said to be in "${path}", a path that ${safe.refusal}.`);
    let file = this.files.get(safe.path);
    if (file === undefined) {
      file = await this.open(safe.path);
      this.files.set(safe.path, file);
    }
    if (!file) return new FormatError(`"${path}", which holds it, is not beside the .metadata file.`);
    if (offset < 0 || length < 0 || offset + length > file.size) {
      return new FormatError(`"${path}" ends at byte ${file.size}, before byte ${offset + length}; it is truncated.`);
    }
    try {
      const loaded = await loadArchive(torchArchive(await openZip(new PartSource(file, offset, length))));
      this.parts.push({ place: `${path}, byte ${offset}: ${loaded.place}`, imports: loaded.imports, broken: loaded.broken });
      return { loaded };
    } catch (error) {
      if (error instanceof FormatError || error instanceof LimitError) return new FormatError(`${path}, byte ${offset}: ${error.message}`);
      throw error;
    }
  }
}

/** The same bytes, in the file that the archive is a part of. */
function moved(storage: TensorStorage, { path, offset }: Item): TensorStorage {
  if (storage.kind !== 'bytes' && storage.kind !== 'strided') return storage;
  const { entry } = storage;
  if (!entry) return { ...storage, file: path, offset: storage.offset + offset };
  return { ...storage, file: path, entry: { ...entry, header: entry.header + offset } };
}

function missing(reason: string): TensorStorage {
  return { kind: 'missing', reason };
}
