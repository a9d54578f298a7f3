/** What was found while counting SE-ResNet against arXiv 1709.01507: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'The gate stands on the output of a block, before the sum, and narrows to a sixteenth of its channels, with biases.',
  'Rounding that width up to 8, as some rebuilds do, changes SE-ResNet-34 from 21,958,868 to 21,960,416 parameters.',
  'Figures of the attention-augmentation paper count two for each multiply-add; its costs for 34 and 152 layers lie 1% and 0.3% above every reading of the network, and its plain ResNet-34 shares the excess.',
];
