/** What was found while counting EfficientNet against arXiv 1905.11946: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Convolutions pad as TensorFlow does, so that a stride of 2 gives half the side rounded up, with one more zero after than before.',
  'The printed costs count more than convolutions and linear layers and lie 1 to 2% above the multiply-adds counted here from B1 on; B0 agrees.',
  'Squeeze-and-excitation narrows to a quarter of what enters the block, not of the expanded width.',
];
