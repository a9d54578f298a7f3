import type { ByteSource } from '../../bytes';
import { FormatError, LIMITS } from '../../bytes';
import { own } from '../../data';
import type { Checkpoint } from '../../model';
import { FindingList } from '../findings';
import type { Format, OpenOptions } from '../format';
import { layersOf, readHdf5 } from '../hdf5';
import { openEntry, openZip, readEntry, type ZipArchive } from '../zip';

const WEIGHTS = 'model.weights.h5';
const CONFIG = 'config.json';

/** Keras 3's own form: a zip archive of the model's configuration and its weights as HDF5. No layer is made of it. */
export const keras: Format = {
  id: 'keras',
  extensions: ['.keras'],
  // Told by its entries.
  matches: () => false,
  matchesArchive: ({ entries }) => entries.has(CONFIG) && (entries.has(WEIGHTS) || entries.has('metadata.json')),
  open: readKeras,
};

/** @throws FormatError where the archive or its weights are damaged, LimitError */
async function readKeras(source: ByteSource, { archive, signal }: OpenOptions): Promise<Checkpoint> {
  const zip = archive ?? (await openZip(source));
  const entry = zip.entries.get(WEIGHTS);
  if (!entry) throw new FormatError(`The file has no entry "${WEIGHTS}", which holds the weights.`, { format: 'keras' });
  if (entry.refusal !== null) throw new FormatError(`Entry "${WEIGHTS}" ${entry.refusal}.`, { format: 'keras' });
  const findings = new FindingList();
  for (const finding of zip.findings) findings.add(finding);
  const config = await textOf(zip, CONFIG, findings);
  const about = jsonOf(await textOf(zip, 'metadata.json', findings));
  const weights = await readHdf5(
    await openEntry(source, entry.place),
    { ...(signal && { signal }) },
    {
      range: { file: '', offset: 0, length: entry.place.size, entry: entry.place },
      layers: layersOf(config),
    },
  );
  for (const finding of weights.findings) findings.add(finding);
  const metadata = new Map(Object.entries(weights.metadata));
  for (const name of ['keras_version', 'date_saved']) {
    const value = own(about, name);
    if (typeof value === 'string') metadata.set(name, value);
  }
  if (config !== undefined && config.length <= LIMITS.stringBytes) metadata.set('model_config', config);
  return {
    ...weights,
    format: 'keras',
    formatVersion: metadata.get('keras_version') ?? '',
    metadata: Object.fromEntries(metadata),
    findings: findings.list(),
  };
}

/** A text of the archive; `undefined`, with a finding, where it cannot be read. */
async function textOf(archive: ZipArchive, name: string, findings: FindingList): Promise<string | undefined> {
  const entry = archive.entries.get(name);
  if (!entry) return undefined;
  try {
    return new TextDecoder().decode(await readEntry(archive, entry, LIMITS.headerBytes));
  } catch (error) {
    findings.error('keras-entry', `Entry "${name}" cannot be read. ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function jsonOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
