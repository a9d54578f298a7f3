import { type ByteSource, FormatError, LIMITS, LimitError } from '../../bytes';
import { own } from '../../data';
import type { Shard } from './merge';

type Json = Readonly<Record<string, unknown>>;

/** An index of shards (`model.safetensors.index.json`): which file holds which tensor. */
export interface WeightMap {
  readonly shards: readonly Shard[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Reads a file that must hold a JSON object. @throws FormatError for any other content, LimitError for a file that is too long */
export async function readJson(source: ByteSource): Promise<Json> {
  if (source.size > LIMITS.headerBytes) {
    const message = `The file has ${source.size} bytes; JSON files are read up to ${LIMITS.headerBytes}.`;
    throw new LimitError(message, { name: 'headerBytes', value: LIMITS.headerBytes });
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await source.read(0, source.size)));
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError('The file is damaged: it is not valid JSON.', { format: 'huggingface' });
  }
  if (!isRecord(value)) throw new FormatError('The file is damaged: it holds no JSON object.', { format: 'huggingface' });
  return value;
}

/** The shards that an index names, in the order in which it names them. @throws FormatError where it is no index */
export function weightMapOf(content: Json): WeightMap {
  const map = own(content, 'weight_map');
  if (!isRecord(map))
    throw new FormatError('The file is no index of shards: it has no "weight_map".', { format: 'huggingface', field: 'weight_map' });
  const files = new Map<string, Set<string>>();
  for (const [tensor, file] of Object.entries(map)) {
    if (typeof file !== 'string')
      throw new FormatError(`The file is damaged: "weight_map" has no file for tensor "${tensor}".`, {
        format: 'huggingface',
        field: tensor,
      });
    const tensors = files.get(file) ?? new Set();
    files.set(file, tensors.add(tensor));
  }
  return { shards: [...files].map(([file, tensors]) => ({ file, tensors })), metadata: textsOf(own(content, 'metadata'), '') };
}

/** Entries of an object that are texts, numbers or short lists, as metadata. */
export function textsOf(value: unknown, prefix: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  if (!isRecord(value)) return texts;
  for (const [key, entry] of Object.entries(value)) {
    if (texts.size >= LIMITS.metadataEntries) break;
    const text = typeof entry === 'string' ? entry : JSON.stringify(entry);
    // Labels of a thousand classes and the like are no help in a table.
    if (text !== undefined && text.length <= 2000) texts.set(`${prefix}${key}`, text);
  }
  return texts;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
