import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildDynamicConv } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** DynamicConv: Pay Less Attention with Lightweight and Dynamic Convolutions, arXiv 1901.10430. */
export const DYNAMIC_CONV: Family = {
  name: 'DynamicConv',
  summary: 'LightConv with kernels that every token predicts for itself.',
  source: 'Pay Less Attention with Lightweight and Dynamic Convolutions, arXiv 1901.10430',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildDynamicConv,
};
