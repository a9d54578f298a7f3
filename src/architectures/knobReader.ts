import { UserError } from '../bytes';
import type { Knob, Knobs, KnobValue } from './family';

/** Values of a family's knobs, defaults filled in, each of its declared kind and within its range. */
export class KnobReader {
  private readonly values: ReadonlyMap<string, KnobValue>;

  /** @throws UserError naming the family, the knob and what it takes. */
  constructor(
    private readonly family: string,
    knobs: readonly Knob[],
    given: Knobs,
  ) {
    const known = new Map(knobs.map((knob) => [knob.name, knob]));
    const stranger = Object.keys(given).find((name) => !known.has(name));
    if (stranger !== undefined) throw new UserError(`${family} has no knob "${stranger}"; it has ${[...known.keys()].join(', ')}.`);
    this.values = new Map(knobs.map((knob) => [knob.name, this.checked(knob, given[knob.name] ?? knob.default)]));
  }

  number(name: string): number {
    const value = this.value(name);
    if (typeof value !== 'number') throw new Error(`${name} is no number`);
    return value;
  }

  boolean(name: string): boolean {
    return this.value(name) === true;
  }

  choice<Choice extends string>(name: string): Choice {
    return this.value(name) as Choice;
  }

  integers(name: string): readonly number[] {
    const value = this.value(name);
    if (typeof value !== 'object') throw new Error(`${name} is no list`);
    return value;
  }

  /** A list of exactly `length` integers. */
  integersOf(name: string, length: number): readonly number[] {
    const value = this.integers(name);
    if (value.length !== length) throw this.error(`"${name}" takes ${length} numbers, not ${value.length}`);
    return value;
  }

  /** A sentence about knobs that do not fit, to throw. */
  error(what: string): UserError {
    return new UserError(`${this.family}: ${what}.`);
  }

  private value(name: string): KnobValue {
    const value = this.values.get(name);
    if (value === undefined) throw new Error(`${this.family} declares no knob ${name}`);
    return value;
  }

  private checked(knob: Knob, value: KnobValue): KnobValue {
    if (!fits(knob, value)) throw this.error(`"${knob.name}" takes ${expected(knob)}, not ${shown(value)}`);
    return value;
  }
}

function fits(knob: Knob, value: KnobValue): boolean {
  switch (knob.kind) {
    case 'integer':
      return Number.isSafeInteger(value) && within(knob, value);
    case 'number':
      return within(knob, value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && knob.choices.includes(value);
    case 'integers':
      return Array.isArray(value) && value.every((one: number) => Number.isSafeInteger(one) && within(knob, one));
    default:
      return knob satisfies never;
  }
}

function within({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }, value: KnobValue): boolean {
  return typeof value === 'number' && value >= minimum && value <= maximum;
}

function expected(knob: Knob): string {
  switch (knob.kind) {
    case 'integer':
      return `a whole number from ${knob.minimum} to ${knob.maximum}`;
    case 'number':
      return `a number from ${knob.minimum} to ${knob.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return listed(knob.choices);
    case 'integers':
      return `a list of whole numbers from ${knob.minimum} to ${knob.maximum}`;
    default:
      return knob satisfies never;
  }
}

/** `"a", "b" or "c"`. */
function listed(choices: readonly string[]): string {
  const quoted = choices.map((choice) => `"${choice}"`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

/** As JSON, but NaN by its name. */
function shown(value: KnobValue): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
