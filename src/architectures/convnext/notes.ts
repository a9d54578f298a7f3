/** What was found while counting ConvNeXt against arXiv 2201.03545: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'A convolutional network in the shape of a Swin Transformer: depthwise 7x7 where Swin has attention.',
  'MACs grow exactly with the pixels; parameters do not depend on the image.',
  'The README prints 28 M and 29 M for T (28.6 M), and 45.0 G and 47.0 G for B at 384 (45.12 G).',
];
