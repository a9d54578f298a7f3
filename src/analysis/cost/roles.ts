import { type DType, isFloating, type Node } from '../../model';
import { normalizeDomain } from '../../operators/domain';

/**
 * What a constant is to the model:
 * `parameter`: a weight, bias, scale, embedding table (trained);
 * `buffer`: kept beside the weights and not trained (BatchNorm statistics, masks);
 * `none`: part of the computation's description (shapes, axes, epsilon, quantisation scales, index tables).
 */
export type Role = 'parameter' | 'buffer' | 'none';

/** Operators through which a constant is still the same constant, by the inputs that pass. */
const PASSES: Readonly<Record<string, readonly number[] | 'all'>> = {
  Cast: [0],
  CastLike: [0],
  Concat: 'all',
  DequantizeLinear: [0],
  Expand: [0],
  Flatten: [0],
  Identity: [0],
  If: [],
  QuantizeLinear: [0],
  Reshape: [0],
  Slice: [0],
  Split: [0],
  Squeeze: [0],
  Tile: [0],
  Transpose: [0],
  Unsqueeze: [0],
};

/** Inputs that are settings, not weights, whatever their dtype. */
const SETTINGS: Readonly<Record<string, readonly number[] | 'all'>> = {
  BlackmanWindow: 'all',
  CenterCropPad: [1],
  Clip: [1, 2],
  Col2Im: [1, 2],
  Compress: [1],
  ConstantOfShape: 'all',
  ConvInteger: [2, 3],
  DequantizeLinear: [1, 2],
  Dropout: [1, 2],
  DynamicQuantizeLSTM: [8, 9, 10, 11],
  DynamicQuantizeMatMul: [2, 3],
  Equal: 'all',
  Expand: [1],
  Gather: [1],
  GatherBlockQuantized: [1, 2, 3],
  GatherElements: [1],
  GatherND: [1],
  Greater: 'all',
  GreaterOrEqual: 'all',
  GroupQueryAttention: [5, 6, 9],
  Less: 'all',
  LessOrEqual: 'all',
  MatMulBnb4: [2],
  MatMulInteger: [2, 3],
  MatMulIntegerToFloat: [2, 3, 4, 5],
  MatMulNBits: [2, 3, 4],
  NonMaxSuppression: 'all',
  OneHot: 'all',
  Pad: [1, 2, 3],
  Pow: [1],
  QAttention: [3, 4, 6, 7],
  QGemm: [1, 2, 4, 5, 7, 8],
  QLinearAdd: [1, 2, 4, 5, 6, 7],
  QLinearConv: [1, 2, 4, 5, 6, 7],
  QLinearMatMul: [1, 2, 4, 5, 6, 7],
  QLinearMul: [1, 2, 4, 5, 6, 7],
  QMoE: [3, 6, 9],
  QuantizeLinear: [1, 2],
  Range: 'all',
  Reshape: [1],
  Resize: [1, 2, 3],
  ScatterElements: [1],
  ScatterND: [1],
  Slice: [1, 2, 3, 4],
  Split: [1],
  Squeeze: [1],
  Tile: [1],
  TopK: [1],
  Trilu: [1],
  Unsqueeze: [1],
  Upsample: [1],
  Where: [0],
};

/** Inputs that are weights however few elements they have. */
const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2],
  Conv: [1, 2],
  ConvInteger: [1],
  ConvTranspose: [1, 2],
  DeformConv: [1, 3],
  DynamicQuantizeLSTM: [1, 2, 3, 7],
  DynamicQuantizeMatMul: [1, 4],
  FusedConv: [1, 2],
  FusedGemm: [1, 2],
  FusedMatMul: [0, 1],
  GRU: [1, 2, 3],
  GatherBlockQuantized: [0],
  Gemm: [0, 1, 2],
  GroupNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  LSTM: [1, 2, 3, 7],
  LayerNormalization: [1, 2],
  MatMul: [0, 1],
  MatMulBnb4: [1],
  MatMulInteger: [0, 1],
  MatMulIntegerToFloat: [1, 6],
  MatMulNBits: [1],
  NhwcConv: [1, 2],
  PRelu: [1],
  QAttention: [1, 2],
  QGemm: [3, 6],
  QLinearConv: [3, 8],
  QLinearMatMul: [0, 3],
  QMoE: [2, 4, 5, 7, 8, 10],
  RMSNormalization: [1],
  RNN: [1, 2, 3],
  SimplifiedLayerNormalization: [1],
  SkipLayerNormalization: [2, 3, 4],
};

/** Inputs that are kept beside the weights: running statistics, initial states, positions. */
const BUFFERS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [3, 4],
  GRU: [4, 5],
  LSTM: [4, 5, 6],
  RNN: [4, 5],
  RotaryEmbedding: [1, 2, 3],
  ScatterElements: [0, 2],
  ScatterND: [0, 2],
  Where: [1, 2],
};

/** Names that PyTorch models give what they register as buffers. */
const BUFFER_NAME = /(^|[._/])(running_mean|running_var|num_batches_tracked|attn_mask|causal_mask|mask|inv_freq|anchors?)$/;
/** A parameter's path in its module, which exporters keep as the initialiser's name. */
const PARAMETER_NAME = /^[A-Za-z_]\w*(\.\w+)+$/;

function lists(table: Readonly<Record<string, readonly number[] | 'all'>>, node: Node, input: number): boolean {
  const inputs = Object.hasOwn(table, node.op) ? table[node.op] : undefined;
  return inputs === 'all' || inputs?.includes(input) === true;
}

/** True where the node hands the constant on unchanged, or rearranged. */
export function passes(node: Node, input: number): boolean {
  return lists(PASSES, node, input);
}

/** Integer types that hold quantised weights. */
const QUANTISED: ReadonlySet<DType> = new Set(['int8', 'uint8', 'int4', 'uint4', 'int2', 'uint2', 'int16', 'uint16', 'int32']);

/** What decides whether a constant is a weight, a buffer or a setting. */
export interface ConstantTraits {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** True once it went through DequantizeLinear, so that integers stand for real weights. */
  readonly dequantised: boolean;
}

/**
 * The role that input `input` of `node` gives a constant. Floating tensors
 * are parameters wherever they take part in arithmetic; single numbers there
 * are not, unless they carry a parameter's name; integers are only where they
 * are quantised weights.
 */
export function roleAt(node: Node, input: number, constant: ConstantTraits): Role {
  if (lists(SETTINGS, node, input)) return 'none';
  const weight = lists(WEIGHTS, node, input);
  const quantised = QUANTISED.has(constant.dtype) && (constant.dequantised || (weight && normalizeDomain(node.domain) !== 'ai.onnx.ml'));
  if (!isFloating(constant.dtype) && !quantised) return 'none';
  if (lists(BUFFERS, node, input) || BUFFER_NAME.test(constant.name)) return single(constant) ? 'none' : 'buffer';
  if (weight) return 'parameter';
  if (single(constant)) return PARAMETER_NAME.test(constant.name) ? 'parameter' : 'none';
  return 'parameter';
}

function single(constant: ConstantTraits): boolean {
  return constant.shape.every((dim) => dim === 1);
}
