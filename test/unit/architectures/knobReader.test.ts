import { describe, expect, it } from 'vitest';
import type { Knob } from '../../../src/architectures/family';
import { KnobReader } from '../../../src/architectures/knobReader';
import { UserError } from '../../../src/bytes';

const KNOBS: readonly Knob[] = [
  { name: 'depth', kind: 'integer', default: 3, minimum: 1, maximum: 9, doc: '' },
  { name: 'ratio', kind: 'number', default: 0.5, minimum: 0, maximum: 1, doc: '' },
  { name: 'bias', kind: 'boolean', default: true, doc: '' },
  { name: 'form', kind: 'choice', default: 'a', choices: ['a', 'b'], doc: '' },
  { name: 'stages', kind: 'integers', default: [1, 2], minimum: 0, maximum: 4, doc: '' },
];
const read = (given: Record<string, number | string | boolean | readonly number[]>) => new KnobReader('Net', KNOBS, given);

describe('KnobReader', () => {
  it('fills in what is not given', () => {
    const knobs = read({ ratio: 1 });
    expect([knobs.number('depth'), knobs.number('ratio'), knobs.boolean('bias'), knobs.choice('form')]).toEqual([3, 1, true, 'a']);
    expect(knobs.integersOf('stages', 2)).toEqual([1, 2]);
    expect(read({ bias: false, stages: [] }).boolean('bias')).toBe(false);
  });

  it.each([
    [{ depth: 2.5 }, 'Net: "depth" takes a whole number from 1 to 9, not 2.5.'],
    [{ depth: 10 }, 'Net: "depth" takes a whole number from 1 to 9, not 10.'],
    [{ depth: 'three' }, 'Net: "depth" takes a whole number from 1 to 9, not "three".'],
    [{ ratio: Number.NaN }, 'Net: "ratio" takes a number from 0 to 1, not NaN.'],
    [{ bias: 1 }, 'Net: "bias" takes true or false, not 1.'],
    [{ form: 'c' }, 'Net: "form" takes "a" or "b", not "c".'],
    [{ stages: [5] }, 'Net: "stages" takes a list of whole numbers from 0 to 4, not [5].'],
    [{ stages: 2 }, 'Net: "stages" takes a list of whole numbers from 0 to 4, not 2.'],
    [{ width: 2 }, 'Net has no knob "width"; it has depth, ratio, bias, form, stages.'],
    [{ constructor: 2 }, 'Net has no knob "constructor"; it has depth, ratio, bias, form, stages.'],
  ])('refuses %j in a sentence', (given, message) => {
    expect(() => read(given)).toThrow(UserError);
    expect(() => read(given)).toThrow(message);
  });
});
