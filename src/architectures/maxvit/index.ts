import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildMaxVit } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** MaxViT: MaxViT: Multi-Axis Vision Transformer, arXiv 2204.01697. */
export const MAXVIT: Family = {
  name: 'MaxViT',
  summary: 'MBConv, attention within windows and attention over a grid in every block.',
  source: 'MaxViT: Multi-Axis Vision Transformer, arXiv 2204.01697',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildMaxVit,
};
