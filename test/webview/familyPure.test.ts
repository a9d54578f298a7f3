import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/architectures/registry';
import type { KnobInfo } from '../../src/protocol';
import { baseKnobs, changesOf, namedKnobs, readField } from '../../webview/family/knobs';
import { conventionFactor, deviationOf, parsePrinted } from '../../webview/family/printed';
import { publishedOf } from '../../webview/family/rows';

describe('printed figures', () => {
  it.each([
    ['25.6M', 25.6e6, 0.1e6],
    ['4.089G', 4.089e9, 1e6],
    ['1521B', 1521e9, 1e9],
    ['97M', 97e6, 1e6],
    ['0.51G', 0.51e9, 0.01e9],
  ])('%s is read with the worth of its last digit', (text, value, step) => {
    const printed = parsePrinted(text);
    expect((printed?.steps ?? 0) * (printed?.step ?? 0)).toBeCloseTo(value, 0);
    expect(printed?.step).toBeCloseTo(step, 0);
  });

  it('that are none are left out', () => {
    for (const text of [null, '', 'about 3M', '3 to 4G']) expect(parsePrinted(text)).toBeNull();
  });

  it('in 2 x MACs are halved, however the convention is spelt', () => {
    expect([conventionFactor('2xMACs'), conventionFactor('2 x MACs'), conventionFactor('MACs'), conventionFactor(null)]).toEqual([
      2, 2, 1, 1,
    ]);
    const printed = parsePrinted('8.2G', 2);
    expect(deviationOf(4_089_184_256, { printed, exact: null, tolerance: null })).toMatchObject({ agrees: true });
  });

  it('agree when ours rounds to them or is cut to them, and not otherwise', () => {
    const against = (counted: number) => deviationOf(counted, { printed: parsePrinted('25.5M'), exact: null, tolerance: null }).agrees;
    expect([25_449_999, 25_450_000, 25_557_032, 25_599_999, 25_600_000].map(against)).toEqual([false, true, true, true, false]);
  });

  it('do not hide that an exact count is missed', () => {
    const published = { printed: parsePrinted('26M'), exact: 25_557_032, tolerance: 0 };
    expect(deviationOf(25_557_032, published).agrees).toBe(true);
    expect(deviationOf(25_557_033, published).agrees).toBe(false);
    expect(deviationOf(25_557_033, { ...published, tolerance: 0.001 }).agrees).toBe(true);
  });

  it('are the exact count where nothing is printed', () => {
    expect(deviationOf(110, { printed: null, exact: 100, tolerance: 0 })).toEqual({ difference: 0.1, agrees: false });
    expect(deviationOf(110, { printed: null, exact: null, tolerance: null })).toEqual({ difference: null, agrees: true });
  });

  const records = FAMILIES.flatMap(({ variants }) => variants.flatMap(({ published }) => published ?? []));
  it.each(records.map((record) => [record.variant, record] as const))(
    'of %s can be read, and have a note where they are missed',
    (_name, record) => {
      for (const measure of ['parameters', 'macs'] as const) {
        const published = publishedOf(record, measure);
        const text = measure === 'parameters' ? record.printedParameters : record.printedCost;
        expect(published.printed === null).toBe(text === null);
        if (record[measure] !== null && !deviationOf(record[measure], published).agrees) expect(record.note ?? '').not.toBe('');
      }
    },
  );
});

const KNOBS: readonly KnobInfo[] = [
  { name: 'heads', kind: 'integer', default: 8, minimum: 1, maximum: 128, doc: '' },
  { name: 'kappa', kind: 'number', default: 0.2, minimum: 0, maximum: 4, doc: '' },
  { name: 'stages', kind: 'integers', default: [2, 3], minimum: 1, maximum: 4, doc: '' },
  { name: 'relative', kind: 'boolean', default: true, doc: '' },
  { name: 'layout', kind: 'choice', default: 'C', choices: ['C', 'T'], doc: '' },
];
const [HEADS, KAPPA, STAGES] = KNOBS as readonly [KnobInfo, KnobInfo, KnobInfo];

describe('fields of knobs', () => {
  it('hold numbers and lists however they are written', () => {
    expect(readField(HEADS, ' 12 ')).toBe(12);
    expect(readField(HEADS, '')).toBeNull();
    expect(readField(HEADS, 'twelve')).toBeNull();
    expect(readField(KAPPA, '0.25')).toBe(0.25);
    expect(readField(STAGES, '3,4 , 23;3')).toEqual([3, 4, 23, 3]);
    expect(readField(STAGES, '')).toEqual([]);
    expect(readField(STAGES, '3, 1.5')).toBeNull();
  });

  it('change only what differs from the variant', () => {
    const base = baseKnobs(KNOBS, { heads: 4 });
    expect(base).toEqual({ heads: 4, kappa: 0.2, stages: [2, 3], relative: true, layout: 'C' });
    const { changed, marked, problem } = changesOf(KNOBS, base, {
      heads: '4.0',
      stages: '2 3',
      relative: false,
      layout: 'T',
      kappa: '0.3',
    });
    expect(changed).toEqual({ kappa: 0.3, relative: false, layout: 'T' });
    expect([...marked]).toEqual(['kappa', 'relative', 'layout']);
    expect(problem).toBe('');
  });

  it('that hold no value are a problem in one sentence', () => {
    const { changed, marked, problem } = changesOf(KNOBS, baseKnobs(KNOBS, {}), { heads: '', kappa: '1' });
    expect(problem).toBe('"heads" takes a whole number: 1 to 128.');
    expect([...marked]).toEqual(['heads', 'kappa']);
    expect(changed).toEqual({ kappa: 1 });
    expect([...namedKnobs(KNOBS, problem)]).toEqual(['heads']);
  });
});
