import type { Dim } from '../../model';
import { flopsOnly, formatProduct, noArithmetic, perOutputElement } from '../common/costs';
import { operator } from '../common/define';
import { addDims, divideExactly, multiplyDims } from '../common/dimArithmetic';
import { dtypeOf, extent, like, product, shaped } from '../common/extents';
import { ACTIVATION_FLOPS, DEQUANTIZE_FLOPS, QUANTIZE_FLOPS, SOFTMAX_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { broadcastOrReport, knownNumbers, knownScalar, normalizeAxes, normalizeAxis, unknownShape } from '../common/shapes';
import { numberedType } from '../onnx/quantization';
import { type CostRule, type Operator, type ShapeRule, UNKNOWN } from '../rule';

const DOMAIN = 'com.microsoft';

const same: ShapeRule = (context) => [like(context.tensor(0))];

/** An activation after an optional bias at input 1. */
const biased =
  (flops: number): CostRule =>
  (context) =>
    perOutputElement(flops + (context.inputs[1] ? 1 : 0))(context);

/** `[N, S, D]` to `[N, S, D / 2]`: the left half times gelu of the right (Shazeer 2020, GEGLU). */
const biasSplitGelu: ShapeRule = (context) => {
  const x = context.tensor(0);
  return [x ? shaped(x.dtype, x.shape ? [...x.shape.slice(0, -1), divideExactly(extent(x, -1), 2)] : null) : UNKNOWN];
};

const biasDropout: ShapeRule = (context) => [like(context.tensor(0)), shaped('bool', context.tensor(0)?.shape ?? null)];

/** Bias and residual are added; nothing is dropped at inference. */
const biasDropoutCost: CostRule = (context) => perOutputElement(1 + (context.inputs[2] ? 1 : 0))(context);

/** Output of operands `a` and `b` that broadcast, typed as `typed`. */
const broadcasting =
  (...operands: readonly number[]): ShapeRule =>
  (context) => {
    const typed = context.tensor(operands.at(-1) ?? 0);
    const shapes = operands.map((index) => context.tensor(index)?.shape ?? null);
    return [shaped(dtypeOf(typed), broadcastOrReport(context, shapes))];
  };

/** Dequantise each operand, compute, quantise the result. */
const quantized = (operands: number, flops: number): CostRule => perOutputElement(operands * DEQUANTIZE_FLOPS + flops + QUANTIZE_FLOPS);

/** Inputs Y_scale, Y_zero_point, then tensor, scale and zero point of every part. */
const qLinearConcat: ShapeRule = (context) => {
  const first = context.tensor(2);
  const rank = first?.shape?.length ?? 0;
  const axis = normalizeAxis(context.attributes.int('axis', 0), rank);
  const dtype = dtypeOf(context.tensor(1));
  if (!first?.shape || axis === null) return [shaped(dtype, null)];
  let total: Dim = 0;
  for (let i = 2; i < context.inputs.length; i += 3) total = addDims(total, extent(context.tensor(i), axis));
  return [
    shaped(
      dtype,
      first.shape.map((dim, i) => (i === axis ? total : dim)),
    ),
  ];
};

/** Reduction over `axes`, all of them unless told. */
const reduce =
  (dtype?: 'int'): ShapeRule =>
  (context) => {
    const x = context.tensor(0);
    if (!x) return [UNKNOWN];
    const type = dtype ? (x.dtype === 'uint8' ? 'uint32' : 'int32') : x.dtype;
    if (!x.shape) return [shaped(type, null)];
    const axes = normalizeAxes(context.attributes.ints('axes') ?? x.shape.map((_, i) => i), x.shape.length);
    if (axes === null) return [shaped(type, null)];
    const kept = context.attributes.int('keepdims', 1) === 1;
    return [shaped(type, kept ? x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim)) : x.shape.filter((_, i) => !axes.includes(i)))];
  };

const perInput =
  (flops: number): CostRule =>
  (context) => {
    const shape = context.tensor(0)?.shape;
    const count = shape ? product(shape) : null;
    return shape && count !== null ? flopsOnly(count * BigInt(flops), `${formatProduct(shape)} input elements * ${flops} FLOPs`) : null;
  };

