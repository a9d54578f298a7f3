import { describe, expect, it } from 'vitest';
import { visitAll } from '../loops';
import { call, float, shapeOf } from '../rules';

function einsum(equation: string, ...shapes: readonly (readonly (number | string)[])[]) {
  return call({ op: 'Einsum', inputs: shapes.map((shape) => float(...shape)), attributes: { equation } });
}

describe('Einsum shapes as NumPy 2.4 has them', () => {
  const cases: readonly [string, readonly (readonly number[])[], readonly number[]][] = [
    ['ij->ji', [[2, 3]], [3, 2]],
    ['ij', [[2, 3]], [2, 3]],
    ['ba', [[2, 3]], [3, 2]],
    ['ii->i', [[3, 3]], [3]],
    ['...ii->...i', [[2, 3, 3]], [2, 3]],
    ['ij->', [[2, 3]], []],
    [
      'ij,jk',
      [
        [2, 3],
        [3, 4],
      ],
      [2, 4],
    ],
    [
      'bhqd,bhkd->bhqk',
      [
        [2, 3, 4, 5],
        [2, 3, 6, 5],
      ],
      [2, 3, 4, 6],
    ],
    [
      '...ij,...jk->...ik',
      [
        [2, 1, 3, 4],
        [5, 4, 6],
      ],
      [2, 5, 3, 6],
    ],
    [
      'i...j,jk->...ik',
      [
        [2, 7, 3],
        [3, 4],
      ],
      [7, 2, 4],
    ],
    [
      ' b i , b j -> b i j ',
      [
        [2, 3],
        [2, 4],
      ],
      [2, 3, 4],
    ],
    ['i,j,k->ijk', [[2], [3], [4]], [2, 3, 4]],
    [
      'Aa,aB->AB',
      [
        [2, 3],
        [3, 4],
      ],
      [2, 4],
    ],
  ];
  for (const [equation, shapes, expected] of cases) {
    it(equation, () => expect(shapeOf(einsum(equation, ...shapes))).toEqual(expected));
  }

  it('keeps free extents', () => {
    expect(shapeOf(einsum('bnd,de->bne', ['batch', 'tokens', 64], [64, 32]))).toEqual(['batch', 'tokens', 32]);
  });

  it('reports what it cannot read', () => {
    for (const [equation, shape] of [
      ['ij->->i', [2, 3]],
      ['ij,jk->ik', [2, 3]],
      ['ijk->i', [2, 3]],
      ['i1->i', [2, 3]],
      ['ij->k', [2, 3]],
    ] as const) {
      const result = einsum(equation, shape);
      expect(result.reports.map(({ code }) => code)).toEqual(['einsum']);
      expect(shapeOf(result)).toBeNull();
      expect(result.cost).toBeNull();
    }
    expect(einsum('ij,jk->ik', [2, 3], [4, 5]).reports[0]?.message).toBe('index j is 3 in one input and 4 in another.');
  });
});

describe('Einsum costs', () => {
  it('are the product of all indices where something is summed', () => {
    let macs = 0n;
    visitAll([2, 3, 4, 6, 5], () => macs++);
    expect(einsum('bhqd,bhkd->bhqk', [2, 3, 4, 5], [2, 3, 6, 5]).cost).toMatchObject({ macs, flops: 2n * macs });
  });

  it('equal those of the same product written as MatMul', () => {
    const product = call({ op: 'MatMul', inputs: [float(7, 2, 3), float(3, 4)] });
    expect(einsum('bij,jk->bik', [7, 2, 3], [3, 4]).cost?.macs).toBe(product.cost?.macs);
  });

  it('have no multiply-adds where nothing is summed', () => {
    expect(einsum('bi,bj->bij', [2, 3], [2, 4]).cost).toMatchObject({ macs: 0n, flops: 24n });
    expect(einsum('ij->ji', [2, 3]).cost).toMatchObject({ macs: 0n, flops: 0n });
    expect(einsum('ij->i', [2, 3]).cost).toMatchObject({ macs: 0n, flops: 6n });
  });

  it('sum pairs in the cheaper order: a vector first, then the other', () => {
    // (ij,jk),k costs 1000 * 20 + 100; ij,(jk,k) costs 200 + 1000.
    const chained = einsum('ij,jk,k->i', [100, 10], [10, 20], [20]);
    expect(chained.cost?.macs).toBe(10n * 20n + 100n * 10n);
  });
});
