import type { Shape } from '../../model';
import type { Cost, CostContext, CostRule, Fact } from '../rule';

/**
 * FLOPs that one output element of an operator outside the multiply-add family
 * costs. One addition, subtraction, multiplication, comparison or selection is
 * 1; a division, square root or transcendental function is counted by the
 * number of such basic steps of a plain definition, one per named function:
 * `exp` 1, `log` 1, `tanh` 1, so that figures can be recomputed by hand.
 * Data movement, casts and shape arithmetic are 0.
 */
export const FLOPS_PER_ELEMENT: Readonly<Record<string, number>> = {
  Abs: 1,
  Acos: 1,
  Acosh: 1,
  Add: 1,
  And: 1,
  Asin: 1,
  Asinh: 1,
  Atan: 1,
  Atanh: 1,
  BitShift: 1,
  BitwiseAnd: 1,
  BitwiseNot: 1,
  BitwiseOr: 1,
  BitwiseXor: 1,
  Ceil: 1,
  Clip: 2,
  Cos: 1,
  Cosh: 1,
  Div: 1,
  Equal: 1,
  Erf: 1,
  Exp: 1,
  Floor: 1,
  Greater: 1,
  GreaterOrEqual: 1,
  IsInf: 1,
  IsNaN: 1,
  Less: 1,
  LessOrEqual: 1,
  Log: 1,
  Mod: 1,
  Mul: 1,
  Neg: 1,
  Not: 1,
  Or: 1,
  Pow: 1,
  Reciprocal: 1,
  Round: 1,
  Sign: 1,
  Sin: 1,
  Sinh: 1,
  Sqrt: 1,
  Sub: 1,
  Tan: 1,
  Tanh: 1,
  Where: 1,
  Xor: 1,
};

/** Product of a shape's extents as an exact integer, or `null` when one is free, unknown or negative. */
export function elementsOfShape(shape: Shape | null): bigint | null {
  if (shape === null) return null;
  let product = 1;
  for (const dim of shape) {
    if (typeof dim !== 'number' || dim < 0) return null;
    product *= dim;
  }
  // Past 2^53 - 1 a product of doubles is no longer exact.
  return Number.isSafeInteger(product) ? BigInt(product) : exactProduct(shape);
}

function exactProduct(shape: Shape): bigint {
  let product = 1n;
  for (const dim of shape) product *= BigInt(dim ?? 0);
  return product;
}

/** Number of elements of a tensor, or `null` where it is no tensor or its shape is not fully known. */
export function elements(fact: Fact | null): bigint | null {
  return fact?.kind === 'tensor' || fact?.kind === 'sparse' ? elementsOfShape(fact.shape) : null;
}

/** `56*56*64`, for formulas; a scalar is `1`. */
export function formatProduct(shape: readonly unknown[]): string {
  return shape.length === 0 ? '1' : shape.join('*');
}

/** The cost of an operator of the multiply-add family: 2 FLOPs per MAC, plus `extraFlops` (a bias, a softmax). */
export function multiplyAdds(macs: bigint, formula: string, extraFlops = 0n): Cost {
  return { macs, flops: 2n * macs + extraFlops, formula };
}

/** The cost of work that is no multiply-add. */
export function flopsOnly(flops: bigint, formula: string): Cost {
  return { macs: 0n, flops, formula };
}

/** What an operator costs that moves, renames or describes data. */
export const NO_ARITHMETIC: Cost = { macs: 0n, flops: 0n, formula: 'no arithmetic' };

/** The rule of operators that compute nothing: they move, rename or describe data. Known even where shapes are not. */
export const noArithmetic: CostRule = () => NO_ARITHMETIC;

/** `flops` per element of the first output. */
export function perOutputElement(flops: number): CostRule {
  return (context: CostContext) => {
    const output = context.output(0);
    const count = elements(output);
    if (count === null || !output?.shape) return null;
    return flopsOnly(count * BigInt(flops), `${formatProduct(output.shape)} elements * ${flops} FLOPs`);
  };
}

/** `flops` per element of the first input (reductions, pooling over everything). */
export function perInputElement(flops: number): CostRule {
  return (context: CostContext) => {
    const input = context.tensor(0);
    const count = elements(input);
    if (count === null || !input?.shape) return null;
    return flopsOnly(count * BigInt(flops), `${formatProduct(input.shape)} input elements * ${flops} FLOPs`);
  };
}

/** The rule of an elementwise operator of `FLOPS_PER_ELEMENT`. */
export function elementwiseCost(op: string): CostRule {
  return perOutputElement(FLOPS_PER_ELEMENT[op] ?? 1);
}
