/** What was found while counting DeiT against arXiv 2012.12877: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'DeiT is ViT trained differently: without distillation the networks are equal.',
  'The distilled form adds a token, its position and a second classifier; at inference the two classifiers are averaged.',
  'The README and the CoAtNet baseline rows cut figures instead of rounding: 5.72 M is printed 5 M, 86.57 M 86 M, 17.56 G 17.5 G.',
];
