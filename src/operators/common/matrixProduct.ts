import type { Dim, Shape } from '../../model';
import type { Cost, CostContext, ShapeContext, TensorFact } from '../rule';
import { formatProduct, multiplyAdds } from './costs';
import { checkEqual, product } from './extents';
import { broadcastOrReport, unifyDims } from './shapes';

/** How an operand of a product is read before the product: its last two axes swapped, its batch axes rotated. */
export interface OperandForm {
  readonly transposed?: boolean;
  /** FusedMatMul's transBatch: `[M, batch..., K]` stands for `[batch..., M, K]`. */
  readonly batchRotated?: boolean;
}

/** The operand's shape as the product sees it. Vectors are not transposed. */
export function operandShape(shape: Shape | null, form: OperandForm = {}): Shape | null {
  if (shape === null || shape.length < 2) return shape;
  let result = shape;
  if (form.batchRotated && shape.length > 2) result = [...shape.slice(1, -1), shape[0] ?? null, shape.at(-1) ?? null];
  if (!form.transposed) return result;
  return [...result.slice(0, -2), result.at(-1) ?? null, result.at(-2) ?? null];
}

/**
 * Shape of NumPy's matmul (ONNX MatMul): a vector on the left is a row, on the
 * right a column, and the axis so added is dropped again; batch axes broadcast.
 */
export function productShape(context: ShapeContext, a: Shape | null, b: Shape | null): Shape | null {
  if (a === null || b === null) return null;
  if (a.length === 0 || b.length === 0) {
    context.report('rank', 'a scalar has no matrix product.');
    return null;
  }
  const inner = b.length === 1 ? b[0] : b.at(-2);
  checkEqual(context, 'the inner extents of the product', a.at(-1) ?? null, inner ?? null);
  const batch = broadcastOrReport(context, [a.slice(0, -2), b.slice(0, -2)]);
  if (batch === null) return null;
  const rows = a.length === 1 ? [] : [a.at(-2) ?? null];
  const columns = b.length === 1 ? [] : [b.at(-1) ?? null];
  return [...batch, ...rows, ...columns];
}

/** The summed extent, from whichever operand tells it. */
export function innerExtent(a: Shape | null, b: Shape | null): Dim {
  const fromB = b === null ? null : b.length === 1 ? b[0] : b.at(-2);
  return unifyDims(a?.at(-1) ?? null, fromB ?? null);
}

/** `outputs * inner` multiply-adds, and `perOutput` FLOPs (a bias, an activation) for every output. */
export function productCost(output: Shape | null, inner: Dim, perOutput = 0): Cost | null {
  const outputs = output ? product(output) : null;
  if (output === null || outputs === null || typeof inner !== 'number') return null;
  const formula = `${formatProduct(output)} outputs * ${inner} products`;
  return multiplyAdds(outputs * BigInt(inner), formula, outputs * BigInt(perOutput));
}

/** The cost of a product whose operands are inputs `a` and `b`. */
export function productOfInputs(
  context: CostContext,
  a: TensorFact | null,
  b: TensorFact | null,
  perOutput = 0,
  forms: readonly [OperandForm, OperandForm] = [{}, {}],
): Cost | null {
  const inner = innerExtent(operandShape(a?.shape ?? null, forms[0]), operandShape(b?.shape ?? null, forms[1]));
  return productCost(context.output(0)?.shape ?? null, inner, perOutput);
}
