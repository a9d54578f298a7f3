import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildAAMnasNet } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** AA-MnasNet: Attention Augmented Convolutional Networks, arXiv 1904.09925. */
export const AA_MNASNET: Family = {
  name: 'AA-MnasNet',
  summary: 'MnasNet whose expanding 1x1 convolutions give part of their outputs to self-attention.',
  source: 'Attention Augmented Convolutional Networks, arXiv 1904.09925',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildAAMnasNet,
};
