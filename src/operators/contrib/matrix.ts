import type { Dim, DType, Shape } from '../../model';
import { type Projection, projectionCost, sumCosts } from '../common/attentionCore';
import { formatProduct } from '../common/costs';
import { operator } from '../common/define';
import { dtypeOf, extent, like, product, shaped } from '../common/extents';
import { ACTIVATION_FLOPS, QUANTIZE_FLOPS, RMS_FLOPS } from '../common/flops';
import { innerExtent, type OperandForm, operandShape, productCost, productShape } from '../common/matrixProduct';
import * as meaning from '../common/meanings';
import { gemmExtras, gemmForms, gemmShape } from '../onnx/matmul';
import { type Cost, type CostContext, type CostRule, type Operator, type ShapeContext, type ShapeRule, UNKNOWN } from '../rule';

const DOMAIN = 'com.microsoft';

type Context = ShapeContext | CostContext;

/** Where a product's operands are, and what it adds per output. */
interface ProductForm {
  readonly a: number;
  readonly b: number;
  readonly bias?: number;
  /** The output's type: of an input, or fixed. */
  readonly dtype?: DType;
  readonly dtypeOf?: number;
  /** Further FLOPs per output. */
  readonly extra?: number;
}

/** transA, transB, and FusedMatMul's rotated batch axes. */
function fusedForms(context: Context): readonly [OperandForm, OperandForm] {
  const flag = (name: string): boolean => context.attributes.int(name, 0) !== 0;
  return [
    { transposed: flag('transA'), batchRotated: flag('transBatchA') },
    { transposed: flag('transB'), batchRotated: flag('transBatchB') },
  ];
}

function operands(context: Context, form: ProductForm): readonly [Shape | null, Shape | null] {
  const [formA, formB] = fusedForms(context);
  const shapeOf = (index: number): Shape | null => {
    const fact = context.inputs[index];
    return fact?.kind === 'tensor' || fact?.kind === 'sparse' ? fact.shape : null;
  };
  return [operandShape(shapeOf(form.a), formA), operandShape(shapeOf(form.b), formB)];
}

function matrixShape(form: ProductForm): ShapeRule {
  return (context) => {
    const dtype = form.dtype ?? dtypeOf(context.tensor(form.dtypeOf ?? form.a));
    return [shaped(dtype, productShape(context, ...operands(context, form)))];
  };
}

/** FLOPs of the activation a fused operator names, by its ai.onnx name. */
export function activationFlops(context: CostContext): number {
  const name = context.attributes.string('activation', 'None');
  const flops = Object.entries(ACTIVATION_FLOPS).find(([known]) => known.toLowerCase() === name.toLowerCase());
  return flops?.[1] ?? 0;
}

function matrixCost(form: ProductForm): CostRule {
  return (context) => {
    const scaled = context.attributes.float('alpha', 1) === 1 ? 0 : 1;
    const biased = form.bias !== undefined && context.inputs[form.bias] ? 1 : 0;
    const extra = scaled + biased + (form.extra ?? 0) + activationFlops(context);
    return productCost(context.output(0)?.shape ?? null, innerExtent(...operands(context, form)), extra);
  };
}

function matrix(op: string, form: ProductForm): Operator {
  return operator(op, 1, matrixShape(form), matrixCost(form), DOMAIN);
}

/** Gemm with an activation, or with quantised or 8-bit float operands. */
interface GemmForm {
  readonly a: number;
  readonly b: number;
  readonly bias: number;
  readonly dtype: (context: ShapeContext) => DType;
}

function gemmLike(op: string, form: GemmForm): Operator {
  const shape: ShapeRule = (context) => [shaped(form.dtype(context), gemmShape(context, form))];
  const cost: CostRule = (context) => {
    const [formA, formB] = gemmForms(context);
    const a = operandShape(context.tensor(form.a)?.shape ?? null, formA);
    const b = operandShape(context.tensor(form.b)?.shape ?? null, formB);
    const extra = gemmExtras(context, form.bias) + activationFlops(context);
    return productCost(context.output(0)?.shape ?? null, innerExtent(a, b), extra);
  };
  return operator(op, 1, shape, cost, DOMAIN);
}

