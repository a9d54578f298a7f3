import { FUNCTION, type Layer, volume } from '../layers';
import { addTo, type Part, type Parts } from '../types';
import { CLASSES, isOf } from './classes';
import { partOf, type Tool } from './tool';

/**
 * A module with a rule of its own hides the rules of the modules inside: the
 * projections of these attentions are then counted nowhere (`accumulate_flops`).
 */
const HIDING = new Set([
  'timm.layers.attention.Attention',
  'timm.models.vision_transformer.Attention',
  'torch.nn.modules.activation.MultiheadAttention',
]);
const NORMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['batchNorm', CLASSES.batchNorm],
  ['layerNorm', CLASSES.layerNorm],
  ['groupNorm', CLASSES.groupNorm],
  ['instanceNorm', CLASSES.instanceNorm],
]);
const POOLS: ReadonlyMap<string, readonly string[]> = new Map([
  ['averagePool', CLASSES.averagePool],
  ['maxPool', CLASSES.maxPool],
  ['averageAll', CLASSES.averageAll],
  ['maxAll', CLASSES.maxAll],
]);
/** Modules with a rule, and functions that it patches: a module that calls such a function counts twice. */
const ACTIVATIONS: ReadonlyMap<string, { readonly module: readonly string[]; readonly patched: boolean }> = new Map([
  ['relu', { module: CLASSES.relu, patched: true }],
  ['clip', { module: CLASSES.relu6, patched: false }],
  ['prelu', { module: CLASSES.prelu, patched: true }],
  ['elu', { module: CLASSES.elu, patched: true }],
  ['gelu', { module: CLASSES.gelu, patched: true }],
  ['leakyRelu', { module: CLASSES.leakyRelu, patched: false }],
  ['swish', { module: [], patched: true }],
]);

/** Rules for modules (`MODULES_MAPPING`). */
function byModule(layer: Layer): readonly (readonly [Part, bigint])[] {
  const { kind, input, output, bias, macs, detail } = layer;
  const added: readonly [Part, bigint] = ['bias', bias > 0n ? volume(output) : 0n];
  if (kind === 'convolution') return isOf(layer, CLASSES.convolution) ? [['convolution', macs], added] : [];
  if (kind === 'linear') return isOf(layer, CLASSES.linear) ? [['linear', macs], added] : [];
  const norm = NORMS.get(kind);
  if (norm) {
    if (!isOf(layer, norm)) return [];
    const times = kind === 'batchNorm' || kind === 'groupNorm' || (kind === 'instanceNorm' && layer.weights > 0n) ? 2n : 1n;
    return [[kind === 'batchNorm' || kind === 'layerNorm' ? kind : 'otherNorm', times * volume(input)]];
  }
  const pool = POOLS.get(kind);
  if (pool) return isOf(layer, pool) ? [['pooling', volume(input)]] : [];
  const activation = kind === 'activation' ? ACTIVATIONS.get(detail) : undefined;
  if (activation) return activation.module.length > 0 && isOf(layer, activation.module) ? [['activation', volume(input)]] : [];
  return kind === 'resize' && isOf(layer, CLASSES.upsample, false) ? [['resize', volume(output)]] : [];
}

/** Rules for functions (`FUNCTIONAL_MAPPING`), which modules of `torch.nn` call too. */
function byFunction(layer: Layer): readonly [Part, bigint] | null {
  const { kind, input, output, detail } = layer;
  if (POOLS.has(kind)) return ['pooling', volume(input)];
  if (kind === 'resize') return ['resize', volume(output)];
  if (kind === 'activation') return ACTIVATIONS.get(detail)?.patched ? ['activation', volume(input)] : null;
  // It patches `torch.mul` and `x.mul()`, and cannot patch what `x * y` calls.
  if (kind === 'elementwise') return /\.(?:mul|add)\(/.test(layer.line) ? ['elementwise', volume(output)] : null;
  if (kind === 'product') return /\.(?:matmul|bmm|mm)\(/.test(layer.line) ? [partOf(kind, layer.attends), layer.macs] : null;
  // `x.softmax()` is a method, which it does not patch; the class tells a module, which calls the function.
  if (kind === 'softmax')
    return isOf(layer, CLASSES.softmax, false) || /\b(?:F|functional)\.softmax\(/.test(layer.line) ? ['softmax', volume(input)] : null;
  return null;
}

/** `timm_attention_counter_hook`, and the heads' part of that for `MultiheadAttention`. */
function ofAttention({ operands }: Layer): bigint {
  const [query = [], key = [], value = []] = operands;
  const [batch = 1, heads = 1, queries = 1, width = 1] = query;
  const keys = Math.max(key.at(-2) ?? 1, key.at(-1) === width ? 1 : (key.at(-1) ?? 1));
  const many = BigInt(queries);
  const tokens = key.at(-1) === width ? BigInt(key.at(-2) ?? keys) : BigInt(key.at(-1) ?? keys);
  const head = many * tokens * (BigInt(width) + 1n + BigInt(value.at(-1) ?? width));
  return BigInt(batch) * BigInt(heads) * (many * BigInt(width) + head);
}

function count(layers: readonly Layer[]): Parts {
  const parts: Parts = new Map();
  for (const layer of layers) {
    const hidden = layer.around.some(({ module }) => HIDING.has(module));
    if (!hidden) for (const [part, operations] of byModule(layer)) addTo(parts, part, operations * layer.times * layer.names);
    else if (layer.kind === 'attention') addTo(parts, 'attention', ofAttention(layer) * layer.times);
    const called = layer.module === FUNCTION && layer.kind === 'softmax' ? null : byFunction(layer);
    if (called) addTo(parts, called[0], called[1] * layer.times);
  }
  return parts;
}

/** ptflops with its default backend: https://github.com/sovrasov/flops-counter.pytorch (MIT). */
export const PTFLOPS: Tool = {
  name: 'ptflops',
  version: '0.7.5',
  call: 'ptflops.get_model_complexity_info(model, (3, H, W))',
  unit: 'MACs',
  perMac: 1n,
  readsGraph: false,
  count: ({ layers }) => count(layers.list),
  parameters: () => null,
  why: {
    convolution: 'It counts modules of the classes Conv1d to ConvTranspose3d alone, none derived from them.',
    linear: "It counts modules of the class Linear alone, and leaves out those inside timm's Attention and torch's MultiheadAttention.",
    attention: "It knows timm's Attention and torch's MultiheadAttention, with scaling and softmax; products that `@` makes are left out.",
    product: 'Products that `@` makes are left out, those of torch.matmul counted.',
    bias: 'It adds an operation for each bias.',
    batchNorm: 'It adds 2 operations an element for modules of the class BatchNorm alone.',
    layerNorm: 'It adds 1 operation an element for modules of the class LayerNorm alone.',
    otherNorm: 'It adds operations for GroupNorm (2 an element) and InstanceNorm.',
    softmax: 'It adds 1 operation an element for softmax that is a module or a function.',
    activation: 'It adds 1 operation an element for an activation, twice where a module calls a function that it counts too (ReLU, GELU).',
    pooling: 'It adds 1 operation an input element of pooling, twice where a module calls a function that it counts too.',
    elementwise:
      'It adds 1 operation an element for sums and products written as functions or methods (`x.mul(y)`), none for operators (`x * y`).',
    resize: 'It adds 1 operation an output element of interpolation.',
  },
  parametersWhy: '',
};
