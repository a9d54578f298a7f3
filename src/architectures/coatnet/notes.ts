/** What was found while counting CoAtNet against arXiv 2106.04803: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'MACs count convolutions, linear layers and both attention products; norms, softmax, pooling and sums are free.',
  'Printed costs are 1 to 3.6% above this count. For CoAtNet-0 to 5 at 384 and 512 the excess is 13 to 17 MACs per attention score; its cause is not established.',
  "The paper's equation 5 puts the stride of an MBConv in the first 1x1; its ablation, its JFT models and timm put it in the depthwise convolution, which costs more and is 0.2 to 0.4 points better at the small sizes.",
  'The figure of the paper shows pooling and one linear layer as head. Printed parameters are reached with a further linear layer and tanh (pre-logits), and lie 1 to 2.4% above the count without it: that the layer is there is inferred from the counts.',
  'In CoAtNet-2, 3, 4 and 6 stage S1 keeps the width of the stem, so that its first block has no projection.',
  'Bias tables grow with the image. CoAtNet-3 counts 167.0 M at 224 and 167.5 M at 384; 168 M, printed for all, is reached at 512. CoAtNet-4 counts 276.5 M at 384 and 277.7 M at 512; 275 M, printed for both, is its count at 224.',
  'CoAtNet-6: the widths of the table give 1.350 B parameters, 8% below the printed 1.47 B; no reading reaches it. CoAtNet-7 agrees with its printed 2.44 B.',
  'timm keeps heads of 32 in coatnet_5, the paper uses 64: the tables differ, and so do the parameters.',
  'Sizes that are no multiple of 32 round up at each stage, as padding "same" does.',
];