/** A `[..., K]` times packed weights whose `N` and `K` are attributes: `[..., N]`. */
function packedColumns(context: ShapeContext, columns: Dim): ReturnType<ShapeRule>[number] {
  const a = context.tensor(0);
  return a ? shaped(a.dtype, a.shape ? [...a.shape.slice(0, -1), columns] : null) : UNKNOWN;
}

const packedWeights: ShapeRule = (context) => [packedColumns(context, context.attributes.int('N') ?? null)];

const packedWeightsCost: CostRule = (context) => {
  const inner = context.attributes.int('K') ?? extent(context.tensor(0), -1);
  return productCost(context.output(0)?.shape ?? null, inner, context.inputs[5] ? 1 : 0);
};

/** Weights `[N, K]` or `[N, K / 2]`; the bias is input `bias`. */
const blockColumns: ShapeRule = (context) => [packedColumns(context, extent(context.tensor(1), 0))];

const blockColumnsCost =
  (bias: number): CostRule =>
  (context) =>
    productCost(context.output(0)?.shape ?? null, extent(context.tensor(0), -1), context.inputs[bias] ? 1 : 0);

/** B_shape `[K, N]` stands as data in input 2. */
const fpQ4: ShapeRule = (context) => [packedColumns(context, context.tensor(2)?.data?.[1] ?? null)];

/** Normalised input through a gate and an up projection: `activation(gate) * up`, and the sum of input and skip. */
const mlp: ShapeRule = (context) => [packedColumns(context, context.attributes.int('N') ?? null), like(context.tensor(0))];

/** RMSNormalization of the fused projections' input, where there is a scale. */
function fusedNormalization(context: CostContext): Cost | null {
  const shape = context.tensor(0)?.shape;
  const count = shape ? product(shape) : null;
  if (!shape || count === null) return null;
  const each = context.inputs[2] ? RMS_FLOPS + 1 + (context.inputs[1] ? 1 : 0) : 0;
  return { macs: 0n, flops: count * BigInt(each), formula: `${formatProduct(shape)} elements * ${each} FLOPs` };
}

const mlpCost: CostRule = (context) => {
  const output = context.output(0)?.shape;
  const inner = extent(context.tensor(0), -1);
  const one = output ? productCost(output, inner) : null;
  const gated = output ? product(output) : null;
  if (one === null || gated === null) return null;
  const gate = gated * BigInt(ACTIVATION_FLOPS.Swish + 1);
  return sumCosts([one, { ...one, flops: one.flops + gate }, fusedNormalization(context)]);
};

/** Three projections of one normalised input: `[..., Nq]`, `[..., Nkv]`, `[..., Nkv]`, and the sum of input and skip. */
const qkv: ShapeRule = (context) => {
  const keyed = context.attributes.int('Nkv') ?? null;
  return [
    packedColumns(context, context.attributes.int('Nq') ?? null),
    packedColumns(context, keyed),
    packedColumns(context, keyed),
    like(context.tensor(0)),
  ];
};

const qkvCost: CostRule = (context) => {
  const inner = extent(context.tensor(0), -1);
  const products = [0, 1, 2].map((index) => productCost(context.output(index)?.shape ?? null, inner));
  return sumCosts([...products, fusedNormalization(context)]);
};

const sameAsInput: ShapeRule = (context) => [like(context.tensor(0))];

/** Both operands unsigned give uint32, else int32. */
const integer16: ShapeRule = (context) => {
  const unsigned = context.tensor(0)?.dtype === 'uint16' && context.tensor(1)?.dtype === 'uint16';
  return [shaped(unsigned ? 'uint32' : 'int32', productShape(context, ...operands(context, { a: 0, b: 1 })))];
};

/** A `[rows, n]` and B `[columns, n]`: all distances between their rows, three FLOPs per compared element. */
const distances: ShapeRule = (context) => [
  shaped(dtypeOf(context.tensor(0)), [extent(context.tensor(0), 0), extent(context.tensor(1), 0)]),
];

const distancesCost: CostRule = (context) => {
  const projection: Projection = {
    rows: context.output(0)?.shape ?? [null],
    inputs: 1,
    outputs: extent(context.tensor(0), 1),
    bias: false,
  };
  const cost = projectionCost(projection);
  return cost && { macs: 0n, flops: cost.macs * 3n, formula: `${cost.macs} compared elements * 3 FLOPs` };
};

