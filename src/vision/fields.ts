import { FormatError } from '../bytes';
import { parseJson } from '../text';
import { MAX_EDGE } from './imageInput';

/** Typed reading of one JSON object; every complaint names the file and the field. */
export class Fields {
  constructor(
    private readonly record: Readonly<Record<string, unknown>>,
    readonly file: string,
    private readonly path = '',
  ) {}

  /** @throws FormatError when the text is no JSON object. */
  static parse(text: string, file: string): Fields {
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (error) {
      throw new FormatError(`${file} is no JSON that can be read: ${(error as Error).message}.`, { format: 'JSON' });
    }
    if (!isRecord(value)) throw new FormatError(`${file} holds no JSON object.`, { format: 'JSON' });
    return new Fields(value, file);
  }

  /** The same, but `null` when the text is no JSON object: for files that need not be meant for us. */
  static tryParse(text: string, file: string): Fields | null {
    try {
      return Fields.parse(text, file);
    } catch (error) {
      if (error instanceof FormatError) return null;
      throw error;
    }
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  /** The value, `undefined` where the field is absent or null. */
  raw(name: string): unknown {
    return Object.hasOwn(this.record, name) ? (this.record[name] ?? undefined) : undefined;
  }

  string(name: string): string | undefined {
    const value = this.raw(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** `fallback` where the field is absent. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.raw(name);
    if (value === undefined) return fallback;
    if (typeof value !== 'boolean') throw this.wrong(name, 'true or false');
    return value;
  }

  number(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.wrong(name, 'a number');
    return value;
  }

  /** A length in pixels. */
  edge(name: string): number | undefined {
    const value = this.number(name);
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1 || value > MAX_EDGE)) {
      throw this.wrong(name, `a whole number of pixels from 1 to ${MAX_EDGE}`);
    }
    return value;
  }

  /** One to four numbers; a single number counts as a list of one. */
  numbers(name: string, expected = 'one number per channel'): readonly number[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length < 1 || list.length > 4 || !list.every((item) => typeof item === 'number' && Number.isFinite(item))) {
      throw this.wrong(name, expected);
    }
    return list as readonly number[];
  }

  object(name: string): Fields | undefined {
    const value = this.raw(name);
    return isRecord(value) ? new Fields(value, this.file, `${this.path}${name}.`) : undefined;
  }

  keys(): readonly string[] {
    return Object.keys(this.record);
  }

  wrong(name: string, expected: string): FormatError {
    const field = `${this.path}${name}`;
    const found = (JSON.stringify(this.raw(name)) ?? 'nothing').slice(0, 80);
    return new FormatError(`${this.file}: ${field} must be ${expected}, not ${found}.`, { format: 'JSON', field });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
