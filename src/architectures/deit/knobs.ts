import type { Knob, Knobs } from '../family';
import { SIZES, VIT_KNOBS } from '../vit/knobs';

/** What can be changed about DeiT, with the choices that arXiv 2012.12877 leaves open. */
export const KNOBS: readonly Knob[] = [
  ...VIT_KNOBS,
  { name: 'distilled', kind: 'boolean', default: false, doc: 'A distillation token and a second classifier, averaged with the first.' },
];

/** The knobs of each variant of DeiT by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'DeiT-Ti': SIZES.Ti,
  'DeiT-Ti distilled': { ...SIZES.Ti, distilled: true },
  'DeiT-S': SIZES.S,
  'DeiT-S distilled': { ...SIZES.S, distilled: true },
  'DeiT-B': SIZES.B,
  'DeiT-B distilled': { ...SIZES.B, distilled: true },
  'DeiT-B @384': { ...SIZES.B, imageSize: 384 },
};
