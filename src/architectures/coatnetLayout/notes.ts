/** What was found while counting CoAtNet-layout against arXiv 2106.04803: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'The study gave its five layouts one size and one cost, and prints no widths: published counts do not exist. The variants here exchange the block type on the widths and depths of CoAtNet-0 without the pre-logits layer, and are not matched in size.',
  'ViT_REL: a convolution over patches of 16, then as many relative attention blocks as the other layouts have blocks, at the width of S3.',
  'Printed order of generalisation (ImageNet-1K): C-C-C-C about equal to C-C-C-T, not below C-C-T-T, which is above C-T-T-T and far above ViT_REL.',
  'Printed order of capacity (JFT): C-C-T-T about equal to C-T-T-T, above ViT_REL, above C-C-C-T, above C-C-C-C.',
  'Transfer, C-C-T-T against C-T-T-T: 34.40 and 34.36 precision on JFT, 82.39 and 81.78 top-1 at 224, 84.23 and 84.02 at 384.',
  'Relative attention, with and without it: 84.1 and 83.8 top-1 at 224, 85.7 and 85.3 at 384.',
];
