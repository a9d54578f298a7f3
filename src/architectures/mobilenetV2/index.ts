import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildMobileNetV2 } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** MobileNetV2: MobileNetV2: Inverted Residuals and Linear Bottlenecks, arXiv 1801.04381. */
export const MOBILENET_V2: Family = {
  name: 'MobileNetV2',
  summary: 'Inverted residuals with linear bottlenecks, where MBConv comes from.',
  source: 'MobileNetV2: Inverted Residuals and Linear Bottlenecks, arXiv 1801.04381',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildMobileNetV2,
};
