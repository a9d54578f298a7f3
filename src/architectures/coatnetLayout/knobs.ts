import { KNOBS as COATNET_KNOBS, SIZES } from '../coatnet/knobs';
import type { Knob, Knobs } from '../family';

/** CoAtNet's, with CoAtNet-0 and no pre-logits layer as defaults. */
export const KNOBS: readonly Knob[] = COATNET_KNOBS.map((knob) =>
  knob.kind === 'boolean' && knob.name === 'preLogits' ? { ...knob, default: false } : knob,
);

const DEPTHS: Knobs = { ...SIZES[2], preLogits: true };

/** The knobs of each variant of CoAtNet-layout by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'C-C-C-C on CoAtNet-0 widths': { ...SIZES[0], layout: 'C-C-C-C' },
  'C-C-C-T on CoAtNet-0 widths': { ...SIZES[0], layout: 'C-C-C-T' },
  'C-C-T-T on CoAtNet-0 widths': { ...SIZES[0], layout: 'C-C-T-T' },
  'C-T-T-T on CoAtNet-0 widths': { ...SIZES[0], layout: 'C-T-T-T' },
  'CoAtNet-2 depths [2, 2, 6, 14, 2]': DEPTHS,
  'CoAtNet-2 depths [2, 2, 2, 18, 2]': { ...DEPTHS, depths: [2, 2, 2, 18, 2] },
  'CoAtNet-2 depths [2, 2, 8, 12, 2]': { ...DEPTHS, depths: [2, 2, 8, 12, 2] },
  'CoAtNet-2 head size 64': { ...DEPTHS, headDim: 64 },
};
