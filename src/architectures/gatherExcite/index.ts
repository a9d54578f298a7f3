import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildGatherExcite } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** Gather-Excite: Gather-Excite: Exploiting Feature Context in Convolutional Neural Networks, arXiv 1810.12348. */
export const GATHER_EXCITE: Family = {
  name: 'Gather-Excite',
  summary: 'ResNet whose blocks are weighed by what they gather from a neighbourhood or the whole map.',
  source: 'Gather-Excite: Exploiting Feature Context in Convolutional Neural Networks, arXiv 1810.12348',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildGatherExcite,
};
