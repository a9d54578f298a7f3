import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildBoTNet } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** BoTNet: Bottleneck Transformers for Visual Recognition, arXiv 2101.11605. */
export const BOTNET: Family = {
  name: 'BoTNet',
  summary: 'A ResNet whose last 3x3 convolutions are self-attention over all positions.',
  source: 'Bottleneck Transformers for Visual Recognition, arXiv 2101.11605',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildBoTNet,
};
