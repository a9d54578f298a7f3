import type { Family } from '../family';
import { variantsOf } from '../variants';
import { buildSequenceLayers, describeSequenceLayers } from './builder';
import { KNOBS, SETTINGS } from './knobs';
import { NOTES } from './notes';
import { PUBLISHED } from './published';

/** SequenceLayer: Attention Is All You Need, arXiv 1706.03762, table 1. */
export const SEQUENCE_LAYERS: Family = {
  name: 'SequenceLayer',
  summary: 'Single layers and stacks that mix the steps of a sequence: attention, recurrence and convolution side by side.',
  source: 'Attention Is All You Need, arXiv 1706.03762, table 1',
  knobs: KNOBS,
  variants: variantsOf(PUBLISHED, SETTINGS),
  notes: NOTES,
  build: buildSequenceLayers,
  facts: describeSequenceLayers,
};
