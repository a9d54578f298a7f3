/**
 * What operators mean, in words that every domain shares: whoever asks whether
 * a node adds, carries a value on or attends asks here, never for its name.
 */

/** Inputs by number. */
export type Inputs = readonly number[] | 'all';

/** What an operator takes its inputs for; those in no list are data, or weights wherever they hold many numbers. */
export interface InputRoles {
  /** Trained, however few elements: kernels, matrices, biases, scales. */
  readonly weights?: Inputs;
  /** Kept beside the weights: running statistics, initial states, positions. */
  readonly buffers?: Inputs;
  /** Part of the description, whatever the dtype: axes, extents, bounds, scales of quantisation. */
  readonly settings?: Inputs;
  /** Handed on as they are or rearranged: a constant is the same constant behind the operator. */
  readonly carries?: Inputs;
  /** Weights of fewer bits than a byte share bytes: the attribute that says how many bits each has, and its default. */
  readonly bits?: readonly [attribute: string, fallback: number];
}

/** What is done to two or more tensors element by element, broadcast. */
export type Arithmetic = 'add' | 'subtract' | 'multiply' | 'divide' | 'power' | 'maximum' | 'minimum' | 'mean' | 'modulo';

/** What is done to each element by itself and is no activation. */
export type Unary =
  | ('negate' | 'reciprocal' | 'root' | 'exponential' | 'logarithm' | 'sine' | 'cosine' | 'tangent' | 'absolute' | 'sign')
  | ('floor' | 'ceiling' | 'round' | 'arcsine' | 'arccosine' | 'arctangent' | 'hyperbolicSine' | 'hyperbolicCosine')
  | ('arcHyperbolicSine' | 'arcHyperbolicCosine' | 'arcHyperbolicTangent');

