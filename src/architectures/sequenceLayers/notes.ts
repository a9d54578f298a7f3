/** What was found while counting SequenceLayer against arXiv 1706.03762: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Published are orders of growth; parameters and MACs are those of one layer with its projections, n = 128, d = 512, k = 3, r = 16.',
  'The published order of self-attention leaves out the four projections, 4 n d^2: below n = 2 d they cost more than the attention itself.',
  'Recurrent layers keep two bias vectors a gate, as PyTorch does; others keep one (4 d less in an LSTM).',
  'A path of O(log_k n) through convolutions takes dilated ones; contiguous kernels take O(n/k).',
  'Truncated attention with r steps computes r scores for every step, those hidden at the ends of the sequence included.',
  'Weights that mix steps at d = 1024, k = 7, H = 16: 7,340,032 in a full convolution, 7,168 depthwise, 112 lightweight, 114,688 in the predictor of a dynamic one.',
];
