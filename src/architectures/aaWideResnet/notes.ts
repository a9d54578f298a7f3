/** What was found while counting AA-WRN against arXiv 1904.09925: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'The printed baseline of 36.3 M fits only shortcuts without parameters, the printed SE-WRN of 36.5 M only squeeze-and-excitation without biases; the paper counts two for each multiply-add.',
  'Which convolutions were augmented is not established. The record "as printed" augments the first convolution of each group, keeps the shortcuts without parameters of the baseline and attends at full size, which reaches both 36.2 M and 10.9 GFLOPS: 36,239,932 parameters and 5.44 G multiply-adds.',
  'The first convolutions of all twelve blocks give 36.31 M with projected shortcuts and 36.05 M without; those of groups 2 and 3 with projected shortcuts give 36.21 M, but cost 2.7% less than printed.',
  'In the candidates the first group attends at 16 x 16 (average pooling before, bilinear upsampling after): attention over 32 x 32 in all its blocks would add 0.7 G multiply-adds.',
];
