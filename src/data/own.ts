/**
 * What a record holds under a name that a file or a person supplies: own entries only, so that a value called
 * `constructor` or `__proto__` finds nothing of `Object.prototype`. Writing goes through a Map and
 * `Object.fromEntries`, which makes `__proto__` an entry like any other.
 */
export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
