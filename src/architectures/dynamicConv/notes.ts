/** What was found while counting DynamicConv against arXiv 1901.10430: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Each token predicts its kernels by a matrix of d x H k weights without bias: 114,688 at d = 1024, k = 7 and 16 heads, and as many MACs for each token, beside the d k of applying them.',
  'The big model with gates has 213.2 M parameters, as printed (213 M).',
  'With a predictor that gives every token the same kernels it is a lightweight convolution.',
];
