import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildVit } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** ViT: An Image is Worth 16x16 Words, arXiv 2010.11929. */
export const VIT: Family = {
  name: 'ViT',
  summary: 'A Transformer encoder over image patches, with a class token and learned positions.',
  source: 'An Image is Worth 16x16 Words, arXiv 2010.11929',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildVit,
};
