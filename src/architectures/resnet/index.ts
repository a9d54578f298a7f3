import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildResNet } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** ResNet: Deep Residual Learning for Image Recognition, arXiv 1512.03385. */
export const RESNET: Family = {
  name: 'ResNet',
  summary: 'Residual convolutional networks, the baselines that attention was measured against.',
  source: 'Deep Residual Learning for Image Recognition, arXiv 1512.03385',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildResNet,
};
