import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildCoAtNet } from './builder';
import { KNOBS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';
import { SETTINGS } from './settings';

/** CoAtNet: CoAtNet: Marrying Convolution and Attention for All Data Sizes, arXiv 2106.04803. */
export const COATNET: Family = {
  name: 'CoAtNet',
  summary: 'Stages of MBConv followed by stages of attention with relative positions.',
  source: 'CoAtNet: Marrying Convolution and Attention for All Data Sizes, arXiv 2106.04803',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildCoAtNet,
};
