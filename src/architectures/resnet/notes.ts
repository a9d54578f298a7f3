/** What was found while counting ResNet against arXiv 1512.03385: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'MACs count convolutions and the classifier; normalisation, pooling and sums are free.',
  'The first publication put the stride of a bottleneck in its first 1x1 convolution (3.86 G at 224); torchvision puts it in the 3x3 (4.09 G). Parameters are equal.',
  'Some tables cut figures instead of rounding: 25.557 M appears as 25.5 M.',
  'Names of weights are those of torchvision, so that its state_dict can be bound to them.',
];
