import { type ByteSource, FormatError, LimitError } from '../../bytes';
import { append } from '../../data';
import type { Checkpoint, Tensor } from '../../model';
import { FindingList } from '../findings';
import type { Format, OpenOptions } from '../format';
import { readArray } from '../npy/array';
import { readHeader } from '../npy/header';
import { openEntry, openZip, type ZipEntry } from '../zip';

const SUFFIX = '.npy';

/** NumPy's archive of named arrays, compressed or not. The list of entries and each array's header are read, and nothing else. */
export const npz: Format = {
  id: 'npz',
  extensions: ['.npz'],
  // Told by its entries.
  matches: () => false,
  matchesArchive: ({ entries }) => [...entries.keys()].some((name) => name.endsWith(SUFFIX)),
  open: readNpz,
};

/** Lists the arrays; one that cannot be read is a finding. @throws FormatError for a damaged archive, LimitError */
async function readNpz(source: ByteSource, { archive, signal }: OpenOptions): Promise<Checkpoint> {
  const { entries, findings: faults } = archive ?? (await openZip(source));
  const findings = new FindingList();
  for (const fault of faults) findings.add(fault);
  const arrays: (readonly Tensor[])[] = [];
  const others: string[] = [];
  const versions = new Set<string>();
  for (const [name, entry] of entries) {
    signal?.throwIfAborted();
    if (entry.refusal !== null) continue;
    if (!name.endsWith(SUFFIX)) others.push(name);
    else arrays.push(await arraysOf(source, entry, versions, findings));
  }
  if (others.length > 0)
    findings.warn('npz-entries', `The archive holds ${others.length} entries that are no arrays, such as "${others[0]}".`);
  const tensors: Tensor[] = [];
  for (const array of arrays) append(tensors, array);
  return {
    format: 'npz',
    formatVersion: [...versions].sort().join(', '),
    metadata: {},
    tensors,
    externalFiles: [],
    findings: findings.list(),
  };
}

async function arraysOf(
  source: ByteSource,
  { name, place }: ZipEntry,
  versions: Set<string>,
  findings: FindingList,
): Promise<readonly Tensor[]> {
  try {
    const header = await readHeader(await openEntry(source, place), 0);
    versions.add(header.version);
    const range = { file: '', entry: place, offset: header.data, available: place.size - header.data };
    return readArray(name.slice(0, -SUFFIX.length), header, range, findings).tensors;
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
    findings.error('npz-array', `Entry "${name}" cannot be read. ${error.message.replace(/^The file is damaged: /, 'It is damaged: ')}`);
    return [];
  }
}
