/** What was found while counting AA-ResNet against arXiv 1904.09925: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'The paper counts two for each multiply-add: halve its GFLOPS to compare.',
  'Keys have at least 20 dimensions per head; without this floor none of the printed parameter counts is reached.',
  'Relative embeddings are shared by the heads of a layer and count towards the parameters; their number grows with the image.',
  'In the second stage attention runs at half the side (3x3 average pooling before, bilinear upsampling after): 14 x 14 instead of 28 x 28 at 224.',
  'No reading reaches the printed cost of the augmented models: a full count is 1.5 to 2% above it (4.8% where everything attends), a count without the two attention products slightly below. The printed figures seem to count those products in part.',
  'At kappa = upsilon = 1 no convolution is left in the replaced positions; the stem, the first stage and the pointwise convolutions stay.',
];
