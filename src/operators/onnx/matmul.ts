import type { Shape } from '../../model';
import { flopsOnly, formatProduct } from '../common/costs';
import { operator } from '../common/define';
import { checkEqual, checkLeastRank, checkRank, dtypeOf, extent, product, shaped } from '../common/extents';
import { innerExtent, type OperandForm, operandShape, productCost, productOfInputs, productShape } from '../common/matrixProduct';
import * as meaning from '../common/meanings';
import { broadcast } from '../common/shapes';
import { type CostContext, type CostRule, type Operator, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';

const matMul: ShapeRule = (context) => {
  const a = context.tensor(0);
  const b = context.tensor(1);
  return [shaped(dtypeOf(a, b?.dtype), productShape(context, a?.shape ?? null, b?.shape ?? null))];
};

const matMulCost: CostRule = (context) => productOfInputs(context, context.tensor(0), context.tensor(1));

/** transA and transB of Gemm and its kin. */
export function gemmForms(context: ShapeContext | CostContext): readonly [OperandForm, OperandForm] {
  return [{ transposed: context.attributes.int('transA', 0) !== 0 }, { transposed: context.attributes.int('transB', 0) !== 0 }];
}

/** `[M, N]` of two matrices, `bias` being the input that is added (checked, not needed for the shape). */
export function gemmShape(context: ShapeContext, indices: { readonly a: number; readonly b: number; readonly bias: number }): Shape {
  const [formA, formB] = gemmForms(context);
  const a = checkRank(context, indices.a, [2]) ? operandShape(context.tensor(indices.a)?.shape ?? null, formA) : null;
  const b = checkRank(context, indices.b, [2]) ? operandShape(context.tensor(indices.b)?.shape ?? null, formB) : null;
  checkEqual(context, 'the inner extents of the product', a?.[1] ?? null, b?.[0] ?? null);
  const shape = [a?.[0] ?? null, b?.[1] ?? null];
  const bias = context.tensor(indices.bias)?.shape ?? null;
  if (bias && broadcast([shape, bias]) === undefined) {
    context.report('broadcast', `a bias of shape [${bias.join(', ')}] does not broadcast to [${shape.join(', ')}].`);
  }
  return shape;
}

const gemm: ShapeRule = (context) => [
  shaped(dtypeOf(context.tensor(0), context.tensor(1)?.dtype), gemmShape(context, { a: 0, b: 1, bias: 2 })),
];

/** alpha and beta cost a product per output where they are not 1; so does an added bias. */
export function gemmExtras(context: CostContext, bias: number): number {
  const added = context.tensor(bias) ? 1 + (context.attributes.float('beta', 1) === 1 ? 0 : 1) : 0;
  return added + (context.attributes.float('alpha', 1) === 1 ? 0 : 1);
}

const gemmCost: CostRule = (context) =>
  productOfInputs(context, context.tensor(0), context.tensor(1), gemmExtras(context, 2), gemmForms(context));

const matMulInteger: ShapeRule = (context) => {
  const shape = productShape(context, context.tensor(0)?.shape ?? null, context.tensor(1)?.shape ?? null);
  return [shaped('int32', shape)];
};

/** Inputs a, a_scale, a_zero_point, b, b_scale, b_zero_point, y_scale, y_zero_point. */
const qLinearMatMul: ShapeRule = (context) => {
  const a = context.tensor(0);
  const shape = productShape(context, a?.shape ?? null, context.tensor(3)?.shape ?? null);
  return [shaped(dtypeOf(context.tensor(7), dtypeOf(a)), shape)];
};

const qLinearMatMulCost: CostRule = (context) => {
  const inner = innerExtent(context.tensor(0)?.shape ?? null, context.tensor(3)?.shape ?? null);
  return productCost(context.output(0)?.shape ?? null, inner);
};

/** `[*, M, M]` to `[*]`. */
const det: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x) return [UNKNOWN];
  if (!x.shape || !checkLeastRank(context, 0, 2)) return [shaped(x.dtype, null)];
  checkEqual(context, 'rows and columns', extent(x, -1), extent(x, -2));
  return [shaped(x.dtype, x.shape.slice(0, -2))];
};

/** LU decomposition, 2/3 M^3 FLOPs a matrix rounded down, and the product of the diagonal (Golub & Van Loan, 3.2). */
const detCost: CostRule = (context) => {
  const x = context.tensor(0);
  const size = extent(x, -1);
  const matrices = x?.shape ? product(x.shape.slice(0, -2)) : null;
  if (typeof size !== 'number' || matrices === null) return null;
  const m = BigInt(size);
  return flopsOnly(matrices * ((2n * m * m * m) / 3n + m), `${formatProduct([matrices])} matrices * (2/3 * ${size}^3 + ${size}) FLOPs`);
};

/** Matrix products of ai.onnx; rules hold for every version (7 of Gemm made broadcasting of C implicit). */
export const MATRIX_PRODUCTS: readonly Operator[] = meaning.means(
  {
    MatMul: meaning.product({ weights: [0, 1] }),
    Gemm: meaning.product({ weights: [0, 1, 2] }),
    MatMulInteger: meaning.product({ weights: [0, 1], settings: [2, 3] }),
    QLinearMatMul: meaning.product({ weights: [0, 3], settings: [1, 2, 4, 5, 6, 7] }, 3),
  },
  [
    operator('MatMul', 1, matMul, matMulCost),
    operator('Gemm', 1, gemm, gemmCost),
    operator('MatMulInteger', 10, matMulInteger, matMulCost),
    operator('QLinearMatMul', 10, qLinearMatMul, qLinearMatMulCost),
    operator('Det', 11, det, detCost),
  ],
);
