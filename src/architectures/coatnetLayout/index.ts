import { SIZES } from '../coatnet/knobs';
import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildLayout } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** CoAtNet-layout: CoAtNet: Marrying Convolution and Attention for All Data Sizes, arXiv 2106.04803, section 2.2. */
export const COATNET_LAYOUT: Family = {
  name: 'CoAtNet-layout',
  summary: 'The study behind CoAtNet: how many stages of convolution before attention.',
  source: 'CoAtNet: Marrying Convolution and Attention for All Data Sizes, arXiv 2106.04803, section 2.2',
  knobs: KNOBS,
  variants: [
    ...variantsOf(PUBLISHED, SETTINGS),
    { name: 'ViT_REL on the width of S3', knobs: { ...SIZES[0], layout: 'ViT_REL' }, published: null },
  ],
  notes: NOTES,
  build: buildLayout,
};
