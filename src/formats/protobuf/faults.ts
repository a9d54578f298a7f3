import { FormatError, LIMITS, LimitError } from '../../bytes';

/** Where in the nesting of messages a scan stands. */
export interface Path {
  readonly name: string;
  readonly above: Path | null;
}

/** `graph.initializer.raw_data` */
export function pathText(path: Path | null, field?: string): string {
  const names = field === undefined ? [] : [field];
  for (let at = path; at !== null; at = at.above) if (at.name !== '') names.unshift(at.name);
  return names.join('.') || 'its first field';
}

/** The file ends inside a field. */
export function truncated(size: number, path: Path | null, field: string | undefined, needed: number): FormatError {
  const name = pathText(path, field);
  return new FormatError(`The file is truncated: it ends at byte ${size} inside ${name}, which goes on to byte ${needed} or further.`, {
    offset: size,
    field: name,
  });
}

/** A byte that cannot stand where it does. */
export function damaged(offset: number, path: Path | null, field: string | undefined, what: string): FormatError {
  const name = pathText(path, field);
  return new FormatError(`The file is damaged at byte ${offset}, in ${name}: ${what}.`, { offset, field: name });
}

/** Decodes what the scan has checked; all that can still be wrong is a number of more than 64 bits in a list. */
export function orDamaged<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof LimitError) throw error;
    throw new FormatError(`The file is damaged: ${error instanceof Error ? error.message : error}.`);
  }
}

/** Messages nested deeper than `LIMITS.messageDepth`. */
export function tooDeep(offset: number, path: Path | null): LimitError {
  return new LimitError(
    `The model nests more than ${LIMITS.messageDepth} messages at byte ${offset}, in ${pathText(path)}; no tool reads such a file.`,
    { name: 'messageDepth', value: LIMITS.messageDepth },
  );
}
