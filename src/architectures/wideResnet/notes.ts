/** What was found while counting WideResNet against arXiv 1605.07146: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Pre-activated blocks on images of 32 x 32 (CIFAR), without pooling in the stem.',
  'Projecting the shortcut by 1x1 convolutions instead of padding it with channels of zeros adds 258,560 parameters to WRN-28-10.',
];