/** Inserts an extent of 1 at the axis that input 1 holds. */
const expandDims: ShapeRule = (context) => {
  const x = context.tensor(0);
  const given = knownScalar(context.tensor(1));
  if (!x?.shape) return [x ? shaped(x.dtype, null) : UNKNOWN];
  const axis = given === null ? null : normalizeAxis(given, x.shape.length + 1);
  if (axis === null) return [shaped(x.dtype, unknownShape(x.shape.length + 1))];
  return [shaped(x.dtype, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)])];
};

/** Pads `[begin..., end...]` are input 1; negative ones crop. */
const pad: ShapeRule = (context) => {
  const x = context.tensor(0);
  const pads = knownNumbers(context.tensor(1));
  if (!x?.shape) return [x ? shaped(x.dtype, null) : UNKNOWN];
  const rank = x.shape.length;
  return [
    shaped(
      x.dtype,
      x.shape.map((dim, i) => (pads ? addDims(dim, (pads[i] ?? 0) + (pads[i + rank] ?? 0)) : null)),
    ),
  ];
};

const unique: ShapeRule = (context) => [shaped(dtypeOf(context.tensor(0)), [null]), shaped('int64', [null]), shaped('int64', [null])];

/** weight `[words, D]`, indices `[...]`: `[..., D]`. */
const embedding: ShapeRule = (context) => {
  const indices = context.tensor(1)?.shape;
  const weight = context.tensor(0);
  return [shaped(dtypeOf(weight), indices ? [...indices, ...(weight?.shape?.slice(1) ?? [null])] : null)];
};

/** Gather along `gather_axis` of blocks quantised along `quantize_axis`; 4-bit values stand two to a byte. */
const gatherBlocks: ShapeRule = (context) => {
  const data = context.tensor(0);
  const indices = context.tensor(1)?.shape;
  const dtype = dtypeOf(context.tensor(2));
  if (!data?.shape || !indices) return [shaped(dtype, null)];
  const rank = data.shape.length;
  const axis = normalizeAxis(context.attributes.int('gather_axis', 0), rank);
  const blocks = normalizeAxis(context.attributes.int('quantize_axis', 1), rank);
  if (axis === null) return [shaped(dtype, null)];
  const perByte = data.dtype === 'uint8' ? 8 / context.attributes.int('bits', 4) : 1;
  const whole = data.shape.map((dim, i) => (i === blocks ? multiplyDims(dim, perByte) : dim));
  return [shaped(dtype, [...whole.slice(0, axis), ...indices, ...whole.slice(axis + 1)])];
};

const quantizeWithOrder: ShapeRule = (context) => [shaped('int8', context.tensor(0)?.shape ?? null)];

const dequantizeWithOrder: ShapeRule = (context) => [
  shaped(numberedType(context.attributes.int('to', 1)) ?? 'float32', context.tensor(0)?.shape ?? null),
];

/** decay = scale * softplus(a + bias), beta = sigmoid(b). */
const linearAttentionGate: ShapeRule = (context) => [like(context.tensor(0)), like(context.tensor(3))];

/** X + Y * sigmoid(gate), the gate one per row. */
const GATED_ADD = 2;

const { Gelu, TanhGelu, QuickGelu, Sigmoid, LeakyRelu, Softplus } = ACTIVATION_FLOPS;

