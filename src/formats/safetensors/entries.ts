import { FormatError } from '../../bytes';
import { bitsOf, type Tensor } from '../../model';
import type { FindingList } from '../findings';
import { dtypeOf } from './dtypes';

type Json = Readonly<Record<string, unknown>>;

/** A tensor of the header, with where it begins and ends in the part of the file after it. */
export interface Entry {
  readonly tensor: Tensor;
  readonly begin: number;
  readonly end: number;
}

/** The header's `__metadata__`, which maps texts to texts; anything else of it is a finding. */
export function metadataOf(value: unknown, findings: FindingList): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isRecord(value)) {
    findings.error('metadata', 'Its __metadata__ is no object; loaders refuse such a file.');
    return {};
  }
  const texts = new Map<string, string>();
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') findings.error('metadata', `Its __metadata__ "${name}" is no text; loaders refuse such a file.`);
    texts.set(name, typeof text === 'string' ? text : JSON.stringify(text));
  }
  return Object.fromEntries(texts);
}

/**
 * One tensor of the header; `data` is where the file's tensors begin.
 * @throws FormatError where type, shape and place do not fit each other.
 */
export function entryOf(name: string, value: unknown, data: number): Entry {
  if (!isRecord(value)) throw damaged(`tensor "${name}" is no object`);
  const dtype = dtypeOf(value['dtype']);
  if (dtype === undefined) throw damaged(`tensor "${name}" has the element type ${JSON.stringify(value['dtype'])}, which is not known`);
  const shape = counts(value['shape']);
  if (shape === null) throw damaged(`tensor "${name}" has a shape that is no list of extents`);
  const [begin, end, ...more] = counts(value['data_offsets']) ?? [];
  if (begin === undefined || end === undefined || more.length > 0 || end < begin)
    throw damaged(`tensor "${name}" has no place in the file`);
  const bits = shape.reduce((product, extent) => product * extent, 1) * bitsOf(dtype);
  if (!Number.isSafeInteger(bits) || bits !== 8 * (end - begin)) {
    throw damaged(`tensor "${name}" takes ${end - begin} bytes, which do not fit its type and its shape [${shape.join(', ')}]`);
  }
  return { tensor: { name, dtype, shape, storage: { kind: 'bytes', file: '', offset: data + begin, length: end - begin } }, begin, end };
}

/** A fault of the file, for good. */
export function damaged(what: string, offset?: number): FormatError {
  return new FormatError(`The file is damaged: ${what}.`, { format: 'safetensors', ...(offset === undefined ? {} : { offset }) });
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function counts(value: unknown): readonly number[] | null {
  if (!Array.isArray(value)) return null;
  return value.every((item) => Number.isSafeInteger(item) && item >= 0) ? value : null;
}
