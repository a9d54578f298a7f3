import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildStandAlone } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** SASA: Stand-Alone Self-Attention in Vision Models, arXiv 1906.05909. */
export const STAND_ALONE: Family = {
  name: 'SASA',
  summary: 'A ResNet with attention to the neighbourhood in place of every 3x3 convolution.',
  source: 'Stand-Alone Self-Attention in Vision Models, arXiv 1906.05909',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildStandAlone,
};
