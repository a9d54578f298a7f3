import type { Knob, Knobs } from '../family';
import { DEPTHS, RESNET_KNOBS } from '../resnet/knobs';

/** By how much the gate narrows the channels; 16 in the paper. */
export const REDUCTION_KNOB: Knob = {
  name: 'reduction',
  kind: 'integer',
  default: 16,
  minimum: 1,
  maximum: 1024,
  doc: "Factor by which the gate narrows the block's channels.",
};

/** What can be changed about SE-ResNet, with the choices that arXiv 1709.01507 leaves open. */
export const KNOBS: readonly Knob[] = [...RESNET_KNOBS, REDUCTION_KNOB];

/** The knobs of each variant of SE-ResNet by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'SE-ResNet-34': DEPTHS[34],
  'SE-ResNet-50': DEPTHS[50],
  'SE-ResNet-101': DEPTHS[101],
  'SE-ResNet-152': DEPTHS[152],
  'SE-ResNet-50, stride in first 1x1': { ...DEPTHS[50], strideIn: '1x1' },
  'SE-ResNet-18 (second source)': DEPTHS[18],
  'SE-ResNet-34 (second source)': DEPTHS[34],
  'SE-ResNet-101, stride in first 1x1': { ...DEPTHS[101], strideIn: '1x1' },
};
