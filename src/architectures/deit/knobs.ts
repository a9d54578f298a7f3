import type { Knob, Knobs } from '../family';
import { SIZES, VIT_KNOBS } from '../vit/knobs';

export const KNOBS: readonly Knob[] = [
  ...VIT_KNOBS,
  { name: 'distilled', kind: 'boolean', default: false, doc: 'A distillation token and a second classifier, averaged with the first.' },
];

export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'DeiT-Ti': SIZES.Ti,
  'DeiT-Ti distilled': { ...SIZES.Ti, distilled: true },
  'DeiT-S': SIZES.S,
  'DeiT-S distilled': { ...SIZES.S, distilled: true },
  'DeiT-B': SIZES.B,
  'DeiT-B distilled': { ...SIZES.B, distilled: true },
  'DeiT-B @384': { ...SIZES.B, imageSize: 384 },
};
