import type { Knob, Knobs } from '../family';
import { MOBILE_KNOBS } from '../mobilenetV2/knobs';

/** What can be changed about EfficientNet, with the choices that arXiv 1905.11946 leaves open. */
export const KNOBS: readonly Knob[] = [
  ...MOBILE_KNOBS,
  { name: 'depth', kind: 'number', default: 1, minimum: 0.1, maximum: 10, doc: "Factor of every stage's number of blocks, rounded up." },
  {
    name: 'squeeze',
    kind: 'number',
    default: 0.25,
    minimum: 0,
    maximum: 1,
    doc: "Width of squeeze-and-excitation as a part of the block's input; 0 for none.",
  },
];

/** Compound scaling: width, depth and resolution of each size. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'EfficientNet-B0': { width: 1, depth: 1, imageSize: 224 },
  'EfficientNet-B1': { width: 1, depth: 1.1, imageSize: 240 },
  'EfficientNet-B2': { width: 1.1, depth: 1.2, imageSize: 260 },
  'EfficientNet-B3': { width: 1.2, depth: 1.4, imageSize: 300 },
  'EfficientNet-B4': { width: 1.4, depth: 1.8, imageSize: 380 },
  'EfficientNet-B5': { width: 1.6, depth: 2.2, imageSize: 456 },
  'EfficientNet-B6': { width: 1.8, depth: 2.6, imageSize: 528 },
  'EfficientNet-B7': { width: 2, depth: 3.1, imageSize: 600 },
};
