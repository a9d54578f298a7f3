export const NOTES: readonly string[] = [
  'No reading reaches the printed 0.98 M: three encoders that share weights have 0.82 M, two separate ones 0.96 M, three separate ones 1.11 M. The record "as published" is built with two separate ones, the nearest.',
  'Self-attention distillation teaches each encoder the attention map of the next while training; it adds neither parameters nor multiply-adds. The maps are given as outputs, all at the sides of the first.',
  'The maps come from activations alone, without queries and keys: the attention budget of this network is zero.',
  'Max-unpooling puts values back where the maxima stood when the map was pooled.',
];
