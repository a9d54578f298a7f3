/** What was found while counting MobileNetV2 against arXiv 1801.04381: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'The parameter counts printed beside the reference code leave out the scales and shifts of BatchNorm: 3.47 M instead of 3.50 M at width 1.',
  'The last 1x1 convolution keeps its 1280 channels below width 1 and grows with the width above.',
  'The block leaves its narrow ends without activation and sums them: the inverse of a ResNet bottleneck, and the MBConv of MnasNet, EfficientNet and CoAtNet.',
];
