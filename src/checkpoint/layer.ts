import type { DType } from '../model';

/** A tensor as its module sees it. */
export interface OwnTensor {
  /** The tensor's name within its module: `weight`, `lora_A.default.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/**
 * What a module computes as far as the shapes of its own tensors tell. `inputs` and `outputs` are channels or features;
 * `kernel` holds the extents of a convolution's window.
 */
export type Layer =
  | {
      readonly op: 'convolution';
      readonly inputs: number;
      readonly outputs: number;
      readonly kernel: readonly number[];
      readonly depthwise: boolean;
      readonly bias: boolean;
      readonly layout: Layout;
    }
  | { readonly op: 'linear'; readonly inputs: number; readonly outputs: number; readonly bias: boolean; readonly layout: Layout }
  | { readonly op: 'batchNorm'; readonly features: number; readonly affine: boolean }
  /** One gain for each feature, and an offset where there is a bias: layer, group and RMS normalisation look alike. */
  | { readonly op: 'norm'; readonly features: number; readonly shape: readonly number[]; readonly bias: boolean }
  /** `in_proj_weight` and its kin (torch.nn.MultiheadAttention). */
  | { readonly op: 'multiheadAttention'; readonly features: number; readonly bias: boolean }
  | {
      readonly op: 'recurrent';
      readonly inputs: number;
      readonly hidden: number;
      readonly gates: number;
      readonly layers: number;
      readonly bias: boolean;
      readonly bidirectional: boolean;
    };

/** `torch`: outputs first. `keras`: inputs before outputs, the window first. */
export type Layout = 'torch' | 'keras';

/** A layer that multiplies by a matrix. */
export type MatrixLayer = Extract<Layer, { readonly op: 'convolution' | 'linear' }>;

/** True for the layers that multiply by a matrix. */
export function isMatrix(layer: Layer | null): layer is MatrixLayer {
  return layer?.op === 'convolution' || layer?.op === 'linear';
}

/** Names of the same tensor in PyTorch, Keras, Flax and TensorFlow. */
const MATRICES = ['weight', 'kernel', 'depthwise_kernel', 'pointwise_kernel', 'w', 'weights', 'qweight'] as const;
const BIASES = ['bias', 'b', 'beta', 'biases'] as const;
const GAINS = ['weight', 'gamma', 'scale', 'alpha', 'g'] as const;
const MEANS = ['running_mean', 'moving_mean', 'mean'] as const;
const VARIANCES = ['running_var', 'moving_variance', 'var'] as const;

/** What a module's own tensors are; `null` where their names and shapes do not tell. */
export function layerOf(given: readonly OwnTensor[]): Layer | null {
  const own = new Map(given.map((tensor) => [plainName(tensor.name), tensor]));
  return multihead(own) ?? recurrent(own) ?? batchNorm(own) ?? matrix(own) ?? norm(own) ?? numbered(own);
}

/** `kernel:0` of TensorFlow, `parametrizations.weight.original0` and `weight_orig` of PyTorch, by their plain names. */
export function plainName(name: string): string {
  return name
    .replace(/:0$/, '')
    .replace(/^parametrizations\.(\w+)\.original(\d?)$/, (_, plain: string, which: string) => (which === '' ? plain : `${plain}_${which}`))
    .replace(/^weight_orig$/, 'weight');
}

type Own = ReadonlyMap<string, OwnTensor>;

function first(own: Own, names: readonly string[]): OwnTensor | undefined {
  for (const name of names) {
    const found = own.get(name);
    if (found) return found;
  }
  return undefined;
}

function multihead(own: Own): Layer | null {
  const fused = own.get('in_proj_weight');
  const query = own.get('q_proj_weight');
  const features = (fused ?? query)?.shape[1];
  if (features === undefined || (fused?.shape.length ?? 2) !== 2) return null;
  return { op: 'multiheadAttention', features, bias: own.has('in_proj_bias') };
}

/** PyTorch's LSTM, GRU and RNN: [gates * hidden, inputs] and [gates * hidden, hidden] for each layer and direction. */
function recurrent(own: Own): Layer | null {
  const [input, hidden] = [own.get('weight_ih_l0') ?? own.get('weight_ih'), own.get('weight_hh_l0') ?? own.get('weight_hh')];
  const [rows, width] = hidden?.shape ?? [];
  const inputs = input?.shape[1];
  if (rows === undefined || width === undefined || inputs === undefined || width === 0 || rows % width !== 0) return null;
  let layers = 1;
  while (own.has(`weight_ih_l${layers}`)) layers += 1;
  const bias = own.has('bias_ih_l0') || own.has('bias_ih');
  return { op: 'recurrent', inputs, hidden: width, gates: rows / width, layers, bias, bidirectional: own.has('weight_ih_l0_reverse') };
}

function batchNorm(own: Own): Layer | null {
  const mean = first(own, MEANS);
  const variance = first(own, VARIANCES);
  if (!mean || !variance || !isVector(mean) || !isVector(variance)) return null;
  return { op: 'batchNorm', features: mean.shape[0] ?? 0, affine: first(own, GAINS) !== undefined };
}

function matrix(own: Own): Layer | null {
  // Weight normalisation keeps a direction (weight_v, or original1) and a length.
  const found = first(own, MATRICES) ?? own.get('weight_v') ?? own.get('weight_1');
  if (!found) return null;
  const plain = plainName(found.name);
  const bias = first(own, BIASES);
  if (plain === 'qweight') return packed(found, own, bias !== undefined);
  const layout: Layout = plain.endsWith('kernel') ? 'keras' : 'torch';
  return matrixOf(found.shape, bias?.shape, { layout, depthwise: plain === 'depthwise_kernel', bias: bias !== undefined });
}

interface Traits {
  readonly layout: Layout;
  readonly depthwise: boolean;
  readonly bias: boolean;
}

function matrixOf(shape: readonly number[], biasShape: readonly number[] | undefined, traits: Traits): Layer | null {
  const { bias } = traits;
  if (shape.length === 2) {
    const [a = 0, b = 0] = shape;
    // A bias that fits the second extent alone: inputs come first (GPT-2's Conv1D, Keras, Flax).
    const [width] = biasShape ?? [];
    const swapped = traits.layout === 'keras' || (width !== undefined && biasShape?.length === 1 && width === b && width !== a);
    return swapped
      ? { op: 'linear', inputs: a, outputs: b, bias, layout: 'keras' }
      : { op: 'linear', inputs: b, outputs: a, bias, layout: 'torch' };
  }
  if (shape.length < 3 || shape.length > 5) return null;
  if (traits.layout === 'keras') {
    const [inputs = 0, outputs = 0] = shape.slice(-2);
    const kernel = shape.slice(0, -2);
    // Keras' depthwise kernel has a multiplier in the place of outputs.
    if (traits.depthwise) return { op: 'convolution', inputs, outputs: inputs * outputs, kernel, depthwise: true, bias, layout: 'keras' };
    return { op: 'convolution', inputs, outputs, kernel, depthwise: inputs === 1 && outputs > 1, bias, layout: 'keras' };
  }
  const [outputs = 0, inputs = 0, ...kernel] = shape;
  return { op: 'convolution', inputs, outputs, kernel, depthwise: inputs === 1 && outputs > 1, bias, layout: 'torch' };
}

/** GPTQ and AWQ pack several weights in an int32 along one axis; scales have a column for each output. */
function packed(weight: OwnTensor, own: Own, bias: boolean): Layer | null {
  const outputs = own.get('scales')?.shape[1];
  const inputs = own.get('g_idx')?.shape[0] ?? (weight.shape[1] === outputs ? undefined : weight.shape[0]);
  if (outputs === undefined || inputs === undefined || weight.shape.length !== 2) return null;
  return { op: 'linear', inputs, outputs, bias, layout: 'keras' };
}

function norm(own: Own): Layer | null {
  const gain = first(own, GAINS);
  const bias = first(own, BIASES);
  if (!gain || own.size > 2 + Number(own.has('num_batches_tracked'))) return null;
  const features = gain.shape.reduce((most, extent) => Math.max(most, extent), 0);
  // A vector, or one with extents of 1 around it so that it fits images.
  if (gain.shape.length === 0 || gain.shape.reduce((product, extent) => product * extent, 1) !== features) return null;
  if (bias && bias.shape.join() !== gain.shape.join()) return null;
  return { op: 'norm', features, shape: gain.shape, bias: bias !== undefined };
}

/** Keras 3 numbers a layer's variables: `vars/0` is the kernel, `vars/1` the bias; four vectors are batch normalisation. */
function numbered(own: Own): Layer | null {
  const [kernel, bias, mean, variance] = ['0', '1', '2', '3'].map((name) => own.get(name));
  if (!kernel || ![...own.keys()].every((name) => /^\d$/.test(name))) return null;
  const vectors = [...own.values()].every(isVector);
  if (vectors && mean && variance) return { op: 'batchNorm', features: kernel.shape[0] ?? 0, affine: true };
  if (vectors) return { op: 'norm', features: kernel.shape[0] ?? 0, shape: kernel.shape, bias: bias !== undefined };
  return matrixOf(kernel.shape, bias?.shape, { layout: 'keras', depthwise: false, bias: bias !== undefined });
}

function isVector(tensor: OwnTensor): boolean {
  return tensor.shape.length === 1;
}
