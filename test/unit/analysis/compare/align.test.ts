import { describe, expect, it } from 'vitest';
import { align } from '../../../../src/analysis/compare/align';

/** `a1` is of kind `a`; the whole text is its key. */
const letters = (text: string) =>
  text
    .split(' ')
    .filter((part) => part !== '')
    .map((key) => ({ key, kind: key[0] ?? '', label: key[0] ?? '' }));

function shown(left: string, right: string): string {
  const [from, to] = [letters(left), letters(right)];
  return align(from, to)
    .map(({ left: at, right: other }) => `${at === null ? '-' : from[at]?.key}/${other === null ? '-' : to[other]?.key}`)
    .join(' ');
}

describe('align', () => {
  it.each([
    ['a b c', 'a b c', 'a/a b/b c/c'],
    ['a b c', 'a c', 'a/a b/- c/c'],
    ['a c', 'a b c', 'a/a -/b c/c'],
    ['', 'a b', '-/a -/b'],
    ['a', '', 'a/-'],
    // A changed element is one pair, not one gone and one come.
    ['a b1 c', 'a b2 c', 'a/a b1/b2 c/c'],
    // Equal ones are found though others of their kind stand before them.
    ['x b1 b2 y', 'z b0 b1 b2 y', 'x/- -/z -/b0 b1/b1 b2/b2 y/y'],
    // Different kinds are never one.
    ['a b c', 'a d c', 'a/a b/- -/d c/c'],
  ])('%j to %j', (left, right, expected) => {
    expect(shown(left, right)).toBe(expected);
  });

  it('pairs those of a kind that have most in common', () => {
    const block = (key: string, ...traits: string[]) => ({ key, kind: 'b', label: 'block', traits });
    const left = [block('1', 'self', 'ffn'), block('2', 'self', 'cross', 'ffn')];
    const right = [block('3', 'conv', 'ffn'), block('4', 'conv', 'ffn'), block('5', 'conv', 'cross', 'ffn')];
    // The last of both are decoder layers; which of the two encoder layers is new cannot be told.
    expect(align(left, right).at(-1)).toEqual({ left: 1, right: 2 });
    expect(align(left, right).filter(({ left: at }) => at === null)).toHaveLength(1);
  });

  it('names every place of both sides once, in order', () => {
    const left = letters(Array.from({ length: 40 }, (_, at) => `${'abc'[(at * 7) % 3]}${at % 5}`).join(' '));
    const right = letters(Array.from({ length: 30 }, (_, at) => `${'abc'[(at * 5) % 3]}${at % 4}`).join(' '));
    const pairs = align(left, right);
    expect(pairs.flatMap(({ left: at }) => (at === null ? [] : [at]))).toEqual(left.map((_, at) => at));
    expect(pairs.flatMap(({ right: at }) => (at === null ? [] : [at]))).toEqual(right.map((_, at) => at));
  });
});
