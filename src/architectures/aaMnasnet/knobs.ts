import { AUGMENTATION_KNOBS } from '../aaResnet/knobs';
import type { Knob, Knobs } from '../family';
import { MOBILE_KNOBS } from '../mobilenetV2/knobs';

/** What reaches the printed parameters; see the notes. */
const DEFAULTS: Readonly<Record<string, number>> = { kappa: 0.1, upsilon: 0.05, heads: 4, minimumKeys: 10 };

export const KNOBS: readonly Knob[] = [
  ...MOBILE_KNOBS,
  ...AUGMENTATION_KNOBS.map((knob) => withDefault(knob)),
  {
    name: 'stages',
    kind: 'integers',
    default: [4, 5, 6, 7],
    minimum: 2,
    maximum: 7,
    doc: 'Stages whose expanding 1x1 convolutions are augmented; the first stage has none.',
  },
  {
    name: 'pooledAbove',
    kind: 'integer',
    default: 14,
    minimum: 1,
    maximum: 2048,
    doc: 'Maps with longer sides attend at half the side.',
  },
];

export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'AA-MnasNet-A1 x0.75': { width: 0.75 },
  'AA-MnasNet-A1 x1.0': { width: 1 },
  'AA-MnasNet-A1 x1.25': { width: 1.25 },
  'AA-MnasNet-A1 x1.4': { width: 1.4 },
};

function withDefault(knob: Knob): Knob {
  const value = DEFAULTS[knob.name];
  return value !== undefined && (knob.kind === 'number' || knob.kind === 'integer') ? { ...knob, default: value } : knob;
}
