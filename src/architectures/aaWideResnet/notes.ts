export const NOTES: readonly string[] = [
  'The printed baseline of 36.3 M fits only shortcuts without parameters, the printed SE-WRN of 36.5 M only squeeze-and-excitation without biases; the paper counts two for each multiply-add.',
  'No reading of the augmentation reaches both 36.2 M and 10.9 GFLOPS. All twelve first convolutions give 36.31 M with projected shortcuts and 36.05 M without; groups 2 and 3 with projected shortcuts give 36.21 M, but cost 2.7% less than printed.',
  'The record "as printed" is built as the reading that reaches its parameters: groups 2 and 3, projected shortcuts.',
  'The first group attends at 16 x 16 (average pooling before, bilinear upsampling after): attention over 32 x 32 there would add 0.7 G multiply-adds.',
];
