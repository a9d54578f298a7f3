import type { KnobInfo, Knobs, KnobValue } from '../../src/protocol';
import { t } from './strings';

/** What stands in the form's fields, by knob: the text of a field, or whether a box is checked. */
export type Edits = Readonly<Record<string, string | boolean>>;

/** The value of each knob before the person changes one: defaults, then the variant's own. */
export function baseKnobs(knobs: readonly KnobInfo[], variant: Knobs): Knobs {
  return Object.fromEntries(knobs.map((knob) => [knob.name, variant[knob.name] ?? knob.default]));
}

/** A value as its field shows it. */
export function fieldText(value: KnobValue): string {
  return typeof value === 'object' ? value.join(', ') : String(value);
}

/** A value in words, for tooltips. */
export function valueText(value: KnobValue): string {
  if (typeof value === 'boolean') return value ? t.on : t.off;
  return fieldText(value) || t.none;
}

/** A knob's limits as a sentence; `''` where it has none. */
export function rangeText(knob: KnobInfo): string {
  if (knob.kind === 'boolean' || knob.kind === 'choice') return '';
  const [minimum, maximum] = [grouped(knob.minimum), grouped(knob.maximum)];
  return knob.kind === 'integers' ? t.ranges(minimum, maximum) : t.range(minimum, maximum);
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}

/** The value a field's content means; `null` where it is none. Whether it is in range the engine says. */
export function readField(knob: KnobInfo, content: string | boolean): KnobValue | null {
  if (knob.kind === 'boolean') return content === true;
  const text = String(content).trim();
  switch (knob.kind) {
    case 'choice':
      return text;
    case 'integer':
    case 'number':
      return text === '' || !Number.isFinite(Number(text)) ? null : Number(text);
    case 'integers': {
      const numbers = text.split(/[\s,;]+/).filter((part) => part !== '');
      return numbers.every((part) => /^-?\d+$/.test(part)) ? numbers.map(Number) : null;
    }
    default:
      return knob satisfies never;
  }
}

/** What the edits come to. */
export interface KnobChanges {
  /** Knobs that differ from the base. */
  readonly changed: Knobs;
  /** Names of knobs whose field holds something else than at first, readable or not. */
  readonly marked: ReadonlySet<string>;
  /** One sentence about the first field that holds no value; `''` where all do. */
  readonly problem: string;
}

/** Reads what was typed over the knobs of the chosen variant, and holds it against them. */
export function changesOf(knobs: readonly KnobInfo[], base: Knobs, edits: Edits): KnobChanges {
  const changed: Record<string, KnobValue> = {};
  const marked = new Set<string>();
  let problem = '';
  for (const knob of knobs) {
    const content = edits[knob.name];
    if (content === undefined) continue;
    const value = readField(knob, content);
    if (value !== null && JSON.stringify(value) === JSON.stringify(base[knob.name])) continue;
    marked.add(knob.name);
    if (value !== null) changed[knob.name] = value;
    else problem ||= problemOf(knob);
  }
  return { changed, marked, problem };
}

function problemOf(knob: KnobInfo): string {
  if (knob.kind === 'integers') return t.needsIntegers(knob.name);
  return knob.kind === 'integer' ? t.needsInteger(knob.name, rangeText(knob)) : t.needsNumber(knob.name, rangeText(knob));
}

/** The knobs that a sentence names in quotes, as the engine's do. */
export function namedKnobs(knobs: readonly KnobInfo[], sentence: string): ReadonlySet<string> {
  return new Set(knobs.map(({ name }) => name).filter((name) => sentence.includes(`"${name}"`)));
}
