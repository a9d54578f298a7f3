import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildConvNeXt } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** ConvNeXt: A ConvNet for the 2020s, arXiv 2201.03545. */
export const CONVNEXT: Family = {
  name: 'ConvNeXt',
  summary: 'Depthwise 7x7 convolutions in the shape of a vision Transformer.',
  source: 'A ConvNet for the 2020s, arXiv 2201.03545',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildConvNeXt,
};
