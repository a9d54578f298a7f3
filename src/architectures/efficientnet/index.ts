import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildEfficientNet } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** EfficientNet: EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, arXiv 1905.11946. */
export const EFFICIENTNET: Family = {
  name: 'EfficientNet',
  summary: 'MBConv with squeeze-and-excitation, width, depth and resolution scaled together.',
  source: 'EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, arXiv 1905.11946',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildEfficientNet,
};
