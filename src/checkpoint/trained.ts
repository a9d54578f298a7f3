import { isFloating, type Tensor } from '../model';

/** Names that PyTorch, Keras and well-known models give to what they keep and do not train. */
const BUFFERS =
  /^(?:running_(?:mean|var)|num_batches_tracked|moving_(?:mean|variance)|(?:\w+_)?position_ids|token_type_ids|relative_position_index|relative_coords_table|relative_position_buckets|relative_keys|attention_bias_idxs|attn_mask|causal_mask|masked_bias|(?:original_)?inv_freq|freqs_cis|rope_(?:freqs|cache)|(?:cos|sin)_(?:cached|cache)|anchors?|anchor_grid|strides?|pixel_(?:mean|std)|image_(?:mean|std)|num_updates|n_averaged|queue|queue_ptr|center|logit_prior|shift_table|zero_point|[af]b_idx|fake_quant_enabled|observer_enabled|min_val|max_val|eps|final_logits_bias|empty_weight)$/;
const QUANTIZED = /^(?:q(?:weight|zeros)|weight(?:_packed)?|[\w.]*quant\w*|[\w.]*int8|SCB|absmax|CB)$/;

/**
 * Whether a tensor is a parameter, which training changes. A file that does not say so leaves its name and its type:
 * integers and truth values are no parameters but where a quantised weight is stored as them.
 */
export function isTrained(tensor: Tensor, own: string): boolean {
  if (BUFFERS.test(own)) return false;
  if (isFloating(tensor.dtype)) return true;
  if (tensor.storage.kind === 'encoded' || tensor.dtype.startsWith('q')) return true;
  return /int/.test(tensor.dtype) && QUANTIZED.test(own) && tensor.shape.length > 1;
}
