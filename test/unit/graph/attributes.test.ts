import { describe, expect, it } from 'vitest';
import { hashAttributes, sameAttributes } from '../../../src/graph/attributes';
import type { Attribute, Tensor } from '../../../src/model';

function of(attributes: Readonly<Record<string, Attribute>>) {
  return { attributes };
}

function inline(...data: readonly number[]): Attribute {
  const value: Tensor = { name: '', dtype: 'uint8', shape: [data.length], storage: { kind: 'inline', data: Uint8Array.from(data) } };
  return { kind: 'tensor', value };
}

const axis = (value: number | bigint): Attribute => ({ kind: 'int', value });
const perm = (...value: readonly number[]): Attribute => ({ kind: 'ints', value });

describe('attributes of two nodes', () => {
  it.each([
    ['listed in another order', of({ axis: axis(1), perm: perm(0, 2) }), of({ perm: perm(0, 2), axis: axis(1) })],
    ['tensors of the same bytes', of({ value: inline(1, 2) }), of({ value: inline(1, 2) })],
    ['none', of({}), of({})],
    ['not a number', of({ a: { kind: 'float', value: Number.NaN } }), of({ a: { kind: 'float', value: Number.NaN } })],
  ])('are the same: %s', (_, left, right) => {
    expect(sameAttributes(left, right)).toBe(true);
    expect(hashAttributes(left)).toBe(hashAttributes(right));
  });

  it.each([
    ['another value', of({ axis: axis(1) }), of({ axis: axis(2) })],
    ['an int past 2^53 and its neighbour', of({ axis: axis(2n ** 60n) }), of({ axis: axis(2n ** 60n + 1n) })],
    ['one more', of({ axis: axis(1) }), of({ axis: axis(1), perm: perm() })],
    ['one less', of({ axis: axis(1), perm: perm() }), of({ axis: axis(1) })],
    ['a name of Object.prototype', of({ toString: axis(1) }), of({ valueOf: axis(1) })],
    ['another kind', of({ axis: axis(1) }), of({ axis: { kind: 'float', value: 1 } })],
    ['tensors of other bytes', of({ value: inline(1, 2) }), of({ value: inline(1, 3) })],
    [
      'tensors that lie at other places of the file',
      of({
        value: {
          kind: 'tensor',
          value: { name: '', dtype: 'float32', shape: [9], storage: { kind: 'bytes', file: '', offset: 0, length: 36 } },
        },
      }),
      of({
        value: {
          kind: 'tensor',
          value: { name: '', dtype: 'float32', shape: [9], storage: { kind: 'bytes', file: '', offset: 36, length: 36 } },
        },
      }),
    ],
  ])('are not: %s', (_, left, right) => {
    expect(sameAttributes(left, right)).toBe(false);
  });

  it('are not compared where they hold a body or stand for what a caller gives', () => {
    expect(hashAttributes(of({ axis: { kind: 'reference', value: 'axis' } }))).toBeNull();
  });
});