/** Questions that elements answer, and what joins the answers. */
export type Logic =
  | ('equal' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual' | 'isNaN' | 'isInfinite')
  | ('not' | 'and' | 'or' | 'exclusiveOr' | 'bitwise');

/** Activation functions, by their shape and not by their operators' names. */
export type Curve =
  | ('relu' | 'leakyRelu' | 'prelu' | 'elu' | 'selu' | 'celu' | 'gelu' | 'tanhGelu' | 'quickGelu' | 'sigmoid' | 'hardSigmoid')
  | ('hardSwish' | 'swish' | 'mish' | 'softplus' | 'softsign' | 'thresholdedRelu' | 'tanh' | 'erf' | 'clip' | 'logSoftmax')
  | ('hardmax' | 'shrink');

/** How elements change their places, or are repeated or left out; their values stay. */
export type Movement =
  | ('reshape' | 'transpose' | 'squeeze' | 'unsqueeze' | 'flatten' | 'identity' | 'expand' | 'slice' | 'split' | 'takeElement')
  | ('gather' | 'gatherElements' | 'gatherEntries' | 'concat' | 'pad' | 'tile' | 'cast' | 'depthToSpace' | 'spaceToDepth')
  | ('scatter' | 'drop' | 'quantize' | 'dequantize' | 'reverse' | 'compress' | 'triangle' | 'shape' | 'size' | 'constant')
  | ('fill' | 'range' | 'nonZero' | 'select' | 'identityMatrix' | 'oneHot' | 'reorder' | 'copy');

/** How many elements become one along axes. */
export type Reduction =
  | ('reduceMean' | 'reduceMax' | 'reduceMin' | 'reduceSum' | 'reduceProduct' | 'reduceL1' | 'reduceL2' | 'reduceSumSquare')
  | ('reduceLogSum' | 'reduceLogSumExp');

/** Over what statistics are taken: channels, features, groups or neighbours. */
export type Normalization =
  | ('batchNorm' | 'layerNorm' | 'instanceNorm' | 'groupNorm' | 'rmsNorm' | 'lpNorm' | 'localResponseNorm' | 'standardize')
  | 'embeddingNorm';

/** What tells attention where a token stands. */
export type Embedding = 'rotate' | 'positionBias';

/** Memory that an operator touches where that is not every element of every input and output. */
export type Traffic =
  /** The output is the input's own memory under another shape, in every runtime: nothing is read or written. */
  | 'view'
  /** No element of an input is read. */
  | 'reads extents'
  /** Of the first input only what is given out is read. */
  | 'picks'
  /** The value is kept with the weights and written nowhere. */
  | 'stored';

/** A kernel that slides over positions; numbers are places among the node's inputs. */
export interface Convolution {
  readonly kind: 'convolution';
  readonly does: 'convolve';
  readonly input: number;
  /** `[M, C/group, k1, k2, ...]`, `[C, M/group, k1, k2, ...]` where transposed. */
  readonly weight: number;
  readonly transposed: boolean;
  /** Maps are `[N, spatial..., C]` instead of `[N, C, spatial...]`. */
  readonly channelsLast: boolean;
}

/** Sums of products over shared axes; `left` and `right` are places among the node's inputs. */
export interface MatrixProduct {
  readonly kind: 'product';
  readonly does: 'multiplyMatrices';
  readonly left: number;
  readonly right: number;
  /** How its indices are told: from ranks and transposition, or from an equation. */
  readonly form: 'matrix' | 'einsum';
  /** The right operand is packed in blocks: attributes K and N, not its shape, give the matrix. */
  readonly packed: boolean;
}

/** Attention in one operator: scores, softmax and weighted sum; numbers are places among its inputs. */
export interface Attend {
  readonly kind: 'attend';
  readonly does: 'attend';
  readonly query: number;
  readonly key: number;
  readonly value: number;
  /** The first input is the hidden state, and the projections are inside. */
  readonly projectsItself: boolean;
  /** No attribute says so: it always is. */
  readonly causal: boolean;
}

/** Exponentials over their sum along one axis. */
export interface Softmax {
  readonly kind: 'softmax';
  readonly does: 'softmax';
  /** Where the node gives no axis. */
  readonly defaultAxis: number;
}

/** Many positions to one, by windows, over all or in regions; or the way back. */
export interface Pool {
  readonly kind: 'pool';
  readonly does: 'poolWindows' | 'poolAll' | 'poolRegions' | 'unpool';
  /** What becomes of the positions: the largest, their mean or their norm. */
  readonly gives: 'largest' | 'mean' | 'norm';
  readonly channelsLast: boolean;
}

/** Runs bodies; how their inputs and outputs stand to the node's. */
export interface Control {
  readonly kind: 'control';
  readonly does: 'branch' | 'loop' | 'scan' | 'mapSequence';
  /** Inputs of the node in front of those that the body has. */
  readonly ownInputs: number;
  /** Outputs of the body in front of those that the node has. */
  readonly bodyOutputs: number;
}

/** What an operator does, without the roles of its inputs. */
export type Act =
  | Convolution
  | MatrixProduct
  | Attend
  | Softmax
  | Control
  | { readonly kind: 'normalize'; readonly does: Normalization }
  | { readonly kind: 'activate'; readonly does: Curve }
  | Pool
  | { readonly kind: 'reduce'; readonly does: Reduction }
  /** `operands` are those that are combined, where other inputs describe them. */
  | { readonly kind: 'arithmetic'; readonly does: Arithmetic; readonly operands: Inputs }
  | { readonly kind: 'unary'; readonly does: Unary }
  | { readonly kind: 'logic'; readonly does: Logic }
  | {
      readonly kind: 'move';
      readonly does: Movement;
      /** The first input goes on unchanged but for layout or precision. */
      readonly transparent: boolean;
      readonly traffic: Traffic | null;
    }
  | { readonly kind: 'resample'; readonly does: 'resize' }
  | { readonly kind: 'embed'; readonly does: Embedding }
  | { readonly kind: 'recur'; readonly does: 'recur' }
  /** Gives something else at every run. */
  | { readonly kind: 'random'; readonly does: 'sample' }
  /** A known operator that nobody asks more of than its rules. */
  | { readonly kind: 'other'; readonly does: 'other' };

/** What an operator means from some version on. An operator nobody knows has no meaning, and nothing may be assumed of it. */
export type Meaning = Act & { readonly inputs: InputRoles };

/** Word for what an operator does, or for its kind. */
export type Word = Act['kind'] | Act['does'];

/** True where a list of inputs holds one. */
export function listsInput(inputs: Inputs | undefined, input: number): boolean {
  return inputs === 'all' || inputs?.includes(input) === true;
}

/** Words by which a walk or a rule tells the operators it takes. */
export type Words = ReadonlySet<Word>;

/** A set of meanings, checked against the words there are. */
export function words(...list: readonly Word[]): Words {
  return new Set(list);
}

/** True for an operator whose kind or act is among the words; never for an unknown one. */
export function isAmong(meaning: Meaning | null, set: Words): boolean {
  return meaning !== null && (set.has(meaning.kind) || set.has(meaning.does));
}

/** Kinds of operators that never multiply and add: what is not known of them is other work. */
export const NEVER_MULTIPLY = words(
  'activate',
  'arithmetic',
  'logic',
  'move',
  'normalize',
  'pool',
  'random',
  'reduce',
  'resample',
  'softmax',
  'unary',
);
