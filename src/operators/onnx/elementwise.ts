import type { Dim, DType } from '../../model';
import { elements as elementsOf, elementwiseCost, flopsOnly, formatProduct } from '../common/costs';
import { operator, operators } from '../common/define';
import { addDims, divideExactly, floorDivide, multiplyDims, subtractDims } from '../common/dimArithmetic';
import { evaluateElementwise, isIntegral } from '../common/evaluate';
import * as meaning from '../common/meanings';
import { broadcastOrReport, tensorFact } from '../common/shapes';
import { type CostRule, type Fact, type Operator, type ShapeContext, type ShapeRule, type TensorFact, UNKNOWN } from '../rule';

type Unary = (x: number) => number;
type Binary = (a: Dim, b: Dim, dtype: DType) => Dim;

/** Half to even, as ONNX's Round. */
function roundEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const UNARY: Readonly<Record<string, Unary | null>> = {
  Abs: Math.abs,
  Acos: null,
  Acosh: null,
  Asin: null,
  Asinh: null,
  Atan: null,
  Atanh: null,
  BitwiseNot: null,
  Ceil: Math.ceil,
  Cos: null,
  Cosh: null,
  Erf: null,
  Exp: Math.exp,
  Floor: Math.floor,
  Log: Math.log,
  Neg: (x) => -x,
  Not: (x) => (x === 0 ? 1 : 0),
  Reciprocal: (x) => 1 / x,
  Round: roundEven,
  Sign: Math.sign,
  Sin: null,
  Sinh: null,
  Sqrt: Math.sqrt,
  Tan: null,
};

function unary(op: string): ShapeRule {
  const compute = UNARY[op];
  return (context) => {
    const input = context.tensor(0);
    if (!input) return [UNKNOWN];
    if (!compute || !input.data) return [tensorFact(input.dtype, input.shape)];
    const data = evaluateElementwise([input], input.shape, input.dtype, ([x]) => {
      if (typeof x === 'number') return compute(x);
      return op === 'Neg' ? multiplyDims(x ?? null, -1) : null;
    });
    return [tensorFact(input.dtype, input.shape, data)];
  };
}

function divide(a: Dim, b: Dim, dtype: DType): Dim {
  if (typeof a === 'number' && typeof b === 'number') {
    if (!isIntegral(dtype)) return a / b;
    return b === 0 ? null : Math.trunc(a / b);
  }
  if (!isIntegral(dtype)) return null;
  return divideExactly(a, b) ?? (typeof b === 'number' && b > 0 ? floorDivide(a, b) : null);
}

function numeric(compute: (a: number, b: number) => number): Binary {
  return (a, b) => (typeof a === 'number' && typeof b === 'number' ? compute(a, b) : null);
}

/** Free extents are counts: never negative, equal to themselves, and otherwise not known to be equal or not. */
function equal(a: Dim, b: Dim): Dim {
  if (a === null || b === null) return null;
  if (a === b) return 1;
  if (typeof a === 'number' && typeof b === 'number') return 0;
  const number = typeof a === 'number' ? a : b;
  return typeof number === 'number' && number < 0 ? 0 : null;
}

function extremum(pick: (a: number, b: number) => number): Binary {
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return pick(a, b);
    return a === b ? a : null;
  };
}

const ARITHMETIC: Readonly<Record<string, Binary | null>> = {
  Add: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a + b : addDims(a, b)),
  Sub: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : subtractDims(a, b)),
  Mul: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a * b : multiplyDims(a, b)),
  Div: divide,
  Pow: numeric((a, b) => a ** b),
  And: numeric((a, b) => (a !== 0 && b !== 0 ? 1 : 0)),
  Or: numeric((a, b) => (a !== 0 || b !== 0 ? 1 : 0)),
  Xor: numeric((a, b) => ((a !== 0) === (b !== 0) ? 0 : 1)),
  BitShift: null,
  BitwiseAnd: null,
  BitwiseOr: null,
  BitwiseXor: null,
};

const COMPARISON: Readonly<Record<string, Binary>> = {
  Equal: equal,
  Greater: numeric((a, b) => (a > b ? 1 : 0)),
  GreaterOrEqual: numeric((a, b) => (a >= b ? 1 : 0)),
  Less: numeric((a, b) => (a < b ? 1 : 0)),
  LessOrEqual: numeric((a, b) => (a <= b ? 1 : 0)),
};

