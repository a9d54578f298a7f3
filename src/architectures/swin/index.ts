import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildSwin } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** Swin: Swin Transformer: Hierarchical Vision Transformer using Shifted Windows, arXiv 2103.14030. */
export const SWIN: Family = {
  name: 'Swin',
  summary: 'A Transformer with attention in shifted windows over four resolutions.',
  source: 'Swin Transformer: Hierarchical Vision Transformer using Shifted Windows, arXiv 2103.14030',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildSwin,
};
