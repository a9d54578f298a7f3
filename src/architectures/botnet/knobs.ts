import type { Knob, Knobs } from '../family';

/** What can be changed about BoTNet, with the choices that arXiv 2101.11605 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'imageSize', kind: 'integer', default: 224, minimum: 32, maximum: 2048, doc: 'Side of the input image; a multiple of 32.' },
  { name: 'layers', kind: 'integers', default: [3, 4, 6, 3], minimum: 1, maximum: 100, doc: 'Blocks in each of the four stages.' },
  { name: 'width', kind: 'integer', default: 64, minimum: 8, maximum: 512, doc: 'Channels of the stem; doubled from stage to stage.' },
  { name: 'heads', kind: 'integer', default: 4, minimum: 1, maximum: 128, doc: 'Attention heads; they divide the width.' },
  {
    name: 'c5Stride',
    kind: 'integer',
    default: 1,
    minimum: 1,
    maximum: 2,
    doc: 'Stride of the last stage; with 2 its first block attends, then pools.',
  },
  {
    name: 'c4',
    kind: 'choice',
    default: 'convolution',
    choices: ['convolution', 'alternate'],
    doc: 'Third stage: convolutions, or attention in every other block.',
  },
  { name: 'relative', kind: 'boolean', default: true, doc: 'Relative positions of rows and columns against the queries.' },
  { name: 'stem', kind: 'choice', default: '7x7', choices: ['7x7', 'tiered'], doc: 'One 7x7 convolution, or three 3x3 of growing width.' },
  { name: 'classes', kind: 'integer', default: 1000, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

/** The knobs of each variant of BoTNet by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'BoTNet-50, c5 stride 1': {},
  'BoTNet-50, c5 stride 2': { c5Stride: 2 },
  'timm botnet26t_256': { imageSize: 256, layers: [2, 2, 2, 2], c5Stride: 2, c4: 'alternate', stem: 'tiered' },
};
