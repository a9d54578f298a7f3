import type { Knob, Knobs } from '../family';
import { DEPTHS, RESNET_KNOBS } from '../resnet/knobs';
import { REDUCTION_KNOB } from '../seResnet/knobs';

/** What can be changed about Gather-Excite, with the choices that arXiv 1810.12348 leaves open. */
export const KNOBS: readonly Knob[] = [
  ...RESNET_KNOBS,
  {
    name: 'form',
    kind: 'choice',
    default: 'theta-',
    choices: ['theta-', 'theta', 'theta+'],
    doc: 'Gather by averaging, by depthwise convolution, or that with a bottleneck of 1x1 convolutions behind it.',
  },
  {
    name: 'extent',
    kind: 'choice',
    default: 'global',
    choices: ['2', '4', '8', 'global'],
    doc: 'Side of the neighbourhood that is gathered.',
  },
  REDUCTION_KNOB,
];

/** The knobs of each variant of Gather-Excite by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'GE-theta-minus ResNet-50 (global extent)': { ...DEPTHS[50], form: 'theta-' },
  'GE-theta ResNet-50 (global extent)': { ...DEPTHS[50], form: 'theta' },
  'GE-theta-plus ResNet-50 (global extent)': { ...DEPTHS[50], form: 'theta+' },
};
