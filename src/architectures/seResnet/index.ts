import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildSEResNet } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** SE-ResNet: Squeeze-and-Excitation Networks, arXiv 1709.01507. */
export const SE_RESNET: Family = {
  name: 'SE-ResNet',
  summary: 'ResNet whose blocks weigh their channels by squeeze-and-excitation.',
  source: 'Squeeze-and-Excitation Networks, arXiv 1709.01507',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildSEResNet,
};