/** Gauss-Jordan elimination: 2 n^3 FLOPs a matrix. */
const inverseCost: CostRule = (context) => {
  const x = context.tensor(0);
  const size = extent(x, -1);
  const matrices = x?.shape ? product(x.shape.slice(0, -2)) : null;
  if (typeof size !== 'number' || matrices === null) return null;
  return { macs: 0n, flops: matrices * 2n * BigInt(size) ** 3n, formula: `${matrices} matrices * 2 * ${size}^3 FLOPs` };
};

const zeroPointType = (index: number) => (context: ShapeContext) => dtypeOf(context.tensor(index), 'float32');
const firstType = (context: ShapeContext): DType => dtypeOf(context.tensor(0));
const FLOAT8_DTYPES: Readonly<Record<number, DType>> = {
  1: 'float32',
  10: 'float16',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  19: 'float8e5m2',
};
const gemm8Type = (context: ShapeContext): DType => FLOAT8_DTYPES[context.attributes.int('dtype', 1)] ?? 'float32';

/** Matrix products of com.microsoft: fused and quantised. */
export const CONTRIB_MATRIX: readonly Operator[] = meaning.means(
  {
    FusedMatMul: meaning.product({ weights: [0, 1] }),
    TransposeMatMul: meaning.product(),
    GemmFastGelu: meaning.product(),
    MatMulIntegerToFloat: meaning.product({ weights: [1, 6], settings: [2, 3, 4, 5] }),
    DynamicQuantizeMatMul: meaning.product({ weights: [1, 4], settings: [2, 3] }),
    FusedGemm: meaning.product({ weights: [1, 2] }),
    GemmFloat8: meaning.product(),
    QGemm: meaning.product({ weights: [3, 6], settings: [1, 2, 4, 5, 7, 8] }, 3),
    MatMulNBits: meaning.packedProduct({ weights: [1], settings: [2, 3, 4] }),
    MatMulBnb4: meaning.packedProduct({ weights: [1], settings: [2] }),
    MatMulFpQ4: meaning.product(),
  },
  [
    matrix('FusedMatMul', { a: 0, b: 1 }),
    matrix('TransposeMatMul', { a: 0, b: 1 }),
    matrix('FusedMatMulActivation', { a: 0, b: 1 }),
    matrix('SparseToDenseMatMul', { a: 0, b: 1, dtypeOf: 1 }),
    matrix('GemmFastGelu', { a: 0, b: 1, bias: 2, extra: ACTIVATION_FLOPS.TanhGelu }),
    matrix('MatMulIntegerToFloat', { a: 0, b: 1, bias: 6, dtypeOf: 2, extra: 1 }),
    matrix('DynamicQuantizeMatMul', { a: 0, b: 1, bias: 4, extra: 1 }),
    matrix('QOrderedMatMul', { a: 0, b: 2, bias: 5, extra: QUANTIZE_FLOPS }),
    operator('MatMulInteger16', 1, integer16, matrixCost({ a: 0, b: 1 }), DOMAIN),
    gemmLike('FusedGemm', { a: 0, b: 1, bias: 2, dtype: firstType }),
    gemmLike('GemmFloat8', { a: 0, b: 1, bias: 2, dtype: gemm8Type }),
    gemmLike('QGemm', { a: 0, b: 3, bias: 6, dtype: zeroPointType(8) }),
    operator('MatMulNBits', 1, packedWeights, packedWeightsCost, DOMAIN),
    operator('MatMulBnb4', 1, packedWeights, packedWeightsCost, DOMAIN),
    operator('MatMulFpQ4', 1, fpQ4, blockColumnsCost(-1), DOMAIN),
    operator('MatMulBlockQuantizedFp4Weight', 1, blockColumns, blockColumnsCost(5), DOMAIN),
    operator('MatMulBlockQuantizedFp8Weight', 1, blockColumns, blockColumnsCost(4), DOMAIN),
    operator('MatMulNBitsMlp', 1, mlp, mlpCost, DOMAIN),
    operator('MatMulNBitsQkv', 1, qkv, qkvCost, DOMAIN),
    operator('CDist', 1, distances, distancesCost, DOMAIN),
    operator('Inverse', 1, sameAsInput, inverseCost, DOMAIN),
  ],
);
