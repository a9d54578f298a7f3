import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildAAResNet } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** AA-ResNet: Attention Augmented Convolutional Networks, arXiv 1904.09925. */
export const AA_RESNET: Family = {
  name: 'AA-ResNet',
  summary: 'ResNet whose 3x3 convolutions give part of their outputs, or all, to self-attention over the whole map.',
  source: 'Attention Augmented Convolutional Networks, arXiv 1904.09925',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildAAResNet,
};
