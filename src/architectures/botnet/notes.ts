/** What was found while counting BoTNet against arXiv 2101.11605: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'ResNet-50 with the three 3x3 convolutions of its last stage replaced by self-attention over all positions, without output projection.',
  'Relative positions: one vector for each difference of rows and of columns, shared by the heads and multiplied with the queries. The products with all 2H - 1 and 2W - 1 vectors count as MACs; placing them by the skewing trick is free.',
  'With a last stage of stride 1 all attentions see 14 x 14; with stride 2 the first sees 14 x 14 and is pooled, the others see 7 x 7.',
  'The paper prints 20.8 M parameters (not verified in a readable source): 20.86 M cut.',
  'S1-59 and S1-110 (33.5 M and 54.7 M) are known from quotations alone, and a public recount of T3 to T7 differs from the printed sizes by 6 to 9%: they are not built.',
];
