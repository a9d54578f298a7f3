/** What was found while counting MaxViT against arXiv 2204.01697: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Every block is MBConv, attention within windows and attention over a grid: global reach at a cost linear in the pixels.',
  'The TensorFlow code expands each relative position table by two einsums with one-hot tables, real MACs: 6,634,992 in all at 224, 92,921,472 at 384, 382,642,176 at 512. With the knob biasLookup at "gather" they are not there: 5,545,201,664 MACs at 224.',
  'Printed costs at 384 and 512 (17.7 and 33.7 B) are 1.7 and 1.3% above this count.',
  'Convolutions of the published weights pad as TensorFlow does ("same"), which shifts them by a pixel; here padding is symmetric. Neither figure changes.',
];
