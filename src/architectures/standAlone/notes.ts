/** What was found while counting SASA against arXiv 1906.05909: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Every 3x3 convolution of a bottleneck ResNet replaced by attention to the 7 x 7 neighbourhood; the stem stays convolutional.',
  'MACs: projections, and 2 x 49 x width for each position.',
  'A block that downsamples attends at the full side and pools 2 x 2 after it.',
  'Printed costs count 2 x MACs. ResNet-50: 6.78 G in that unit with this stem; 7.2 is printed for the form with an attention stem, whose layers are not specified in full.',
  '14.17 M parameters of ResNet-38 are printed as 14.1 M: cut, not rounded.',
  'Beyond the border neighbours are zeros to which the offsets are still added, as the padded unfolding of public code has it.',
];
