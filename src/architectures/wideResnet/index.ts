import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildWideResNet } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** WideResNet: Wide Residual Networks, arXiv 1605.07146. */
export const WIDE_RESNET: Family = {
  name: 'WideResNet',
  summary: 'Shallow, wide residual networks for small images.',
  source: 'Wide Residual Networks, arXiv 1605.07146',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildWideResNet,
};
