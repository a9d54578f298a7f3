import type { Dim } from '../../model';
import { type ConvolutionForm, convolutionCost, convolutionOutput, imageShape, spatialOf } from '../common/convolution';
import { transposedCost, transposedOutput } from '../common/convolutionTransposed';
import { flopsOnly, formatProduct, multiplyAdds, noArithmetic, perInputElement, perOutputElement } from '../common/costs';
import { operator } from '../common/define';
import { addDims, multiplyDims, productOf, subtractDims } from '../common/dimArithmetic';
import { dtypeOf, extent, like, product, replaceExtents, shaped } from '../common/extents';
import { DEQUANTIZE_FLOPS, QUANTIZE_FLOPS, STANDARDIZE_FLOPS } from '../common/flops';
import * as meaning from '../common/meanings';
import { sameAsFirst } from '../common/shapes';
import { gridSampleCost } from '../onnx/image';
import { lrnCost } from '../onnx/normalization';
import { globallyPooled, pooled, pooledCost } from '../onnx/pooling';
import { qLinearConv, qLinearConvCost } from '../onnx/quantization';
import { scaled } from '../onnx/resize';
import { type CostRule, type Operator, type ShapeRule, UNKNOWN } from '../rule';
import { activationFlops } from './matrix';

const MICROSOFT = 'com.microsoft';
/** Layouts that ONNX Runtime's optimiser writes into the graphs it saves. */
const BLOCKED = 'com.microsoft.nchwc';
const CHANNELS_LAST = 'com.ms.internal.nhwc';

/** Activation, and a tensor added at input 3, both inside the convolution. */
const FUSED: ConvolutionForm = { x: 0, w: 1, bias: 2, perOutput: (context) => activationFlops(context) + (context.inputs[3] ? 1 : 0) };
const FUSED_LAST: ConvolutionForm = { ...FUSED, channelsLast: true };
/** Quantised, scales and zero points in between. */
const Q_LAST: ConvolutionForm = { x: 0, w: 3, bias: 8, channelsLast: true, perOutput: () => QUANTIZE_FLOPS };

function convolution(op: string, form: ConvolutionForm, domain = MICROSOFT): Operator {
  return operator(
    op,
    1,
    (context) => [convolutionOutput(context, form, dtypeOf(context.tensor(0)))],
    (context) => convolutionCost(context, form),
    domain,
  );
}

/** Pads are input 2, `[begin..., end...]`; the bias is input 3. */
const dynamicPads: ShapeRule = (context) => {
  const pads = context.inputs[2] ? (context.tensor(2)?.data ?? null) : [];
  return [transposedOutput(context, { bias: 3, pads: pads?.length === 0 ? new Array<Dim>(8).fill(0) : pads })];
};

const pool =
  (channelsLast: boolean): ShapeRule =>
  (context) => [pooled(context, dtypeOf(context.tensor(0)), channelsLast)];

const poolCost: CostRule = (context) => pooledCost(context, 1, 0);

const globalPool =
  (channelsLast: boolean): ShapeRule =>
  (context) => [globallyPooled(context, channelsLast)];

/** Layout is an attribute of the quantised pools. */
const isLast = (context: { attributes: { int(name: string, fallback: number): number } }): boolean =>
  context.attributes.int('channels_last', 0) === 1;

const qPool: ShapeRule = (context) => [pooled(context, dtypeOf(context.tensor(0)), isLast(context))];

const qPoolCost: CostRule = (context) => pooledCost(context, 1 + DEQUANTIZE_FLOPS, QUANTIZE_FLOPS);

const qGlobalPool: ShapeRule = (context) => [globallyPooled(context, isLast(context))];

/** `[N, C, H, W]` or channels last, to blocks of channels: the extents stay `[N, C, H, W]`. */
const reorderInput: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x?.shape || !isLast(context)) return [like(x)];
  return [shaped(x.dtype, imageShape(extent(x, 0), extent(x, -1), x.shape.slice(1, -1)))];
};

