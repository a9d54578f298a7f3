import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildLightConv } from './builder';
import { KNOBS, settingsOf } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** LightConv: Pay Less Attention with Lightweight and Dynamic Convolutions, arXiv 1901.10430. */
export const LIGHT_CONV: Family = {
  name: 'LightConv',
  summary: 'Encoder and decoder whose self-attentions are depthwise convolutions with shared, softmax-normalised kernels.',
  source: 'Pay Less Attention with Lightweight and Dynamic Convolutions, arXiv 1901.10430',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, settingsOf('LightConv')),
  notes: NOTES,
  build: buildLightConv,
};
