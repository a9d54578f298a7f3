import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildConformer } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** Conformer: Conformer: Convolution-augmented Transformer for Speech Recognition, arXiv 2005.08100. */
export const CONFORMER: Family = {
  name: 'Conformer',
  summary: 'Blocks of attention and depthwise convolution between two half feed-forward networks, over sound.',
  source: 'Conformer: Convolution-augmented Transformer for Speech Recognition, arXiv 2005.08100',
  knobs: KNOBS,
  mainInput: 'features',
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildConformer,
};
