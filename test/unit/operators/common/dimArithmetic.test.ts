import { describe, expect, it } from 'vitest';
import type { Dim } from '../../../../src/model';
import {
  addDims,
  ceilDivide,
  divideExactly,
  floorDivide,
  multiplyDims,
  productOf,
  subtractDims,
} from '../../../../src/operators/common/dimArithmetic';

/** The value of an expression under bindings, by JavaScript's own parser: an implementation that is not ours. */
function evaluate(dim: Dim, bindings: Readonly<Record<string, number>>): number {
  const names = Object.keys(bindings);
  const body = `const floor = Math.floor; return ${String(dim)};`;
  return new Function(...names, body)(...names.map((name) => bindings[name])) as number;
}

describe('arithmetic on free extents', () => {
  const bindings = { batch: 3, height: 97, tokens: 11 };

  it('agrees with numbers put in later', () => {
    const expression = addDims(multiplyDims(subtractDims('height', 1), 'batch'), multiplyDims('tokens', 4));
    expect(evaluate(expression, bindings)).toBe((97 - 1) * 3 + 11 * 4);
    expect(evaluate(floorDivide(addDims('height', 3), 2), bindings)).toBe(50);
    expect(evaluate(ceilDivide('height', 2), bindings)).toBe(49);
    expect(evaluate(multiplyDims(floorDivide('height', 2), 4), bindings)).toBe(48 * 4);
  });

  it('keeps equal extents equal strings, whatever the order of the steps', () => {
    expect(multiplyDims('batch', multiplyDims(12, 'tokens'))).toBe(multiplyDims(multiplyDims('tokens', 'batch'), 12));
    expect(addDims(addDims('a', 1), 'b')).toBe(addDims('b', addDims(1, 'a')));
  });

  it('takes back what it put in', () => {
    expect(divideExactly(multiplyDims('batch', 64), 64)).toBe('batch');
    expect(divideExactly(multiplyDims('batch', 'tokens'), 'tokens')).toBe('batch');
    expect(subtractDims(addDims('tokens', 1), 1)).toBe('tokens');
    expect(subtractDims('tokens', 'tokens')).toBe(0);
  });

  it('never guesses', () => {
    expect(divideExactly('tokens', 2)).toBeNull();
    expect(addDims('batch', null)).toBeNull();
    expect(multiplyDims(null, 0)).toBe(0);
    expect(productOf([2 ** 40, 2 ** 40])).toBeNull();
  });

  it('takes a name from a file whole, however it is written', () => {
    expect(addDims('(n//8) x', 0)).toBe('(n//8) x');
    expect(multiplyDims('unk__12', 1)).toBe('unk__12');
  });

  it('keeps expressions short', () => {
    let dim: Dim = 'a';
    for (let i = 0; i < 100; i++) dim = addDims(multiplyDims(dim, `n${i}`), 1);
    expect(dim).toBeNull();
  });
});
