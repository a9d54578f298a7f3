/** What was found while counting MnasNet against arXiv 1807.11626: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Two sources print costs: the attention-augmentation paper counts two for each multiply-add, the repository one, 0.9 to 2% above convolutions and linear layers.',
  'Squeeze-and-excitation narrows to a quarter of what enters the block.',
  'MnasNet-B1, without squeeze-and-excitation, has 4,383,312 parameters and 314,415,872 MACs at width 1.',
];
