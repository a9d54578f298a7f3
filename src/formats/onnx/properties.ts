import type { StringStringEntryProto } from './schema/onnx-ml_pb';

type Properties = Readonly<Record<string, string>>;

/** Key-value entries as a record, safe against keys such as `__proto__`; the last of equal keys stands. */
export function toRecord(entries: readonly StringStringEntryProto[]): Properties {
  return Object.fromEntries(entries.map((entry) => [entry.key, entry.value]));
}

/** `{ metadata }` to spread where there are entries, else nothing. */
export function propertiesOf(entries: readonly StringStringEntryProto[]): { readonly metadata?: Properties } {
  return entries.length === 0 ? {} : { metadata: toRecord(entries) };
}
