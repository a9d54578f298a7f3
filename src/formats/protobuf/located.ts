import type { Message } from '@bufbuild/protobuf';
import { readVarint, type VarintCursor } from './wire';

/** The number of the private field that stands for what was left in the file; protobuf keeps 19000-19999 for implementations. */
export const LEFT_FIELD = 19000;

/** A field left in the file: its number and where its content is. */
export interface Located {
  readonly field: number;
  readonly offset: number;
  readonly length: number;
}

/** What was left in the file of this decoded message, in file order. */
export function locatedIn(message: Message, located: readonly Located[]): readonly Located[] {
  const found: Located[] = [];
  const cursor: VarintCursor = { value: 0, next: 0 };
  for (const unknown of message.$unknown ?? []) {
    if (unknown.no !== LEFT_FIELD || !readVarint(unknown.data, 0, unknown.data.length, cursor)) continue;
    const entry = located[cursor.value];
    if (entry) found.push(entry);
  }
  return found;
}

/** Forgets what was left in the file of this decoded message, once it has been read. */
export function dropLocated(message: Message): void {
  if (message.$unknown) message.$unknown = message.$unknown.filter((unknown) => unknown.no !== LEFT_FIELD);
}
