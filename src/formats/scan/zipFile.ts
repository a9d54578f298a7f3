import { type ByteSource, FormatError, LIMITS } from '../../bytes';
import { append } from '../../data';
import { loadArchive } from '../pytorch/archive';
import { readNested } from '../pytorch/nested';
import { archiveReasons, isTorchScript, torchArchive } from '../pytorch/torchArchive';
import { openTorchScript } from '../pytorch/torchscript';
import { isZip } from '../sniff';
import { openEntry, openZip, readEntry, type ZipArchive, type ZipEntry } from '../zip';
import type { Collected, ScanInside, ScanPlace } from './collected';

/** Bytes of an entry that tell what it is. */
const HEAD = 64;
const CONFIG_BYTES = 64 * 2 ** 20;

/** A zip archive: PyTorch's object as `torch.load` reads it, then each entry that may be code of its own; `null` for no zip. */
export async function scanZip(
  found: Collected,
  source: ByteSource,
  head: Uint8Array,
  place: ScanPlace,
  inside: ScanInside,
): Promise<string | null> {
  if (!isZip(head)) return null;
  const archive = await openZip(source);
  found.unsure(...archiveReasons(archive).map((reason) => `${place.name}: ${reason}`));
  const torch = torchArchive(archive);
  const pickle = torch.entry('data.pkl');
  const seen = new Set<string>();
  let kind = 'zip';
  if (isTorchScript(torch)) {
    const { trust } = await openTorchScript(torch, place.signal);
    found.unsure(...(trust?.reasons ?? []));
    kind = 'TorchScript';
  }
  if (pickle) {
    if (kind === 'zip') kind = 'PyTorch';
    seen.add(pickle.name);
    await scanObject(found, torch, place);
  }
  let looked = 0;
  for (const entry of archive.entries.values()) {
    if (seen.has(entry.name) || (pickle && isStorage(entry.name, torch.root))) continue;
    looked += 1;
    if (looked > LIMITS.scannedEntries) {
      found.unsure(`${place.name} has more than ${LIMITS.scannedEntries} entries; the rest was not looked into.`);
      break;
    }
    await scanEntry(found, archive, entry, place, inside);
  }
  return kind;
}

async function scanObject(found: Collected, torch: ReturnType<typeof torchArchive>, place: ScanPlace): Promise<void> {
  const loaded = await loadArchive(torch, place.signal);
  const name = `${place.name}: ${loaded.place}`;
  const nested = await readNested(loaded.imports, loaded.source, loaded.places, name, place.signal);
  const known = isTorchScript(torch) ? { known: (module: string) => /^__torch__(?:\.|$)/.test(module) } : {};
  found.parts.push({ place: name, imports: loaded.imports, broken: loaded.broken, ...known });
  append(found.parts, nested.parts);
  found.nested.push(nested.verdict);
  if (isTorchScript(torch))
    loaded.watcher?.refuse('torch.load refuses TorchScript archives under weights_only; torch.jit.load reads them.');
  found.weightsOnly ??= loaded.watcher;
}

async function scanEntry(found: Collected, archive: ZipArchive, entry: ZipEntry, place: ScanPlace, inside: ScanInside): Promise<void> {
  // Why an entry is refused is among the archive's own findings.
  if (entry.refusal !== null || entry.place.size === 0) return;
  const name = `${place.name}: ${entry.name}`;
  if (/(?:^|\/)config\.json$/.test(entry.name) && entry.place.size <= CONFIG_BYTES) {
    const text = new TextDecoder().decode(await readEntry(archive, entry));
    if (/"class_name":\s*"Lambda"/.test(text)) {
      found.harmful(`${name} has a Lambda layer of Keras, whose Python code is run when the model is loaded without safe_mode.`);
    }
    return;
  }
  try {
    const source = await openEntry(archive.source, entry.place);
    if (entry.place.size < 2) return;
    await source.read(0, Math.min(HEAD, source.size));
    await inside(found, source, { ...place, name, depth: place.depth + 1 });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    found.unsure(`${name} cannot be read: ${error.message}`);
  }
}

/** Storages of PyTorch are read as numbers alone. */
function isStorage(name: string, root: string): boolean {
  return /^(?:data|constants|\.data)\/[^/]*$/.test(name.slice(root.length));
}
