import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildDeit } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** DeiT: Training data-efficient image transformers, arXiv 2012.12877. */
export const DEIT: Family = {
  name: 'DeiT',
  summary: 'ViT trained on ImageNet-1K alone, with or without a distillation token.',
  source: 'Training data-efficient image transformers, arXiv 2012.12877',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildDeit,
};
