/** What was found while counting Conformer against arXiv 2005.08100: conventions, contradictions, and what was inferred. */
export const NOTES: readonly string[] = [
  'Figures are those of the encoder for 1,000 frames of 80 bands, 249 frames after subsampling.',
  'The paper prints totals of the whole transducer: 10.3 M, 30.7 M and 118.8 M. Encoder and LSTM predictor of the large one have 118,795,264, so that its print leaves no room for a joint network.',
  'What the joint networks of the small and medium ones are is not said: encoder and predictor have 9,841,856 and 31,203,328.',
  'Relative positions are projected for all 2 T - 1 offsets in every layer, and scored against every query.',
];
