import { type DType, isFloating } from '../../model';
import { listsInput, type Meaning } from '../../operators/meaning';

/**
 * What a constant is to the model:
 * `parameter`: a weight, bias, scale, embedding table (trained);
 * `buffer`: kept beside the weights and not trained (BatchNorm statistics, masks);
 * `none`: part of the computation's description (shapes, axes, epsilon, quantisation scales, index tables).
 */
export type Role = 'parameter' | 'buffer' | 'none';

/** Names that PyTorch models give what they register as buffers. */
const BUFFER_NAME = /(^|[._/])(running_mean|running_var|num_batches_tracked|attn_mask|causal_mask|mask|inv_freq|anchors?)$/;
/** A parameter's path in its module, which exporters keep as the initialiser's name. */
const PARAMETER_NAME = /^[A-Za-z_]\w*(\.\w+)+$/;

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
 * The role that input `input` of an operator gives a constant. Floating tensors
 * are parameters wherever they take part in arithmetic; single numbers there
 * are not, unless they carry a parameter's name; integers are only where they
 * are quantised weights.
 */
export function roleAt(meaning: Meaning | null, input: number, constant: ConstantTraits): Role {
  const inputs = meaning?.inputs;
  if (listsInput(inputs?.settings, input)) return 'none';
  const weight = listsInput(inputs?.weights, input);
  const quantised = QUANTISED.has(constant.dtype) && (constant.dequantised || weight);
  if (!isFloating(constant.dtype) && !quantised) return 'none';
  if (listsInput(inputs?.buffers, input) || BUFFER_NAME.test(constant.name)) return single(constant) ? 'none' : 'buffer';
  if (weight) return 'parameter';
  if (single(constant)) return PARAMETER_NAME.test(constant.name) ? 'parameter' : 'none';
  return 'parameter';
}

function single(constant: ConstantTraits): boolean {
  return constant.shape.every((dim) => dim === 1);
}
