/** What was found while counting ENet-SAD against arXiv 1908.00821: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'The printed 0.98 M is reached by two sets of encoder weights with bottlenecks that halve the sides narrowing to a quarter of their output, as in the first implementation of ENet (arXiv 1606.02147): 978,741.',
  'Narrowing to a quarter of their input, as a later rebuild does, three encoders that share weights have 0.82 M, two separate ones 0.96 M, three separate ones 1.11 M.',
  'Self-attention distillation teaches each encoder the attention map of the next while training; it adds neither parameters nor multiply-adds. The maps are given as outputs, all at the sides of the first.',
  'The maps come from activations alone, without queries and keys: the attention budget of this network is zero.',
  'Max-unpooling puts values back where the maxima stood when the map was pooled.',
];
