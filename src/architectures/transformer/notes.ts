/** What was found while counting Transformer against arXiv 1706.03762: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'One table is both embeddings and the output projection; it counts once.',
  'MACs are those of 128 source and 128 target tokens with the output projection. The half of the scores that the causal mask hides is computed and counted.',
  'Of n source and m target tokens: an encoder layer takes 4 n d^2 + 2 n^2 d + 2 n d f, a decoder layer 6 m d^2 + 2 n d^2 + 2 m^2 d + 2 n m d + 2 m d f, the output m d V.',
  'Table 3 of the paper prints 65 M for the base model: with about 37,000 shared tokens it has 63.1 M, and 65 M would take 40,700. The big model has 214.2 M, printed 213 M.',
  'Normalisation follows each residual sum, as first published, and no bias is left out.',
];