/** Back from blocks; `channels` is how many there are without padding. */
const reorderOutput: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x?.shape) return [like(x)];
  const channels = context.attributes.int('channels') ?? null;
  return [shaped(x.dtype, imageShape(extent(x, 0), channels, x.shape.slice(2), isLast(context)))];
};

const blockedUpsample: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x?.shape) return [like(x)];
  const scales = context.attributes.ints('scales');
  return [
    shaped(
      x.dtype,
      x.shape.map((dim, i) => scaled(dim, scales?.[i] ?? 1)),
    ),
  ];
};

const blockedUpsampleCost: CostRule = (context) => {
  const shape = context.output(0)?.shape;
  const count = shape ? product(shape) : null;
  const each = context.attributes.string('mode', 'nearest') === 'linear' ? 7n : 0n;
  return shape && count !== null ? flopsOnly(count * each, `${formatProduct(shape)} outputs * ${each} FLOPs`) : null;
};

/** Depthwise and causal along the last axis (the second with channels last); weights `[C, 1, k...]`, state of `(k - 1) * dilation` positions. */
const causalConv: ShapeRule = (context) => {
  const x = context.tensor(0);
  if (!x) return [UNKNOWN];
  const state = multiplyDims(subtractDims(extent(context.tensor(1), 2), 1), context.attributes.int('dilation', 1));
  const plain = context.attributes.int('ndim', 1) === 1;
  const one: readonly Dim[] = isLast(context) ? [extent(x, 0), state, extent(x, 2)] : [extent(x, 0), extent(x, 1), state];
  const window = context.attributes.int('state_window', 0);
  const dtype = dtypeOf(context.tensor(3), x.dtype);
  return [like(x), shaped(dtype, plain ? (window > 0 ? [window, ...one] : one) : null)];
};

const causalConvCost: CostRule = (context) => {
  const output = context.output(0)?.shape;
  const kernel = context.tensor(1)?.shape?.slice(2);
  const outputs = output ? product(output) : null;
  const taps = kernel ? product(kernel) : null;
  if (!output || !kernel || outputs === null || taps === null) return null;
  const activation = ['silu', 'swish'].includes(context.attributes.string('activation', 'none')) ? 5n : 0n;
  const extra = outputs * (activation + (context.inputs[2] ? 1n : 0n));
  return multiplyAdds(outputs * taps, `${formatProduct(output)} outputs * ${formatProduct(kernel)} taps`, extra);
};

/** Sequences one behind the other: input `[tokens, C]`, cumulated lengths `[B + 1]` at 2, bias at 3. */
const varlenCausalConv: ShapeRule = (context) => {
  const x = context.tensor(0);
  const state = multiplyDims(subtractDims(extent(context.tensor(1), 2), 1), context.attributes.int('dilation', 1));
  const batch = addDims(extent(context.tensor(2), 0), -1);
  const capacity = context.attributes.int('state_update_capacity', 0);
  const dtype = dtypeOf(x);
  return [like(x), shaped(dtype, [batch, extent(x, 1), state]), shaped(dtype, [batch, capacity, extent(x, 1)])];
};

/** `[N, H, W, C]` blocks of depth to space and back. */
const depthToSpace: ShapeRule = (context) => {
  const x = context.tensor(0);
  const block = context.attributes.int('blocksize', 1);
  if (!x?.shape) return [like(x)];
  const [height = null, width = null] = spatialOf(x, 2, true);
  const channels = extent(x, -1);
  const depth = typeof channels === 'number' && channels % (block * block) === 0 ? channels / (block * block) : null;
  return [shaped(x.dtype, replaceExtents(x.shape, { 1: multiplyDims(height, block), 2: multiplyDims(width, block), 3: depth }))];
};

