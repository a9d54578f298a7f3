import { LIMITS, LimitError } from '../../bytes';
import type { FindingList } from '../findings';
import { type ElementType, typeOf } from './dtypes';
import type { DatasetMetadata, Library, OpenFile } from './library';

/** A dataset of a file. */
export interface Dataset {
  /** From the root, without the slash before it. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly bytes: number;
}

/** What a file holds: attributes of groups by path (`''` is the root), and datasets by path. */
export interface Contents {
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  readonly datasets: ReadonlyMap<string, Dataset>;
}

/** Filters that the library can undo: deflate, shuffle, checksums, packing of bits, scaling. */
const FILTERS: ReadonlySet<number> = new Set([1, 2, 3, 5, 6]);
/** Types of whose attributes the values are kept: numbers, texts, choices. */
const PLAIN: ReadonlySet<number> = new Set([0, 1, 3, 8]);

/** Lists a file's groups and datasets; what cannot be read is a finding. @throws FormatError, LimitError for too many */
export function readContents(file: OpenFile, findings: FindingList, signal: AbortSignal | undefined): Contents {
  const names = file.use((library, id) => library.get_names(id, '/', true));
  if (names.length > LIMITS.tensors) {
    const message = `The file has ${names.length} groups and datasets; at most ${LIMITS.tensors} are read.`;
    throw new LimitError(message, { name: 'tensors', value: LIMITS.tensors });
  }
  const attributes = new Map([['', attributesOf(file, '', findings)]]);
  const datasets = new Map<string, Dataset>();
  for (const path of names) {
    signal?.throwIfAborted();
    try {
      const kind = file.use((library, id) => kindOf(library, library.get_type(id, `/${path}`)));
      if (kind === 'group') attributes.set(path, attributesOf(file, path, findings));
      else if (kind === 'dataset') datasets.set(path, datasetOf(file, path, findings));
      else if (kind === 'elsewhere') findings.warn('hdf5-link', `"${path}" is a link to another file, which is not followed.`);
      else if (kind === 'nowhere') findings.warn('hdf5-link', `"${path}" is a link to nothing.`);
    } catch (error) {
      findings.error('hdf5-object', `"${path}" cannot be read. ${sentence(error)}`);
    }
  }
  return { attributes, datasets };
}

function kindOf(library: Library, type: number): 'group' | 'dataset' | 'elsewhere' | 'nowhere' | 'other' {
  switch (type) {
    case library.H5G_GROUP:
      return 'group';
    case library.H5G_DATASET:
      return 'dataset';
    case library.H5G_UDLINK:
      return 'elsewhere';
    case library.H5G_LINK:
      return 'nowhere';
    default:
      return 'other';
  }
}

function datasetOf(file: OpenFile, path: string, findings: FindingList): Dataset {
  const { metadata, filters, named } = file.use((library, id) => ({
    metadata: library.get_dataset_metadata(id, `/${path}`),
    filters: library.get_dataset_filters(id, `/${path}`),
    named: library.get_attribute_names(id, `/${path}`).includes('dtype'),
  }));
  const shape = metadata.shape ?? [0];
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) throw new TypeError('its shape is none');
  const type = typeOf(metadata, named && plainAttribute(file, path, 'dtype'));
  const why = missingReason(metadata, filters);
  if (why !== null && !('missing' in type)) findings.warn('hdf5-dataset', `The values of "${path}" cannot be had. ${why}`);
  return { path, shape, type: why === null ? type : { dtype: type.dtype as 'undefined', missing: why }, bytes: metadata.size };
}

/** Why a dataset's values cannot be read whatever their type; `null` where they can. */
function missingReason(metadata: DatasetMetadata, filters: readonly { readonly id: number; readonly name: string }[]): string | null {
  if (metadata.shape === null) return 'It holds nothing.';
  if (metadata.virtual_sources !== undefined) return 'Its values are put together from other files, which are not followed.';
  const unknown = filters.find(({ id }) => !FILTERS.has(id));
  if (unknown) return `It is compressed with ${unknown.name === '' ? `filter ${unknown.id}` : unknown.name}, which cannot be undone here.`;
  return null;
}

/** Attributes of a group that are numbers, texts or lists of them. */
function attributesOf(file: OpenFile, path: string, findings: FindingList): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  try {
    for (const name of file.use((library, id) => library.get_attribute_names(id, `/${path}`))) {
      const value = plainAttribute(file, path, name);
      if (value !== undefined) found.set(name, value);
    }
  } catch (error) {
    findings.error('hdf5-attribute', `The attributes of "/${path}" cannot be read. ${sentence(error)}`);
  }
  return found;
}

/** An attribute's value; `undefined` for one of another kind, or longer than is kept. */
function plainAttribute(file: OpenFile, path: string, name: string): unknown {
  const { type, size, total_size: count } = file.use((library, id) => library.get_attribute_metadata(id, `/${path}`, name));
  if (!PLAIN.has(type) || size * count > LIMITS.stringBytes) return undefined;
  // The library has no number for floats of two bytes.
  if (type === 1 && size !== 4 && size !== 8) return undefined;
  return file.attribute(`/${path}`, name);
}

function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^The file is damaged: (.)/, (_, first: string) => first.toUpperCase());
}
