import type { StoredRange } from '../../model';
import { integerOf, type PyBytes, PyGlobal, PyPersistent, PyTuple, type PyValue } from '../pickle';
import { storageType, type TorchType } from './dtypes';

/** A storage as a pickle names it. */
export interface StorageReference {
  readonly key: string;
  readonly type: TorchType;
  /** PyTorch's elements, of which those of parts of a byte are counted in bytes. */
  readonly elements: number;
  /** Bytes that it needs at least. */
  readonly length: number;
  /** Its first byte, where it is a view of the storage with this key (files of before 0.4). */
  readonly start: number;
}

/** Where a storage's bytes lie, or why they cannot be had, as a sentence. */
export type StoragePlace = (StoredRange & { readonly bigEndian?: true }) | { readonly missing: string };

/** Finds bytes that a pickle names or holds. */
export interface Places {
  storage(storage: StorageReference): StoragePlace;
  /** Where in a file a byte of the pickle's source is. */
  bytes(offset: number, length: number): StoragePlace;
  /** The storage that a file inside the pickle holds, where these bytes are one. */
  nested?(bytes: PyBytes): NestedStorage | null;
}

/** A storage inside a file inside a pickle. */
export interface NestedStorage {
  readonly reference: StorageReference;
  readonly place: StoragePlace;
}

/**
 * The storage that a persistent id stands for: `('storage', class, key, location, elements[, view])`; `null` for
 * anything else.
 */
export function storageOf(value: PyValue | undefined): StorageReference | null {
  if (!(value instanceof PyPersistent && value.id instanceof PyTuple)) return null;
  const [kind, type, key, , elements, view] = value.id.items;
  if (kind !== 'storage' || !(type instanceof PyGlobal)) return null;
  const element = storageType(type.path);
  const count = integerOf(elements);
  if (element === null || count === null || count < 0 || (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint'))
    return null;
  const unit = Math.max(1, element.bytes);
  const whole = { key: String(key), type: element, elements: count, length: count * unit, start: 0 };
  if (!(view instanceof PyTuple)) return whole;
  const [, start, length] = view.items;
  const part = integerOf(length) ?? 0;
  return { ...whole, start: (integerOf(start) ?? 0) * unit, elements: part, length: part * unit };
}
