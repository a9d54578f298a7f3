import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { Augmentation } from '../layers/attentionAugmented';
import { DEPTHS, RESNET_KNOBS } from '../resnet/knobs';

/** Knobs of attention augmentation, shared by the networks that it was tried on. */
export const AUGMENTATION_KNOBS: readonly Knob[] = [
  { name: 'kappa', kind: 'number', default: 0.2, minimum: 0, maximum: 4, doc: "Depth of the keys as a part of the layer's outputs." },
  {
    name: 'upsilon',
    kind: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
    doc: "Depth of the values as a part of the layer's outputs: 0 is a convolution, 1 attends only.",
  },
  { name: 'heads', kind: 'integer', default: 8, minimum: 1, maximum: 128, doc: 'Attention heads of each layer.' },
  { name: 'minimumKeys', kind: 'integer', default: 20, minimum: 1, maximum: 256, doc: 'Least depth of the keys in each head.' },
  {
    name: 'positions',
    kind: 'choice',
    default: 'relative',
    choices: ['relative', 'sine', 'coordconv', 'none'],
    doc: 'How attention knows where a position is.',
  },
];

/** What can be changed about AA-ResNet, with the choices that arXiv 1904.09925 leaves open. */
export const KNOBS: readonly Knob[] = [
  ...RESNET_KNOBS,
  ...AUGMENTATION_KNOBS,
  { name: 'stages', kind: 'integers', default: [2, 3, 4], minimum: 1, maximum: 4, doc: 'Stages whose 3x3 convolutions are augmented.' },
  {
    name: 'pooledStages',
    kind: 'integers',
    default: [2],
    minimum: 1,
    maximum: 4,
    doc: 'Stages that attend on a map of half the side, to spare the largest.',
  },
];

const RATIOS_34 = { kappa: 0.25, upsilon: 0.25 };
const NONE = { stages: [] };

/** The knobs of each variant of AA-ResNet by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'baseline ResNet-34': { ...DEPTHS[34], ...NONE },
  'baseline ResNet-50': { ...DEPTHS[50], ...NONE },
  'baseline ResNet-101': { ...DEPTHS[101], ...NONE },
  'baseline ResNet-152': { ...DEPTHS[152], ...NONE },
  'AA-ResNet-34': { ...DEPTHS[34], ...RATIOS_34 },
  'AA-ResNet-50': DEPTHS[50],
  'AA-ResNet-101': DEPTHS[101],
  'AA-ResNet-152': DEPTHS[152],
  'AA-ResNet-50 kappa=upsilon=0.25': { ...DEPTHS[50], kappa: 0.25, upsilon: 0.25 },
  'AA-ResNet-50 kappa=upsilon=0.5': { ...DEPTHS[50], kappa: 0.5, upsilon: 0.5 },
  'AA-ResNet-50 kappa=upsilon=0.75': { ...DEPTHS[50], kappa: 0.75, upsilon: 0.75 },
  'AA-ResNet-50 kappa=upsilon=1.0': { ...DEPTHS[50], kappa: 1, upsilon: 1 },
  'AA-ResNet-50, no position encoding': { ...DEPTHS[50], positions: 'none' },
};

/** The shares of channels, heads and positions that all convolutions of a network get (section 3.2 of the paper). */
export function augmentation(knobs: KnobReader): Augmentation {
  return {
    kappa: knobs.number('kappa'),
    upsilon: knobs.number('upsilon'),
    heads: knobs.number('heads'),
    minimumKeys: knobs.number('minimumKeys'),
    positions: knobs.choice('positions'),
  };
}
