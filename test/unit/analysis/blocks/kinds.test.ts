import { describe, expect, it } from 'vitest';
import { kindsThat, traitsOf } from '../../../../src/analysis/blocks/kinds';

describe('kinds of blocks', () => {
  it('have no traits where nobody makes them, whatever every object has', () => {
    for (const kind of ['', 'decoder', ...Object.getOwnPropertyNames(Object.prototype)]) expect(traitsOf(kind), kind).toEqual({});
  });

  it('that come before the first stage, or hold others, are no depth of their own', () => {
    for (const kind of kindsThat(({ begins }) => begins === true)) expect(traitsOf(kind).shallow, kind).toBe(true);
    expect(traitsOf('scope')).toMatchObject({ container: true, shallow: true });
  });

  it('make stages of their own or accompany those that do, a plain convolution either', () => {
    const both = [...kindsThat(({ minor, stage }) => minor === true && stage !== undefined)];
    expect(both).toEqual(['convolution']);
  });
});
