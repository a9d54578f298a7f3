import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildMnasNet } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** MnasNet: MnasNet: Platform-Aware Neural Architecture Search for Mobile, arXiv 1807.11626. */
export const MNASNET: Family = {
  name: 'MnasNet',
  summary: 'Inverted residuals with kernels and squeeze-and-excitation chosen by a search for speed on a phone.',
  source: 'MnasNet: Platform-Aware Neural Architecture Search for Mobile, arXiv 1807.11626',
  knobs: KNOBS,
  variants: [...variantsOf(PUBLISHED, SETTINGS), { name: 'MnasNet-B1 x1.0', knobs: { network: 'B1' }, published: null }],
  notes: NOTES,
  build: buildMnasNet,
};
