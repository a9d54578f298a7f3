import { describe, expect, it } from 'vitest';
import type { PublishedRecord } from '../../../src/architectures/family';
import { FAMILIES } from '../../../src/architectures/registry';

const UNITS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, B: 1e9 };

/** True where a figure rounds, or is cut, to what is printed. */
function prints(figure: number | null, printed: string | null, factor = 1): boolean {
  const found = /^([\d.]+)([KMGB])$/.exec(printed ?? '');
  if (figure === null || !found) return printed === null || figure === null;
  const [, digits = '', unit = ''] = found;
  const decimals = digits.split('.')[1]?.length ?? 0;
  const value = (factor * figure) / (UNITS[unit] ?? Number.NaN);
  return value.toFixed(decimals) === digits || Math.floor(value * 10 ** decimals) === Math.round(Number(digits) * 10 ** decimals);
}

/** What the record prints but its counted figures do not reach. */
function unreached({ parameters, macs, printedParameters, printedCost, convention }: PublishedRecord): boolean {
  return !prints(parameters, printedParameters) || !prints(macs, printedCost, convention?.startsWith('2') ? 2 : 1);
}

const RECORDS = FAMILIES.flatMap(({ name, variants }) =>
  variants.flatMap(({ published }) => (published ? [[`${name}: ${published.variant}`, published] as const] : [])),
);

describe('published records', () => {
  it.each(RECORDS)('%s names its source', (_name, { source, status, inputShape }) => {
    expect(source).toMatch(/arXiv \d{4}\.\d{5}|\w+\/\w+/);
    expect(status).toMatch(/^(confirmed|computed|unverified)( \/ (confirmed|computed|unverified))?$/);
    expect(Object.values(inputShape).length).toBeGreaterThan(0);
  });

  it.each(RECORDS.filter(([, record]) => unreached(record)))('%s says why its printed figures are not reached', (_name, { note }) => {
    expect(note ?? '').toMatch(/print|publish|paper|README|table/i);
  });
});

describe('families', () => {
  it('have names of their own, and variants whose knobs they declare', () => {
    expect(new Set(FAMILIES.map(({ name }) => name)).size).toBe(FAMILIES.length);
    for (const { knobs, variants } of FAMILIES) {
      const declared = new Set(knobs.map(({ name }) => name));
      expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
      for (const variant of variants) expect(Object.keys(variant.knobs).filter((name) => !declared.has(name))).toEqual([]);
    }
  });
});
