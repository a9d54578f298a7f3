import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildTransformer } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** Transformer: Attention Is All You Need, arXiv 1706.03762. */
export const TRANSFORMER: Family = {
  name: 'Transformer',
  summary: 'Encoder and decoder of attention and feed-forward layers over tokens.',
  source: 'Attention Is All You Need, arXiv 1706.03762',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildTransformer,
};
