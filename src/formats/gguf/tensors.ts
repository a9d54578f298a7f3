import { LIMITS, LimitError } from '../../bytes';
import { elementCount, formatShape, type Tensor, type TensorStorage } from '../../model';
import type { FindingList } from '../findings';
import type { Stream } from './stream';
import { type StoredType, typeOf } from './types';

/** More axes than any version of ggml has; it has four. */
const MOST_AXES = 64;

/** A tensor as the header lists it. */
export interface TensorEntry {
  readonly name: string;
  /** Row-major: ggml's order turned round. */
  readonly shape: readonly number[];
  readonly type: StoredType;
  /** From where the data begins. */
  readonly offset: number;
}

/** Reads the list of tensors. @throws FormatError, and LimitError for more than are read. */
export async function readEntries(stream: Stream, count: number): Promise<readonly TensorEntry[]> {
  if (count > LIMITS.tensors) {
    const message = `The file has ${count} tensors; at most ${LIMITS.tensors} are read.`;
    throw new LimitError(message, { name: 'tensors', value: LIMITS.tensors });
  }
  // Each takes the length of its name, its number of axes, its type and its place at the least.
  if (count > stream.left / (stream.countBytes + 16)) throw stream.damaged(`it lists ${count} tensors, and ${stream.left} bytes are there`);
  const entries: TensorEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const what = `tensor ${index} of ${count}`;
    const name = await stream.text(LIMITS.stringBytes, `the name of ${what}`);
    if (name === null) throw stream.damaged(`the name of ${what} is longer than ${LIMITS.stringBytes} bytes`);
    const axes = await stream.uint32(what);
    if (axes > MOST_AXES) throw stream.damaged(`tensor "${name}" has ${axes} axes`);
    await stream.need(axes * stream.countBytes + 12, what);
    const shape = Array.from({ length: axes }, () => stream.takeCount()).reverse();
    const type = typeOf(stream.takeUint32());
    const offset = Number(stream.take(8, (at, view) => view.getBigUint64(at, stream.littleEndian)));
    entries.push({ name, shape, type, offset });
  }
  return entries;
}

/** Where tensors lie. */
export interface DataPlace {
  readonly start: number;
  readonly end: number;
  readonly littleEndian: boolean;
}

/** The tensors that the header lists; what is wrong with one is a finding, and of two with one name the first counts. */
export function tensorsOf(entries: readonly TensorEntry[], data: DataPlace, findings: FindingList): readonly Tensor[] {
  const tensors = new Map<string, Tensor>();
  for (const entry of entries) {
    if (tensors.has(entry.name)) {
      findings.error('duplicate-tensor', `Two tensors are called "${entry.name}"; the first is shown.`);
      continue;
    }
    const storage = storageOf(entry, data);
    if (storage.kind === 'missing') findings.error('tensor-place', storage.reason);
    const dtype = entry.type.kind === 'plain' ? entry.type.dtype : entry.type.kind === 'blocks' ? 'float32' : 'undefined';
    const shape = entry.shape.map((extent) => Math.min(extent, Number.MAX_SAFE_INTEGER));
    tensors.set(entry.name, { name: entry.name, dtype, shape, storage });
  }
  checkOverlaps([...tensors.values()], findings);
  return [...tensors.values()];
}

function storageOf({ name, shape, type, offset }: TensorEntry, { start, end, littleEndian }: DataPlace): TensorStorage {
  if (type.kind === 'unknown') return missing(`Tensor "${name}" is of the type ${type.name} of ggml, which cannot be read here.`);
  const elements = elementCount(shape);
  const row = shape.at(-1) ?? 1;
  if (elements === null) return missing(`Tensor "${name}" has a shape that no file can hold: ${formatShape(shape)}.`);
  if (row % type.elements !== 0)
    return missing(`Tensor "${name}" has rows of ${row} elements, which are no whole blocks of ${type.elements}.`);
  const length = (elements / type.elements) * type.bytes;
  const from = start + offset;
  if (!Number.isSafeInteger(from + length) || from + length > end) {
    return missing(`Tensor "${name}" needs ${length} bytes from byte ${from}, and the file ends at byte ${end}.`);
  }
  if (type.kind === 'plain') {
    return { kind: 'bytes', file: '', offset: from, length, ...(littleEndian || type.bytes === 1 ? {} : { bigEndian: true }) };
  }
  if (!littleEndian) return missing(`Tensor "${name}" is stored in big-endian blocks, which cannot be decoded here.`);
  return { kind: 'encoded', codec: type.codec, file: '', offset: from, length };
}

function missing(reason: string): TensorStorage {
  return { kind: 'missing', reason };
}

function checkOverlaps(tensors: readonly Tensor[], findings: FindingList): void {
  const ranges = tensors.flatMap(({ name, storage }) => ('length' in storage && storage.length > 0 ? [{ name, ...storage }] : []));
  let last: { readonly name: string; readonly offset: number; readonly length: number } | undefined;
  for (const range of ranges.sort((a, b) => a.offset - b.offset)) {
    if (last && range.offset < last.offset + last.length) {
      findings.error('overlap', `Tensors "${last.name}" and "${range.name}" overlap at byte ${range.offset}.`);
    }
    if (!last || range.offset + range.length > last.offset + last.length) last = range;
  }
}
