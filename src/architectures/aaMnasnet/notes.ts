export const NOTES: readonly string[] = [
  'Which convolutions of MnasNet-A1 were augmented, and by how much, is not established: this is a reading that reaches the printed parameters of all four widths at their precision.',
  'The reading: the expanding 1x1 convolutions of the last ten blocks (stages 4 to 7), 4 heads, kappa 0.1, upsilon 0.05, at least 10 key dimensions per head, attention at 14 x 14 where the map is 28 x 28.',
  'No reading that was tried reaches the printed costs of all four widths too; this one agrees at x0.75 and lies 1.4 to 1.7% above at the others, as AA-ResNet does by its full count of the attention products.',
  'Several other readings reach the parameters as well, so that they do not settle the placement.',
  'The paper counts two for each multiply-add.',
];
