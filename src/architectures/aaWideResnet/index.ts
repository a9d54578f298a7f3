import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildAAWideResNet } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** AA-WRN: Attention Augmented Convolutional Networks, arXiv 1904.09925. */
export const AA_WIDE_RESNET: Family = {
  name: 'AA-WRN',
  summary: 'Wide ResNet with attention-augmented convolutions, and the gates it was measured against.',
  source: 'Attention Augmented Convolutional Networks, arXiv 1904.09925',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildAAWideResNet,
};
