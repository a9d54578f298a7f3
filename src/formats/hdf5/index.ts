import { type ByteSource, LIMITS } from '../../bytes';
import { own } from '../../data';
import type { Checkpoint, StoredRange, Tensor, TensorStorage } from '../../model';
import { FindingList } from '../findings';
import type { Format, OpenOptions } from '../format';
import { type Contents, type Dataset, readContents } from './contents';
import { kerasNames, type LayerSettings } from './keras';
import { openFile } from './library';

const MAGIC = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** HDF5, such as Keras weights: groups, attributes and datasets as the library lists them. No values are read. */
export const hdf5: Format = {
  id: 'hdf5',
  extensions: ['.h5', '.hdf5', '.keras.h5'],
  matches: (head) => MAGIC.every((byte, index) => head[index] === byte),
  open: (source, options) => readHdf5(source, options),
};

/** What is known besides of a file that lies in another one. */
export interface Around {
  /** Where in the outer file it lies; the file itself where there is none. */
  readonly range?: StoredRange;
  /** Keras layers by their names. */
  readonly layers?: ReadonlyMap<string, LayerSettings>;
}

/** Lists datasets, and groups' attributes as metadata. @throws FormatError, LimitError */
export async function readHdf5(source: ByteSource, { signal }: Pick<OpenOptions, 'signal'>, around: Around = {}): Promise<Checkpoint> {
  const findings = new FindingList();
  const file = await openFile(source);
  try {
    const contents = readContents(file, findings, signal);
    const layers = around.layers ?? layersOf(contents.attributes.get('')?.get('model_config'));
    const names = kerasNames(contents, layers);
    const range = around.range ?? { file: '', offset: 0, length: source.size };
    const tensors = inOrder(contents, names).map((dataset): Tensor => {
      const { name, ...role } = names.get(dataset.path) ?? { name: dataset.path };
      return { name, dtype: dataset.type.dtype, shape: dataset.shape, storage: storageOf(dataset, range), ...role };
    });
    return { format: 'hdf5', formatVersion: '', metadata: metadataOf(contents), tensors, externalFiles: [], findings: findings.list() };
  } finally {
    file.close();
  }
}

/** Layers first, in their order, then what is left in the file's. */
function inOrder({ datasets }: Contents, names: ReadonlyMap<string, unknown>): readonly Dataset[] {
  const listed = [...names.keys()].flatMap((path) => datasets.get(path) ?? []);
  return [...listed, ...[...datasets.values()].filter(({ path }) => !names.has(path))];
}

function storageOf({ path, type }: Dataset, range: StoredRange): TensorStorage {
  if ('missing' in type) return { kind: 'missing', reason: type.missing };
  return { kind: 'hdf5', ...range, dataset: `/${path}` };
}

/** Attributes by the path of their group; names of weights and layers are the tensors' own. */
function metadataOf({ attributes }: Contents): Readonly<Record<string, string>> {
  const texts = new Map<string, string>();
  let kept = 0;
  for (const [path, held] of attributes) {
    for (const [name, value] of held) {
      if (name === 'weight_names' || name === 'layer_names' || (name === 'name' && path.endsWith('vars'))) continue;
      const text = textOf(value);
      kept += path.length + name.length + text.length;
      if (kept > LIMITS.textBytes || texts.size >= LIMITS.metadataEntries) return Object.fromEntries(texts);
      texts.set(path === '' ? name : `${path}/${name}`, text);
    }
  }
  return Object.fromEntries(texts);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  return String(value);
}

/** The layers of a model's configuration, nested models' too, by their names. Nothing of it is made. */
export function layersOf(config: unknown): ReadonlyMap<string, LayerSettings> {
  const layers = new Map<string, LayerSettings>();
  const visit = (value: unknown, depth: number): void => {
    if (depth > LIMITS.messageDepth || typeof value !== 'object' || value === null) return;
    const entry = value as Readonly<Record<string, unknown>>;
    const settings = own(entry, 'config');
    const type = own(entry, 'class_name');
    if (typeof type === 'string' && typeof settings === 'object' && settings !== null) {
      const named = own(settings as Readonly<Record<string, unknown>>, 'name');
      if (typeof named === 'string') layers.set(named, { type: snakeCase(type), config: settings as Readonly<Record<string, unknown>> });
    }
    for (const part of Array.isArray(value) ? value : Object.values(entry)) visit(part, depth + 1);
  };
  visit(parsed(config), 0);
  return layers;
}

function parsed(config: unknown): unknown {
  if (typeof config !== 'string') return null;
  try {
    return JSON.parse(config);
  } catch {
    return null;
  }
}

/** As Keras makes a layer's default name of its class: `Conv2D` is `conv2d`, `LayerNormalization` `layer_normalization`. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