function binaryFact(context: ShapeContext, compute: Binary | null, output?: DType): Fact {
  const a = context.tensor(0);
  const b = context.tensor(1);
  if (!a || !b) return a || b ? tensorFact(output ?? (a ?? b)?.dtype ?? 'undefined', null) : UNKNOWN;
  const dtype = output ?? a.dtype;
  // Before version 7 broadcasting was one-sided, along an attribute's axis.
  const oneSided = context.opset < 7 && context.attributes.int('broadcast', 0) === 1;
  const shape = oneSided ? a.shape : broadcastOrReport(context, [a.shape, b.shape]);
  if (!compute || oneSided || !a.data || !b.data) return tensorFact(dtype, shape);
  return tensorFact(
    dtype,
    shape,
    evaluateElementwise([a, b], shape, dtype, ([x, y]) => compute(x ?? null, y ?? null, a.dtype)),
  );
}

/** Python's modulus (sign of the divisor), or C's `fmod` with the attribute set. */
const modulo: ShapeRule = (context) => {
  const fmod = context.attributes.int('fmod', 0) === 1;
  return [
    binaryFact(
      context,
      numeric((a, b) => (fmod || b === 0 ? a % b : ((a % b) + b) % b)),
    ),
  ];
};

const VARIADIC: Readonly<Record<string, Binary | null>> = {
  Max: extremum(Math.max),
  Min: extremum(Math.min),
  Sum: ARITHMETIC['Add'] ?? null,
  Mean: null,
};

function variadic(op: string): ShapeRule {
  const compute = VARIADIC[op] ?? null;
  return (context) => {
    const inputs = context.inputs.map((_, index) => context.tensor(index));
    const dtype = inputs.find((input) => input !== null)?.dtype;
    if (dtype === undefined) return [UNKNOWN];
    if (inputs.some((input) => input === null)) return [tensorFact(dtype, null)];
    const shape = broadcastOrReport(
      context,
      inputs.map((input) => input?.shape ?? null),
    );
    if (!compute) return [tensorFact(dtype, shape)];
    const data = evaluateElementwise(inputs, shape, dtype, (all) => all.reduce((a, b) => compute(a, b, dtype)));
    return [tensorFact(dtype, shape, data)];
  };
}

/** Inputs - 1 operations per output element, and a division for Mean. */
function variadicCost(op: string): CostRule {
  return (context) => {
    const output = context.output(0);
    const count = elementsOf(output);
    if (count === null || !output?.shape) return null;
    const steps = Math.max(context.inputs.length - 1, 0) + (op === 'Mean' ? 1 : 0);
    return flopsOnly(count * BigInt(steps), `${formatProduct(output.shape)} elements * ${steps} FLOPs`);
  };
}

const where: ShapeRule = (context) => {
  const [condition, a, b] = [context.tensor(0), context.tensor(1), context.tensor(2)];
  const dtype = (a ?? b)?.dtype;
  if (dtype === undefined) return [UNKNOWN];
  if (!condition || !a || !b) return [tensorFact(dtype, null)];
  const shape = broadcastOrReport(context, [condition.shape, a.shape, b.shape]);
  const data = evaluateElementwise([condition, a, b], shape, dtype, ([test, x, y]) => {
    if (test === null) return x === y ? (x ?? null) : null;
    return (test !== 0 ? x : y) ?? null;
  });
  return [tensorFact(dtype, shape, data)];
};

function bound(context: ShapeContext, index: number, attribute: string, fallback: number): TensorFact | null {
  const given = context.tensor(index);
  if (given) return given;
  const value = context.opset < 11 ? context.attributes.float(attribute, fallback) : fallback;
  return { kind: 'tensor', dtype: 'float32', shape: [], data: [value] };
}

const clip: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  const low = bound(context, 1, 'min', Number.NEGATIVE_INFINITY);
  const high = bound(context, 2, 'max', Number.POSITIVE_INFINITY);
  const data = evaluateElementwise([input, low, high], input.shape, input.dtype, ([x, min, max]) => {
    if (typeof x !== 'number' || typeof min !== 'number' || typeof max !== 'number') return null;
    return Math.min(Math.max(x, min), max);
  });
  return [tensorFact(input.dtype, input.shape, data)];
};

