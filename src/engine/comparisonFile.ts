import type { Knobs } from '../protocol';
import { parseJson } from '../text';
import { UserError } from './errors';

/** Models in one file: more would be a slip of the keyboard. */
export const MAX_MODELS = 500;

/** One model of a `.loupe.json` (schemas/loupe.schema.json). */
export type LoupeEntry =
  | { readonly kind: 'file'; readonly file: string; readonly label: string; readonly bindings: Readonly<Record<string, number>> }
  | { readonly kind: 'architecture'; readonly variant: string; readonly label: string; readonly knobs: Knobs }
  /** What stands in the entry's place, and what is wrong with it. */
  | { readonly kind: 'wrong'; readonly label: string; readonly error: string };

/** A `.loupe.json` as it was read. */
export interface LoupeFile {
  readonly entries: readonly LoupeEntry[];
  /** Place in `entries`. */
  readonly baseline: number;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a comparison file. An entry that is wrong stays in its place and says so.
 * @throws UserError when the file as a whole is no comparison.
 */
export function parseLoupe(text: string): LoupeFile {
  const content = parseContent(text);
  if (!isRecord(content) || !Array.isArray(content['models'])) {
    throw new UserError('A comparison file is an object with a list "models"; open it as text to correct it.');
  }
  const models: readonly unknown[] = content['models'];
  if (models.length > MAX_MODELS) throw new UserError(`A comparison holds at most ${MAX_MODELS} models; this file names ${models.length}.`);
  const entries = models.map(parseEntry);
  return { entries, baseline: baselineOf(content['baseline'], entries) };
}

function parseContent(text: string): unknown {
  if (text.trim() === '') return { models: [] };
  try {
    return parseJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`The file is not valid JSON (${reason}); open it as text to correct it.`);
  }
}

function parseEntry(value: unknown, index: number): LoupeEntry {
  const place = `models[${index}]`;
  if (typeof value === 'string') return fileEntry(value, '', {}, place);
  if (!isRecord(value)) return wrong(place, `${place} is neither a path nor an object with "file" or "architecture".`);
  const { file, architecture, label = '', bindings = {}, knobs = {} } = value;
  if (typeof label !== 'string') return wrong(place, `The label of ${place} is not a text.`);
  if (typeof file === 'string') {
    const bad = isRecord(bindings) ? Object.entries(bindings).find(([, size]) => !isSize(size)) : ['bindings'];
    if (bad) return wrong(label || file, `The binding "${bad[0]}" of ${place} is not a whole number from 1.`);
    return fileEntry(file, label, bindings as Readonly<Record<string, number>>, place);
  }
  if (typeof architecture === 'string' && architecture !== '') {
    const bad = isRecord(knobs) ? Object.entries(knobs).find(([, knob]) => !isKnob(knob)) : ['knobs'];
    if (bad) return wrong(label || architecture, `The knob "${bad[0]}" of ${place} is not a number, text, truth value or list of numbers.`);
    return { kind: 'architecture', variant: architecture, label: label || architecture, knobs: knobs as Knobs };
  }
  return wrong(label || place, `${place} names neither a "file" nor an "architecture".`);
}

function fileEntry(file: string, label: string, bindings: Readonly<Record<string, number>>, place: string): LoupeEntry {
  if (file === '') return wrong(label || place, `${place} names no file.`);
  if (/^([/\\]|[A-Za-z]:|[A-Za-z][\w+.-]*:\/)/.test(file)) {
    return wrong(label || file, `"${file}" is not relative to the comparison file; write the path from its folder.`);
  }
  return { kind: 'file', file: file.replaceAll('\\', '/'), label: label || (file.split(/[\\/]/).at(-1) ?? file), bindings };
}

function wrong(label: string, error: string): LoupeEntry {
  return { kind: 'wrong', label, error };
}

function baselineOf(value: unknown, entries: readonly LoupeEntry[]): number {
  const index = typeof value === 'string' ? entries.findIndex(({ label }) => label === value) : value;
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < entries.length ? index : 0;
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function isKnob(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'number');
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How an edit changes the list of models. */
export type LoupeEdit =
  | { readonly kind: 'add'; readonly entries: readonly LoupeEntry[] }
  | { readonly kind: 'remove'; readonly index: number }
  | { readonly kind: 'baseline'; readonly index: number };

/** The file's text after an edit; whatever else stands in it is kept. */
export function editLoupe(text: string, edit: LoupeEdit): string {
  const { baseline } = parseLoupe(text);
  const content = parseContent(text) as Json & { readonly models: readonly unknown[] };
  if (edit.kind === 'add') return written({ ...content, models: [...content.models, ...edit.entries.map(writeEntry)] });
  if (edit.kind === 'baseline') return written({ ...content, baseline: edit.index });
  const models = content.models.filter((_, index) => index !== edit.index);
  if (content['baseline'] === undefined) return written({ ...content, models });
  const shifted = edit.index === baseline ? 0 : edit.index < baseline ? baseline - 1 : baseline;
  return written({ ...content, models, baseline: shifted });
}

/** A new file with these models. */
export function newLoupe(entries: readonly LoupeEntry[], baseline: number): string {
  return written({ models: entries.map(writeEntry), ...(baseline > 0 ? { baseline } : {}) });
}

function writeEntry(entry: LoupeEntry): unknown {
  if (entry.kind === 'wrong') return entry.label;
  const settings = entry.kind === 'file' ? { bindings: entry.bindings } : { knobs: entry.knobs };
  const used = Object.fromEntries(Object.entries(settings).filter(([, value]) => Object.keys(value).length > 0));
  const name = entry.kind === 'file' ? (entry.file.split('/').at(-1) ?? '') : entry.variant;
  const label = entry.label === '' || entry.label === name ? {} : { label: entry.label };
  if (entry.kind === 'architecture') return { architecture: entry.variant, ...label, ...used };
  return Object.keys(used).length + Object.keys(label).length === 0 ? entry.file : { file: entry.file, ...label, ...used };
}

function written(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
