/** What was found while counting ViT against arXiv 2010.11929: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'MACs count the patch convolution, linear layers and both attention products (2 T^2 d a block for T tokens); norms, softmax and sums are free.',
  'Tools that do not see into a fused attention leave both products out: ViT-B/16 at 224 then reads 16.85 G, 715,327,488 MACs short.',
  'The position table has one row a token, so the parameters grow with the image.',
  'ViT-L/16 is printed with 304 M and with 307 M parameters: 304.3 M at 224 and 304.7 M at 384 agree with the first; the second is the L/32 size and is not reached at 512 (305.2 M).',
  'ViT-H/14 is printed with 632 M, its count at 224; the longer position table of 518 makes 633.5 M.',
  'The costs printed for large images (190.7, 364 and 1021 G) lie within 0.6% of the count.',
  'timm ships L/32 and H/14 without a classifier: 1,025,000 and 1,281,000 parameters fewer.',
  'Names of weights are those of timm, with linear weights as [in, out].',
];
