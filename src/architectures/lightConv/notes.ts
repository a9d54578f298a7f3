/** What was found while counting LightConv against arXiv 1901.10430: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Weights that mix tokens, at d = 1024, k = 7 and 16 heads: a full convolution has k d^2 = 7,340,032, a depthwise one k d = 7,168, a lightweight one k H = 112.',
  'A lightweight convolution takes d k MACs for each token; sharing kernels saves weights, not work.',
  'Neighbouring channels share a kernel: channel c has that of head floor(c H / d).',
  'The big model with gates has 208.9 M parameters and 195.2 M without; 202 M is quoted for it, which gates in the decoder alone would come near to (201.5 M).',
  'The decoder keeps attention over the encoder, and looks at past tokens only.',
];