const test: ShapeRule = (context) => {
  const input = context.tensor(0);
  return [tensorFact('bool', input?.shape ?? null)];
};

/** Unary and binary arithmetic, logic, comparison and selection, element by element with NumPy broadcasting. */
export const ELEMENTWISE: readonly Operator[] = meaning.means(
  {
    Abs: meaning.unary('absolute'),
    Acos: meaning.unary('arccosine'),
    Acosh: meaning.unary('arcHyperbolicCosine'),
    Add: meaning.arithmetic('add'),
    And: meaning.logic('and'),
    Asin: meaning.unary('arcsine'),
    Asinh: meaning.unary('arcHyperbolicSine'),
    Atan: meaning.unary('arctangent'),
    Atanh: meaning.unary('arcHyperbolicTangent'),
    BitShift: meaning.logic('bitwise'),
    BitwiseAnd: meaning.logic('bitwise'),
    BitwiseNot: meaning.logic('bitwise'),
    BitwiseOr: meaning.logic('bitwise'),
    BitwiseXor: meaning.logic('bitwise'),
    Ceil: meaning.unary('ceiling'),
    Clip: meaning.curve('clip', { settings: [1, 2] }),
    Cos: meaning.unary('cosine'),
    Cosh: meaning.unary('hyperbolicCosine'),
    Div: meaning.arithmetic('divide'),
    Equal: meaning.logic('equal', { settings: 'all' }),
    Erf: meaning.curve('erf'),
    Exp: meaning.unary('exponential'),
    Floor: meaning.unary('floor'),
    Greater: meaning.logic('greater', { settings: 'all' }),
    GreaterOrEqual: meaning.logic('greaterOrEqual', { settings: 'all' }),
    IsInf: meaning.logic('isInfinite'),
    IsNaN: meaning.logic('isNaN'),
    Less: meaning.logic('less', { settings: 'all' }),
    LessOrEqual: meaning.logic('lessOrEqual', { settings: 'all' }),
    Log: meaning.unary('logarithm'),
    Max: meaning.arithmetic('maximum'),
    Mean: meaning.arithmetic('mean'),
    Min: meaning.arithmetic('minimum'),
    Mod: meaning.arithmetic('modulo'),
    Mul: meaning.arithmetic('multiply'),
    Neg: meaning.unary('negate'),
    Not: meaning.logic('not'),
    Or: meaning.logic('or'),
    Pow: meaning.arithmetic('power', { settings: [1] }),
    Reciprocal: meaning.unary('reciprocal'),
    Round: meaning.unary('round'),
    Sign: meaning.unary('sign'),
    Sin: meaning.unary('sine'),
    Sinh: meaning.unary('hyperbolicSine'),
    Sqrt: meaning.unary('root'),
    Sub: meaning.arithmetic('subtract'),
    Sum: meaning.arithmetic('add'),
    Tan: meaning.unary('tangent'),
    Where: meaning.move('select', { settings: [0], buffers: [1, 2] }),
    Xor: meaning.logic('exclusiveOr'),
  },
  [
    ...Object.keys(UNARY).map((op) => operator(op, 1, unary(op), elementwiseCost(op))),
    ...Object.entries(ARITHMETIC).map(([op, compute]) => operator(op, 1, (context) => [binaryFact(context, compute)], elementwiseCost(op))),
    ...Object.entries(COMPARISON).map(([op, compute]) =>
      operator(op, 1, (context) => [binaryFact(context, compute, 'bool')], elementwiseCost(op)),
    ),
    ...Object.keys(VARIADIC).map((op) => operator(op, 1, variadic(op), variadicCost(op))),
    ...operators(['IsNaN', 'IsInf'], 1, test, elementwiseCost('IsNaN')),
    operator('Mod', 10, modulo, elementwiseCost('Mod')),
    operator('Where', 9, where, elementwiseCost('Where')),
    operator('Clip', 1, clip, elementwiseCost('Clip')),
  ],
);
