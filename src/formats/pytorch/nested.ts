import { type ByteSource, FormatError, LimitError } from '../../bytes';
import type { Verdict } from '../../model';
import { Imports, type NotedCall, PyBytes, type Unpickled, unpickle } from '../pickle';
import { isZip } from '../sniff';
import { openZip, PartSource } from '../zip';
import { legacyParts } from './legacyParts';
import { type NestedStorage, type Places, storageOf } from './storages';
import { sourceOf, torchArchive } from './torchArchive';
import { type Judged, trustReport } from './trust';

/** Files within files that are followed; PyTorch itself writes one. */
const DEPTH = 4;

/** What `torch.load` would make of bytes inside a pickle. */
export interface Nested {
  readonly parts: readonly Judged[];
  readonly storages: ReadonlyMap<PyBytes, NestedStorage>;
  readonly verdict: (call: NotedCall) => Verdict;
}

/**
 * Follows `torch.storage._load_from_bytes`, which a pickled storage calls and which loads whatever its bytes are, with
 * nothing held back. `places` finds bytes of `source`, where the outer pickle is.
 */
export async function readNested(
  imports: Imports,
  source: ByteSource,
  places: Places,
  place: string,
  signal?: AbortSignal,
  depth = 0,
): Promise<Nested> {
  const parts: Judged[] = [];
  const storages = new Map<PyBytes, NestedStorage>();
  const verdicts = new Map<PyBytes, Verdict>();
  for (const { callee, args, at } of imports.calls) {
    const [bytes] = args;
    if (callee.path !== 'torch.storage._load_from_bytes' || !(bytes instanceof PyBytes) || verdicts.has(bytes)) continue;
    const here: Judged[] = [];
    verdicts.set(bytes, 'unknown');
    if (bytes.offset < 0 || depth >= DEPTH) continue;
    const inner = new PartSource(source, bytes.offset, bytes.length);
    const name = `${place}, byte ${at}`;
    const storage = await readInner(inner, name, here, signal, depth).catch((error: unknown) => {
      if (error instanceof FormatError || error instanceof LimitError) return null;
      throw error;
    });
    if (here.length > 0) verdicts.set(bytes, trustReport(here, null).verdict);
    for (const part of here) parts.push(part);
    if (!storage) continue;
    const where = places.bytes(bytes.offset + storage.offset, storage.length);
    storages.set(bytes, { reference: { ...storage.reference, key: `${bytes.offset}:${storage.reference.key}` }, place: where });
  }
  return { parts, storages, verdict: ({ args: [bytes] }) => (bytes instanceof PyBytes ? (verdicts.get(bytes) ?? 'unknown') : 'unsafe') };
}

async function readInner(source: ByteSource, place: string, parts: Judged[], signal: AbortSignal | undefined, depth: number) {
  const imports = new Imports();
  const none: Places = { storage: () => ({ missing: '' }), bytes: (offset, length) => ({ file: '', offset, length }) };
  const judged = async (object: Unpickled, from: ByteSource) => {
    parts.push({ place, imports, broken: object.broken?.message ?? '' });
    const deeper = await readNested(imports, from, none, place, signal, depth + 1);
    for (const part of deeper.parts) parts.push(part);
  };
  if (isZip(await source.read(0, Math.min(4, source.size)))) {
    const zip = await openZip(source);
    const pickle = torchArchive(zip).entry('data.pkl');
    if (!pickle) return null;
    const from = await sourceOf(zip, pickle);
    await judged(await unpickle(from, { imports, signal }), from);
    return null;
  }
  const read = await legacyParts(source, imports, null, signal);
  await judged(read.object, source);
  const reference = storageOf(read.object.value);
  const stored = reference && read.storages.get(reference.key);
  return reference && stored && !('missing' in stored) ? { reference, offset: stored.offset, length: stored.length } : null;
}
