import type { Knob, Knobs } from '../family';

/** What can be changed about SASA, with the choices that arXiv 1906.05909 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'imageSize', kind: 'integer', default: 224, minimum: 32, maximum: 1024, doc: 'Side of the input image; a multiple of 32.' },
  { name: 'layers', kind: 'integers', default: [3, 4, 6, 3], minimum: 1, maximum: 100, doc: 'Blocks in each of the four stages.' },
  { name: 'width', kind: 'integer', default: 64, minimum: 2, maximum: 512, doc: 'Channels of the stem; doubled from stage to stage.' },
  { name: 'heads', kind: 'integer', default: 8, minimum: 1, maximum: 128, doc: 'Attention heads; an even number of channels each.' },
  { name: 'window', kind: 'integer', default: 7, minimum: 1, maximum: 31, doc: 'Side of the neighbourhood; odd.' },
  { name: 'relative', kind: 'boolean', default: true, doc: 'Learnt row and column offsets in the keys.' },
  { name: 'classes', kind: 'integer', default: 1000, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

/** The knobs of each variant of SASA by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'Stand-alone self-attention ResNet-26 (convolutional stem)': { layers: [1, 2, 4, 1] },
  'Stand-alone self-attention ResNet-38 (convolutional stem)': { layers: [2, 3, 5, 2] },
  'Stand-alone self-attention ResNet-50 (convolutional stem)': { layers: [3, 4, 6, 3] },
};
