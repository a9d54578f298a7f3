import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildEnetSad } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** ENet-SAD: Learning Lightweight Lane Detection CNNs by Self Attention Distillation, arXiv 1908.00821. */
export const ENET_SAD: Family = {
  name: 'ENet-SAD',
  summary: 'Small lane detector whose encoders learn from the attention maps of deeper ones.',
  source: 'Learning Lightweight Lane Detection CNNs by Self Attention Distillation, arXiv 1908.00821',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildEnetSad,
};