/** Elementwise, softmax and data movement of com.microsoft. */
export const CONTRIB_ELEMENTWISE: readonly Operator[] = meaning.means(
  {
    Gelu: meaning.curve('gelu'),
    BiasGelu: meaning.curve('gelu'),
    FastGelu: meaning.curve('tanhGelu'),
    QuickGelu: meaning.curve('quickGelu'),
    BiasSplitGelu: meaning.curve('gelu'),
    BiasSoftmax: meaning.softmax(1),
    BiasAdd: meaning.arithmetic('add'),
    QLinearAdd: meaning.arithmetic('add', { settings: [1, 2, 4, 5, 6, 7] }, [0, 3]),
    QLinearMul: meaning.arithmetic('multiply', { settings: [1, 2, 4, 5, 6, 7] }, [0, 3]),
    QLinearSigmoid: meaning.curve('sigmoid'),
    QLinearLeakyRelu: meaning.curve('leakyRelu'),
    QLinearSoftmax: meaning.softmax(-1),
    QLinearConcat: meaning.move('concat'),
    QLinearReduceMean: meaning.reduce('reduceMean'),
    ReduceSumInteger: meaning.reduce('reduceSum'),
    Pad: meaning.move('pad', { settings: [1, 2, 3] }),
    Trilu: meaning.move('triangle', { settings: [1] }),
    GatherBlockQuantized: meaning.other({ weights: [0], settings: [1, 2, 3], bits: ['bits', 4] }),
  },
  [
    operator('Gelu', 1, same, perOutputElement(Gelu), DOMAIN),
    operator('BiasGelu', 1, same, biased(Gelu), DOMAIN),
    operator('FastGelu', 1, same, biased(TanhGelu), DOMAIN),
    operator('QuickGelu', 1, same, perOutputElement(QuickGelu), DOMAIN),
    operator('QOrderedGelu', 1, same, quantized(1, Gelu), DOMAIN),
    operator('BiasSplitGelu', 1, biasSplitGelu, perOutputElement(Gelu + 3), DOMAIN),
    operator('BiasSoftmax', 1, same, biased(SOFTMAX_FLOPS), DOMAIN),
    operator('BiasAdd', 1, same, perOutputElement(2), DOMAIN),
    operator('BiasDropout', 1, biasDropout, biasDropoutCost, DOMAIN),
    operator('GatedAdd', 1, same, perOutputElement(GATED_ADD), DOMAIN),
    operator('LinearAttentionGate', 1, linearAttentionGate, perOutputElement(Softplus + 2), DOMAIN),
    operator('QLinearAdd', 1, broadcasting(0, 3), quantized(2, 1), DOMAIN),
    operator('QLinearMul', 1, broadcasting(0, 3), quantized(2, 1), DOMAIN),
    operator(
      'MulInteger',
      1,
      (context) => [
        {
          ...shaped('int32', null),
          shape: broadcastOrReport(
            context,
            [0, 2].map((i) => context.tensor(i)?.shape ?? null),
          ),
        },
      ],
      perOutputElement(3),
      DOMAIN,
    ),
    operator('QLinearWhere', 1, broadcasting(0, 4, 1), quantized(2, 1), DOMAIN),
    operator('QLinearSigmoid', 1, same, quantized(1, Sigmoid), DOMAIN),
    operator('QLinearLeakyRelu', 1, same, quantized(1, LeakyRelu), DOMAIN),
    operator('QLinearSoftmax', 1, same, quantized(1, SOFTMAX_FLOPS), DOMAIN),
    operator('QLinearConcat', 1, qLinearConcat, quantized(1, 0), DOMAIN),
    operator('QLinearReduceMean', 1, reduce(), perInput(1 + DEQUANTIZE_FLOPS), DOMAIN),
    operator('ReduceSumInteger', 1, reduce('int'), perInput(1), DOMAIN),
    operator('ComplexMul', 1, broadcasting(0, 1), perOutputElement(3), DOMAIN),
    operator('ComplexMulConj', 1, broadcasting(0, 1), perOutputElement(3), DOMAIN),
    operator('ExpandDims', 1, expandDims, noArithmetic, DOMAIN),
    operator('Pad', 1, pad, noArithmetic, DOMAIN),
    operator('Trilu', 1, same, noArithmetic, DOMAIN),
    operator('Unique', 1, unique, noArithmetic, DOMAIN),
    operator('TorchEmbedding', 1, embedding, noArithmetic, DOMAIN),
    operator('GatherBlockQuantized', 1, gatherBlocks, perOutputElement(DEQUANTIZE_FLOPS), DOMAIN),
    operator('NGramRepeatBlock', 1, (context) => [like(context.tensor(1))], noArithmetic, DOMAIN),
    operator('QuantizeWithOrder', 1, quantizeWithOrder, perOutputElement(QUANTIZE_FLOPS), DOMAIN),
    operator('DequantizeWithOrder', 1, dequantizeWithOrder, perOutputElement(DEQUANTIZE_FLOPS), DOMAIN),
  ],
);