const spaceToDepth: ShapeRule = (context) => {
  const x = context.tensor(0);
  const block = context.attributes.int('blocksize', 1);
  if (!x?.shape) return [like(x)];
  const halve = (dim: Dim): Dim => (typeof dim === 'number' && dim % block === 0 ? dim / block : null);
  const [height = null, width = null] = spatialOf(x, 2, true);
  const channels = productOf([extent(x, -1), block, block]);
  return [shaped(x.dtype, replaceExtents(x.shape, { 1: halve(height), 2: halve(width), 3: channels }))];
};

const maxPoolLast: ShapeRule = (context) => {
  const output = pooled(context, dtypeOf(context.tensor(0)), true);
  return [output, shaped('int64', output.kind === 'tensor' ? output.shape : null)];
};

/** X `[N, H, W, C]`, grid `[N, h, w, 2]`; output `[N, h, w, C]`. */
const gridSampleLast: ShapeRule = (context) => {
  const x = context.tensor(0);
  const grid = context.tensor(1);
  return [x ? shaped(x.dtype, [extent(x, 0), extent(grid, 1), extent(grid, 2), extent(x, -1)]) : UNKNOWN];
};

const qConvLast: ShapeRule = (context) => [convolutionOutput(context, Q_LAST, dtypeOf(context.tensor(7), dtypeOf(context.tensor(0))))];

const qPoolLast: ShapeRule = (context) => [pooled(context, dtypeOf(context.tensor(0)), true)];

/** com.microsoft: fused, quantised and with channels last. */
const FUSED_CONVOLUTIONS = meaning.means(
  {
    FusedConv: meaning.convolve(),
    NhwcConv: meaning.convolve({ channelsLast: true }),
    NhwcFusedConv: meaning.convolve({ channelsLast: true }),
    QLinearConv: meaning.convolve({ weight: 3 }, { weights: [3, 8], settings: [1, 2, 4, 5, 6, 7] }),
    ConvTransposeWithDynamicPads: meaning.convolve({ transposed: true }, { weights: [1, 3], settings: [2] }),
    NhwcMaxPool: meaning.pool('poolWindows', 'largest', true),
    MaxpoolWithMask: meaning.pool('poolWindows', 'largest'),
    QLinearAveragePool: meaning.pool('poolWindows', 'mean'),
    QLinearGlobalAveragePool: meaning.pool('poolAll', 'mean'),
  },
  [
    convolution('FusedConv', FUSED),
    convolution('NhwcConv', FUSED_LAST),
    convolution('NhwcFusedConv', FUSED_LAST),
    operator('QLinearConv', 1, qLinearConv, qLinearConvCost, MICROSOFT),
    operator('ConvTransposeWithDynamicPads', 1, dynamicPads, (context) => transposedCost(context, { bias: 3 }), MICROSOFT),
    operator('CausalConvWithState', 1, causalConv, causalConvCost, MICROSOFT),
    operator('VarlenCausalConvWithState', 1, varlenCausalConv, causalConvCost, MICROSOFT),
    operator('NhwcMaxPool', 1, pool(true), poolCost, MICROSOFT),
    operator('MaxpoolWithMask', 1, pool(false), poolCost, MICROSOFT),
    operator('QLinearAveragePool', 1, qPool, qPoolCost, MICROSOFT),
    operator('QLinearGlobalAveragePool', 1, qGlobalPool, perInputElement(1 + DEQUANTIZE_FLOPS), MICROSOFT),
  ],
);

/** Maps in blocks of channels. */
const BLOCKED_CONVOLUTIONS = meaning.means(
  {
    Conv: meaning.convolve(),
    MaxPool: meaning.pool('poolWindows', 'largest'),
    AveragePool: meaning.pool('poolWindows', 'mean'),
    GlobalMaxPool: meaning.pool('poolAll', 'largest'),
    GlobalAveragePool: meaning.pool('poolAll', 'mean'),
    ReorderInput: meaning.pass('reorder'),
    ReorderOutput: meaning.pass('reorder'),
    Upsample: meaning.resample([]),
  },
  [
    convolution('Conv', FUSED, BLOCKED),
    ...['MaxPool', 'AveragePool'].map((op) => operator(op, 1, pool(false), poolCost, BLOCKED)),
    ...['GlobalMaxPool', 'GlobalAveragePool'].map((op) => operator(op, 1, globalPool(false), perInputElement(1), BLOCKED)),
    operator('ReorderInput', 1, reorderInput, noArithmetic, BLOCKED),
    operator('ReorderOutput', 1, reorderOutput, noArithmetic, BLOCKED),
    operator('Upsample', 1, blockedUpsample, blockedUpsampleCost, BLOCKED),
  ],
);

