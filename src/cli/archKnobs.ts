import { type ArchitectureRequest, type FamilySummary, type KnobInfo, type Knobs, type KnobValue, meantBy } from '../protocol';
import { UsageError } from './options';

/** A variant's or family's name with the knobs that `--knob name=value` gives, read as their kinds. */
export function requestOf(
  families: readonly FamilySummary[],
  name: string,
  knobs: readonly string[],
): { readonly request: ArchitectureRequest; readonly family: FamilySummary } {
  const found = meantBy(families, name);
  if (!found)
    throw new UsageError(`There is no reference system "${name}".${hint(families, name)} "model-loupe arch list" names them all.`);
  const { family, variant } = found;
  return { request: { family: family.name, variant: variant?.name ?? family.name, knobs: readKnobs(family, knobs) }, family };
}

function hint(families: readonly FamilySummary[], name: string): string {
  const near = families
    .flatMap(({ variants }) => variants.map((variant) => variant.name))
    .filter((one) => one.toLowerCase().includes(name.toLowerCase()));
  return near.length > 0 ? ` Names with it: ${near.slice(0, 8).join('; ')}.` : '';
}

/**
 * Options that a command does not have are knobs by their names: `--imageSize
 * 384`, `--image-size=384`, `--relative`. Returns them as `--knob NAME=VALUE`.
 */
export function knobsAsOptions(args: readonly string[], options: readonly string[]): readonly string[] {
  const own = new Set(options.map((name) => `--${name}`));
  const rewritten: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const [word = '', value] = splitOnce(args[at] ?? '');
    // After this there are names only.
    if (word === '--') return [...rewritten, ...args.slice(at)];
    if (!word.startsWith('--') || own.has(word)) {
      rewritten.push(args[at] ?? '');
      // The value of an option of the command's own is no knob, whatever it begins with.
      if (own.has(word) && value === undefined && args[at + 1] !== undefined && word !== '--json') rewritten.push(args[++at] ?? '');
      continue;
    }
    const next = args[at + 1];
    const taken = value ?? (next === undefined || next.startsWith('--') ? 'true' : next);
    if (value === undefined && taken === next) at++;
    rewritten.push('--knob', `${camelCase(word.slice(2))}=${taken}`);
  }
  return rewritten;
}

function splitOnce(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function readKnobs(family: FamilySummary, texts: readonly string[]): Knobs {
  return Object.fromEntries(
    texts.map((text) => {
      const split = text.indexOf('=');
      const name = text.slice(0, Math.max(0, split));
      const knob = family.knobs.find((one) => one.name === name);
      if (split <= 0) throw new UsageError(`--knob ${text} is not NAME=VALUE.`);
      if (!knob) throw new UsageError(`${family.name} has no knob "${name}"; it has ${family.knobs.map((one) => one.name).join(', ')}.`);
      return [name, readKnob(knob, text.slice(split + 1))];
    }),
  );
}

function readKnob(knob: KnobInfo, text: string): KnobValue {
  const wrong = () => new UsageError(`--knob ${knob.name}=${text}: "${knob.name}" takes ${range(knob)}.`);
  switch (knob.kind) {
    case 'integer':
    case 'number':
      if (text === '' || Number.isNaN(Number(text))) throw wrong();
      return Number(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw wrong();
      return text === 'true';
    case 'choice':
      return text;
    case 'integers': {
      const list = text.split(',').map(Number);
      if (list.some(Number.isNaN)) throw wrong();
      return list;
    }
    default:
      return knob satisfies never;
  }
}

/** What a knob takes, in a few words. */
export function range(knob: KnobInfo): string {
  switch (knob.kind) {
    case 'integer':
    case 'number':
      return `${knob.minimum} to ${knob.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return knob.choices.join(', ');
    case 'integers':
      return `numbers from ${knob.minimum} to ${knob.maximum}, with commas`;
    default:
      return knob satisfies never;
  }
}

/** A setting as `--set` takes it: `3,4,6,3` for a list. */
export function knobText(value: KnobValue): string {
  return typeof value === 'object' ? value.join(',') : String(value);
}
