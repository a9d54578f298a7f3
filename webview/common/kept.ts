import { savedState, saveState } from './channel';

/** Reads one kept value; what does not have the form we write gives `otherwise`. */
export type Reader<Value> = (kept: unknown, otherwise: Value) => Value;

/** How each field of a kept state is read back. */
export type Readers<State> = { readonly [Field in keyof State]: Reader<State[Field]> };

function isRecord(kept: unknown): kept is Readonly<Record<string, unknown>> {
  return typeof kept === 'object' && kept !== null && !Array.isArray(kept);
}

/** A field of a record that is its own: what an earlier life kept under a name of every object is not one. */
function own(kept: Readonly<Record<string, unknown>>, field: string): unknown {
  return Object.hasOwn(kept, field) ? kept[field] : undefined;
}

/** The state as it was kept, field by field as far as each has its form. */
export function readState<State extends object>(kept: unknown, first: State, readers: Readers<State>): State {
  if (!isRecord(kept)) return first;
  const fields = Object.keys(readers) as (keyof State & string)[];
  const read = <Field extends keyof State & string>(field: Field) => readers[field](own(kept, field), first[field]);
  return Object.fromEntries(fields.map((field) => [field, read(field)])) as State;
}

/** A state within a state. */
export function record<State extends object>(readers: Readers<State>): Reader<State> {
  return (kept, otherwise) => readState(kept, otherwise, readers);
}

/** Any text. */
export const text: Reader<string> = (kept, otherwise) => (typeof kept === 'string' ? kept : otherwise);

/** True or false. */
export const flag: Reader<boolean> = (kept, otherwise) => (typeof kept === 'boolean' ? kept : otherwise);

/** A finite number that `accepts` passes. */
export function number(accepts: (value: number) => boolean = () => true): Reader<number> {
  return (kept, otherwise) => (typeof kept === 'number' && Number.isFinite(kept) && accepts(kept) ? kept : otherwise);
}

/** A list of nothing but texts; one that is none spoils all, for places in it may mean something. */
export const texts: Reader<readonly string[]> = (kept, otherwise) =>
  Array.isArray(kept) && kept.every((item) => typeof item === 'string') ? kept : otherwise;

/** A list of nothing but finite numbers. */
export const numbers: Reader<readonly number[]> = (kept, otherwise) =>
  Array.isArray(kept) && kept.every((item) => typeof item === 'number' && Number.isFinite(item)) ? kept : otherwise;

/** One of these names. */
export function oneOf<const Value extends string>(values: readonly Value[]): Reader<Value> {
  return (kept, otherwise) => values.find((value) => value === kept) ?? otherwise;
}

/** Those of `values` that were kept, in the order of `values`. */
export function someOf<const Value extends string>(values: readonly Value[]): Reader<readonly Value[]> {
  return (kept, otherwise) => (Array.isArray(kept) ? values.filter((value) => kept.includes(value)) : otherwise);
}

/** Entries under any name whose values pass; the others are left out. */
export function entries<Value>(passes: (value: unknown) => value is Value): Reader<Readonly<Record<string, Value>>> {
  return (kept, otherwise) =>
    isRecord(kept) ? Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, Value] => passes(entry[1]))) : otherwise;
}

/** A value or `null`; `null` too where the value's form is wrong. */
export function nullable<Value>(read: (kept: unknown) => Value | null): Reader<Value | null> {
  return (kept, otherwise) => (kept === undefined ? otherwise : read(kept));
}

/** What a table is sorted by. */
export interface Sorting<Column extends string = string> {
  readonly column: Column;
  readonly descending: boolean;
}

/** Without `columns` every name is one: a table whose columns differ from model to model leaves out what it does not have. */
export function sorting(): Reader<Sorting | null>;
export function sorting<const Column extends string>(columns: readonly Column[]): Reader<Sorting<Column> | null>;
export function sorting(columns?: readonly string[]): Reader<Sorting | null> {
  return nullable((kept) => {
    if (!isRecord(kept)) return null;
    const [column, descending] = [own(kept, 'column'), own(kept, 'descending')];
    if (typeof column !== 'string' || typeof descending !== 'boolean') return null;
    return columns === undefined || columns.includes(column) ? { column, descending } : null;
  });
}

/** What the person chose in a view; kept until the editor tab is closed, and over a reload of the window. */
export class Kept<State extends object> {
  private current: State;

  constructor(
    private readonly key: string,
    first: State,
    readers: Readers<State>,
  ) {
    this.current = readState(savedState(key), first, readers);
  }

  get state(): State {
    return this.current;
  }

  update(change: Partial<State>): void {
    this.current = { ...this.current, ...change };
    saveState(this.key, this.current);
  }
}
