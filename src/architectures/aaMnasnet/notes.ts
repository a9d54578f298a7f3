/** What was found while counting AA-MnasNet against arXiv 1904.09925: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Which convolutions of MnasNet-A1 were augmented, and by how much, is not established: this is a reading that reaches the printed parameters and costs of all four widths at their precision.',
  "The reading: the expanding 1x1 convolutions of the blocks that keep the size of the map (stages 3 to 7), 2 heads, kappa = 2 upsilon = 0.5 of the block's output, at least 20 key dimensions per head, attention at 14 x 14 where the map is 28 x 28.",
  'kappa = 2 upsilon, the least 20 key dimensions and the 14 x 14 are those of the AA-ResNets; heads, ratio and placement were searched for.',
  'Several other readings reach the figures as well, so that they do not settle the placement.',
  'The paper counts two for each multiply-add.',
];
