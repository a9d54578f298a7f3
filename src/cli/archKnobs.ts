import type { ArchitectureRequest, FamilySummary, KnobInfo, Knobs, KnobValue } from '../protocol';
import { UsageError } from './options';

/** A variant's or family's name with the knobs that `--knob name=value` gives, read as their kinds. */
export function requestOf(
  families: readonly FamilySummary[],
  name: string,
  knobs: readonly string[],
): { readonly request: ArchitectureRequest; readonly family: FamilySummary } {
  const lower = name.toLowerCase();
  const family =
    families.find(({ variants }) => variants.some((variant) => variant.name.toLowerCase() === lower)) ??
    families.find((one) => one.name.toLowerCase() === lower);
  if (!family) {
    const near = families
      .flatMap(({ variants }) => variants.map((variant) => variant.name))
      .filter((one) => one.toLowerCase().includes(lower));
    const hint = near.length > 0 ? ` Names with it: ${near.slice(0, 8).join('; ')}.` : '';
    throw new UsageError(`There is no reference system "${name}".${hint} "model-loupe arch list" names them all.`);
  }
  return { request: { family: family.name, variant: name, knobs: readKnobs(family, knobs) }, family };
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

export function knobText(value: KnobValue): string {
  return typeof value === 'object' ? value.join(',') : String(value);
}