/** ai.onnx's operators with channels last. */
const LAST_CONVOLUTIONS = meaning.means(
  {
    Conv: meaning.convolve({ channelsLast: true }),
    ConvTranspose: meaning.convolve({ transposed: true, channelsLast: true }),
    QLinearConv: meaning.convolve({ weight: 3, channelsLast: true }, { weights: [3, 8], settings: [1, 2, 4, 5, 6, 7] }),
    MaxPool: meaning.pool('poolWindows', 'largest', true),
    AveragePool: meaning.pool('poolWindows', 'mean', true),
    LpPool: meaning.pool('poolWindows', 'norm', true),
    GlobalMaxPool: meaning.pool('poolAll', 'largest', true),
    GlobalAveragePool: meaning.pool('poolAll', 'mean', true),
    GlobalLpPool: meaning.pool('poolAll', 'norm', true),
    QLinearAveragePool: meaning.pool('poolWindows', 'mean', true),
    BatchNormalization: meaning.normalize('batchNorm', { weights: [1, 2], buffers: [3, 4] }),
    InstanceNormalization: meaning.normalize('instanceNorm', { weights: [1, 2] }),
    LRN: meaning.normalize('localResponseNorm'),
    DepthToSpace: meaning.move('depthToSpace'),
    SpaceToDepth: meaning.move('spaceToDepth'),
  },
  [
    convolution('Conv', FUSED_LAST, CHANNELS_LAST),
    operator(
      'ConvTranspose',
      1,
      (context) => [transposedOutput(context, { bias: 2, channelsLast: true })],
      (context) => transposedCost(context, { bias: 2, channelsLast: true }),
      CHANNELS_LAST,
    ),
    operator('MaxPool', 1, maxPoolLast, poolCost, CHANNELS_LAST),
    operator('AveragePool', 1, pool(true), poolCost, CHANNELS_LAST),
    operator('LpPool', 1, pool(true), (context) => pooledCost(context, 2, 1), CHANNELS_LAST),
    ...['GlobalMaxPool', 'GlobalAveragePool'].map((op) => operator(op, 1, globalPool(true), perInputElement(1), CHANNELS_LAST)),
    operator('GlobalLpPool', 1, globalPool(true), perInputElement(2), CHANNELS_LAST),
    operator('QLinearConv', 1, qConvLast, (context) => convolutionCost(context, Q_LAST), CHANNELS_LAST),
    operator('QLinearAveragePool', 1, qPoolLast, qPoolCost, CHANNELS_LAST),
    operator('GridSample', 1, gridSampleLast, gridSampleCost, CHANNELS_LAST),
    operator('BatchNormalization', 1, sameAsFirst, perOutputElement(2), CHANNELS_LAST),
    operator('InstanceNormalization', 1, sameAsFirst, perOutputElement(STANDARDIZE_FLOPS + 2), CHANNELS_LAST),
    operator('LRN', 1, sameAsFirst, lrnCost, CHANNELS_LAST),
    operator('DepthToSpace', 1, depthToSpace, noArithmetic, CHANNELS_LAST),
    operator('SpaceToDepth', 1, spaceToDepth, noArithmetic, CHANNELS_LAST),
  ],
);

/** Convolutions and pools of com.microsoft and of the layouts ONNX Runtime's optimiser writes. */
export const CONTRIB_CONVOLUTION: readonly Operator[] = [...FUSED_CONVOLUTIONS, ...BLOCKED_CONVOLUTIONS, ...LAST_CONVOLUTIONS];
