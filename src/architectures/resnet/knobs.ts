import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { ResNetOptions } from './network';

/** Knobs that every ResNet-shaped family has. */
export const RESNET_KNOBS: readonly Knob[] = [
  {
    name: 'block',
    kind: 'choice',
    default: 'bottleneck',
    choices: ['basic', 'bottleneck'],
    doc: 'Two 3x3 convolutions, or 1x1, 3x3 and 1x1.',
  },
  { name: 'layers', kind: 'integers', default: [3, 4, 6, 3], minimum: 1, maximum: 100, doc: 'Blocks in each of the four stages.' },
  { name: 'width', kind: 'integer', default: 64, minimum: 8, maximum: 512, doc: 'Channels of the stem; doubled from stage to stage.' },
  {
    name: 'strideIn',
    kind: 'choice',
    default: '3x3',
    choices: ['1x1', '3x3'],
    doc: 'Convolution of a bottleneck that downsamples: the first 1x1 (as first published) or the 3x3 (torchvision).',
  },
  { name: 'imageSize', kind: 'integer', default: 224, minimum: 32, maximum: 2048, doc: 'Side of the input image.' },
  { name: 'classes', kind: 'integer', default: 1000, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

/** ResNet's own: the width inside bottlenecks. */
export const KNOBS: readonly Knob[] = [
  ...RESNET_KNOBS,
  {
    name: 'innerWidth',
    kind: 'integer',
    default: 1,
    minimum: 1,
    maximum: 16,
    doc: 'Factor of the channels inside bottlenecks: 2 in Wide ResNet-50-2.',
  },
];

/** Depths by the number in the name. */
export const DEPTHS = {
  18: { block: 'basic', layers: [2, 2, 2, 2] },
  34: { block: 'basic', layers: [3, 4, 6, 3] },
  50: { block: 'bottleneck', layers: [3, 4, 6, 3] },
  101: { block: 'bottleneck', layers: [3, 4, 23, 3] },
  152: { block: 'bottleneck', layers: [3, 8, 36, 3] },
} as const satisfies Readonly<Record<number, Knobs>>;

/** The knobs of each variant of ResNet by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'ResNet-18': DEPTHS[18],
  'ResNet-34': DEPTHS[34],
  'ResNet-50': DEPTHS[50],
  'ResNet-101': DEPTHS[101],
  'ResNet-152': DEPTHS[152],
  'ResNet-50, stride in first 1x1 (original placement)': { ...DEPTHS[50], strideIn: '1x1' },
  wide_resnet50_2: { ...DEPTHS[50], innerWidth: 2 },
};

/** @throws UserError when there are not four stages. */
export function resnetOptions(knobs: KnobReader): ResNetOptions {
  return {
    block: knobs.choice('block'),
    layers: knobs.integersOf('layers', 4),
    width: knobs.number('width'),
    innerWidth: 1,
    strideIn: knobs.choice('strideIn'),
    classes: knobs.number('classes'),
  };
}
