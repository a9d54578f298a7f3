import { type ByteSource, FormatError } from '../../bytes';
import { openEntry, readEntry, type ZipArchive, type ZipEntry } from '../zip';
import type { Places, StorageReference } from './storages';

const SMALL_ENTRY = 64;
const FEW = 8;

/** An archive of PyTorch with the folder that all its entries lie in. */
export interface TorchArchive {
  readonly archive: ZipArchive;
  readonly root: string;
  /** By the name below the root, in whatever case: PyTorch does not tell cases apart. */
  readonly entry: (name: string) => ZipEntry | undefined;
}

/** The archive as PyTorch sees it: its root is the folder of its first entry. */
export function torchArchive(archive: ZipArchive): TorchArchive {
  const [first] = archive.entries.keys();
  const root = first === undefined ? '' : first.slice(0, first.indexOf('/') + 1);
  // Names are as they are looked for in almost every archive: a few that are not there are no reason for a table of all.
  let folded: Map<string, ZipEntry> | null = null;
  let missed = 0;
  const inAnyCase = (name: string): ZipEntry | undefined => {
    const wanted = name.toLowerCase();
    missed += 1;
    if (missed <= FEW) {
      for (const [own, entry] of archive.entries) if (own.length === name.length && own.toLowerCase() === wanted) return entry;
      return undefined;
    }
    if (!folded) {
      folded = new Map();
      for (const [own, entry] of archive.entries) if (!folded.has(own.toLowerCase())) folded.set(own.toLowerCase(), entry);
    }
    return folded.get(wanted);
  };
  return { archive, root, entry: (name) => archive.entries.get(root + name) ?? inAnyCase(root + name) };
}

/** What about the archive itself keeps it from being called safe: readers that see another archive than this one. */
export function archiveReasons({ findings }: ZipArchive): readonly string[] {
  return findings.filter(({ code }) => code === 'zip-twice' || code === 'zip-entry').map(({ message }) => message);
}

/** An entry's bytes. @throws FormatError where it cannot be read */
export async function sourceOf(zip: ZipArchive, { name, place, refusal }: ZipEntry): Promise<ByteSource> {
  if (refusal !== null) throw new FormatError(`The entry "${name}" ${refusal}.`, { format: 'pytorch', offset: place.header });
  return openEntry(zip.source, place);
}

/** Storages are entries of the folder `data`, each named by its key. */
export function archivePlaces(torch: TorchArchive, pickle: ZipEntry, bigEndian: boolean, folder = 'data'): Places {
  const order = bigEndian ? ({ bigEndian: true } as const) : {};
  return {
    storage: ({ key, start, length }: StorageReference) => {
      const entry = torch.entry(`${folder}/${key}`);
      if (!entry) return { missing: `The file has no entry "${folder}/${key}", which would hold them.` };
      if (entry.refusal !== null) return { missing: `The entry "${entry.name}" ${entry.refusal}.` };
      const needed = start + length;
      if (entry.place.size < needed)
        return { missing: `The entry "${entry.name}" holds ${entry.place.size} bytes, and ${needed} are needed.` };
      return { file: '', entry: entry.place, offset: 0, length: entry.place.size, ...order };
    },
    bytes: (offset, length) => ({ file: '', entry: pickle.place, offset, length }),
  };
}

/** `byteorder`; archives of before it are little-endian. @throws FormatError for any other word in it */
export async function isBigEndian(torch: TorchArchive): Promise<boolean> {
  const order = await smallText(torch, 'byteorder');
  if (order !== '' && order !== 'little' && order !== 'big') {
    throw new FormatError(`The file says that its byte order is "${order}", which is neither little nor big.`, {
      format: 'pytorch',
      field: 'byteorder',
    });
  }
  return order === 'big';
}

/** A word that an archive keeps in an entry of its own, such as its version; `''` where it does not. */
export async function smallText({ archive, entry }: TorchArchive, name: string): Promise<string> {
  const found = entry(name);
  if (!found || found.refusal !== null || found.place.size > SMALL_ENTRY) return '';
  return new TextDecoder().decode(await readEntry(archive, found)).trim();
}

/** Whether an archive is one of `torch.jit.save`: PyTorch itself looks for this entry. */
export function isTorchScript({ entry }: TorchArchive): boolean {
  return entry('constants.pkl') !== undefined;
}

/** What the restricted loader says of such an archive. */
export const NOT_WEIGHTS = 'torch.load refuses TorchScript archives under weights_only; torch.jit.load reads them.';
