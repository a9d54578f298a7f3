import { flopsOnly, formatProduct, perOutputElement } from '../common/costs';
import { operator, operators } from '../common/define';
import { evaluateElementwise } from '../common/evaluate';
import { product, shaped } from '../common/extents';
import { ACTIVATION_FLOPS, SOFTMAX_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { broadcastOrReport, normalizeAxis, sameAsFirst, tensorFact } from '../common/shapes';
import { type CostRule, type Operator, type ShapeRule, UNKNOWN } from '../rule';

/** ai.onnx activations that map each element by itself, with the version they came in. */
const ELEMENTWISE: readonly (readonly [name: keyof typeof ACTIVATION_FLOPS, since: number])[] = [
  ['Relu', 1],
  ['LeakyRelu', 1],
  ['PRelu', 1],
  ['ThresholdedRelu', 1],
  ['Sigmoid', 1],
  ['HardSigmoid', 1],
  ['HardSwish', 14],
  ['Swish', 24],
  ['Mish', 18],
  ['Tanh', 1],
  ['Softplus', 1],
  ['Softsign', 1],
  ['Elu', 1],
  ['Celu', 12],
  ['Selu', 1],
  ['Shrink', 9],
];

/** The tanh approximation where `approximate` asks for it (Hendrycks & Gimpel 2016). */
const geluCost: CostRule = (context) => {
  const approximate = context.attributes.string('approximate', 'none') === 'tanh';
  return perOutputElement(approximate ? ACTIVATION_FLOPS.TanhGelu : ACTIVATION_FLOPS.Gelu)(context);
};

/** Up to version 12 everything from axis 1 on was one row; later one axis is normalised, the last unless told. */
const ROWS = 1;
const LAST_AXIS = -1;

const softmax =
  (defaultAxis: number): ShapeRule =>
  (context) => {
    const input = context.tensor(0);
    const axis = context.attributes.int('axis', defaultAxis);
    if (input?.shape && input.shape.length > 0 && normalizeAxis(axis, input.shape.length) === null) {
      context.report('axis', `axis ${axis} does not exist at rank ${input.shape.length}.`);
    }
    return sameAsFirst(context);
  };

/** Elements of a known count follow: exporters clamp lengths at 0 with it. */
const relu: ShapeRule = (context) => {
  const input = context.tensor(0);
  if (!input) return [UNKNOWN];
  const data = evaluateElementwise([input], input.shape, input.dtype, ([x]) => (typeof x === 'number' ? Math.max(x, 0) : (x ?? null)));
  return [tensorFact(input.dtype, input.shape, data)];
};

/** Swish(A) * B, shapes equal. */
const swiGlu: ShapeRule = (context) => {
  const a = context.tensor(0);
  const b = context.tensor(1);
  return [a ? shaped(a.dtype, broadcastOrReport(context, [a.shape, b?.shape ?? null]) ?? a.shape) : UNKNOWN];
};

/** The swish of the gate and one product per element. */
const swiGluCost: CostRule = (context) => {
  const shape = context.output(0)?.shape;
  const count = shape ? product(shape) : null;
  const each = ACTIVATION_FLOPS.Swish + 1;
  return shape && count !== null ? flopsOnly(count * BigInt(each), `${formatProduct(shape)} elements * ${each} FLOPs`) : null;
};

/** Activations and the softmax family of ai.onnx. */
export const ACTIVATIONS: readonly Operator[] = meaning.means(
  {
    Relu: meaning.curve('relu'),
    LeakyRelu: meaning.curve('leakyRelu'),
    PRelu: meaning.curve('prelu', { weights: [1] }),
    ThresholdedRelu: meaning.curve('thresholdedRelu'),
    Sigmoid: meaning.curve('sigmoid'),
    HardSigmoid: meaning.curve('hardSigmoid'),
    HardSwish: meaning.curve('hardSwish'),
    Swish: meaning.curve('swish'),
    Mish: meaning.curve('mish'),
    Tanh: meaning.curve('tanh'),
    Softplus: meaning.curve('softplus'),
    Softsign: meaning.curve('softsign'),
    Elu: meaning.curve('elu'),
    Celu: meaning.curve('celu'),
    Selu: meaning.curve('selu'),
    Shrink: meaning.curve('shrink'),
    Gelu: meaning.curve('gelu'),
    Softmax: meaning.softmax(ROWS),
    'Softmax-13': meaning.softmax(LAST_AXIS),
    LogSoftmax: meaning.curve('logSoftmax'),
    Hardmax: meaning.curve('hardmax'),
  },
  [
    ...ELEMENTWISE.map(([name, since]) =>
      operator(name, since, name === 'Relu' ? relu : sameAsFirst, perOutputElement(ACTIVATION_FLOPS[name])),
    ),
    operator('Gelu', 20, sameAsFirst, geluCost),
    ...operators(['Softmax', 'LogSoftmax'], 1, softmax(ROWS), perOutputElement(SOFTMAX_FLOPS)),
    ...operators(['Softmax', 'LogSoftmax'], 13, softmax(LAST_AXIS), perOutputElement(SOFTMAX_FLOPS)),
    operator('Hardmax', 1, softmax(ROWS), perOutputElement(2)),
    operator('Hardmax', 13, softmax(LAST_AXIS), perOutputElement(2)),
    operator('SwiGLU', 28, swiGlu, swiGluCost),
  ],
);
