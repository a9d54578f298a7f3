import { describe, expect, it } from 'vitest';
import { append, maximumOf, minimumOf, own } from '../../src/data';

const NAMES = [...Object.getOwnPropertyNames(Object.prototype)];

describe('own', () => {
  it.each(NAMES)('finds no %s that nobody set, and the one that is', (name) => {
    expect(own({}, name)).toBeUndefined();
    expect(own(Object.fromEntries([[name, 7]]), name)).toBe(7);
  });
});

describe('lists of half a million numbers', () => {
  const numbers = Array.from({ length: 500_000 }, (_, i) => (i * 7919) % 500_000);

  it('are appended whole and in order', () => {
    const target = [-1];
    append(target, numbers);
    expect([target.length, target[1], target.at(-1)]).toEqual([500_001, 0, (499_999 * 7919) % 500_000]);
  });

  it('have their largest and smallest, or the bound where that lies beyond', () => {
    expect([maximumOf(numbers), minimumOf(numbers)]).toEqual([499_999, 0]);
    expect([maximumOf(numbers, 600_000), minimumOf(numbers, -3)]).toEqual([600_000, -3]);
    expect([maximumOf([]), minimumOf([])]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});
