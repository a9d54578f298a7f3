import { parseJson } from '../text';
import { Fields } from './fields';
import { parsePythonNames } from './pythonNames';

/** The metadata key that Model Loupe documents: a JSON array of names, one per class. */
export const LABELS_KEY = 'model_loupe.labels';
const OTHER_KEYS = ['names', 'classes', 'labels', 'class_names', 'id2label'];

/** Where class names may stand, as far as it was found. */
export interface LabelSources {
  /** Text of a file with one name per line. */
  readonly list?: { readonly file: string; readonly text: string } | undefined;
  readonly config?: { readonly file: string; readonly text: string } | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Class names by index. */
export interface Labels {
  readonly names: readonly string[];
  /** Where they come from; `''` when there are none. */
  readonly source: string;
}

/** Of a model whose classes nothing names. */
export const NO_LABELS: Labels = { names: [], source: '' };

/**
 * Class names: from the model's own `model_loupe.labels`, else `id2label` of
 * `config.json`, else a list file, else other metadata.
 */
export function chooseLabels({ list, config, metadata }: LabelSources): Labels {
  const own = metadata[LABELS_KEY];
  if (own !== undefined) return { names: parseNames(own), source: 'model metadata' };
  const fromConfig = config ? namesFromConfig(config.text, config.file) : [];
  if (config && fromConfig.length > 0) return { names: fromConfig, source: config.file };
  const lines = list ? namesFromLines(list.text) : [];
  if (list && lines.length > 0) return { names: lines, source: list.file };
  for (const key of OTHER_KEYS) {
    const names = parseNames(metadata[key] ?? '');
    if (names.length > 0) return { names, source: 'model metadata' };
  }
  return NO_LABELS;
}

/** Names for exactly `classes` outputs; 1001 classes with 1000 names have a background class first. `null` when they do not fit. */
export function fitLabels(names: readonly string[], classes: number): readonly string[] | null {
  if (names.length === classes) return names;
  if (classes === 1001 && names.length === 1000) return ['background', ...names];
  return null;
}

function namesFromConfig(text: string, file: string): readonly string[] {
  const fields = Fields.tryParse(text, file);
  const map = fields?.object('id2label');
  if (map) return byIndex(map.keys().map((key) => [key, map.raw(key)]));
  const names = fields?.raw('label_names');
  return Array.isArray(names) ? names.map(String) : [];
}

/** WordNet ids in front (`n01440764 tench`) and a line's own number (`0: tench`, `0,tench`) are not part of the name. */
function namesFromLines(text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const numbered = lines.length > 1 && lines.every((line, index) => new RegExp(`^\\s*${index}\\s*[:,\\t ]`).test(line));
  return lines.map((line) =>
    line
      .replace(numbered ? /^\s*\d+\s*[:,\t ]\s*/ : /^/, '')
      .replace(/^n\d{8}[\s,:]+/, '')
      .trim(),
  );
}

/** A JSON array or object, Python's way of writing a dict or list, or names between commas or line ends. */
function parseNames(text: string): readonly string[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (!/^[[{]/.test(trimmed)) return trimmed.split(trimmed.includes('\n') ? '\n' : ',').map((name) => name.trim());
  try {
    const value = parseJson(trimmed);
    if (Array.isArray(value)) return value.map(String);
    return typeof value === 'object' && value !== null ? byIndex(Object.entries(value)) : [];
  } catch {
    // Not JSON: Ultralytics stores the text of a Python dict.
    return byIndex(parsePythonNames(trimmed));
  }
}

/** Entries by number, `[]` unless they are exactly 0, 1, 2...; also accepts `{name: index}`. */
function byIndex(entries: readonly (readonly [string, unknown])[]): readonly string[] {
  const names: string[] = [];
  for (const [key, value] of entries) {
    const [index, name] = typeof value === 'number' ? [value, key] : [Number(key), String(value)];
    if (!Number.isInteger(index) || index < 0 || index >= entries.length) return [];
    names[index] = name;
  }
  return Object.keys(names).length === entries.length ? names : [];
}
