import { AUGMENTATION_KNOBS } from '../aaResnet/knobs';
import type { Knob, Knobs } from '../family';
import { MOBILE_KNOBS } from '../mobilenetV2/knobs';

/** What reaches the printed figures; see the notes. */
const DEFAULTS: Readonly<Record<string, number>> = { kappa: 0.5, upsilon: 0.25, heads: 2, minimumKeys: 20 };

/** What can be changed about AA-MnasNet, with the choices that arXiv 1904.09925 leaves open. */
export const KNOBS: readonly Knob[] = [
  ...MOBILE_KNOBS,
  ...AUGMENTATION_KNOBS.map((knob) => withDefault(knob)),
  {
    name: 'stages',
    kind: 'integers',
    default: [3, 4, 5, 6, 7],
    minimum: 2,
    maximum: 7,
    doc: 'Stages whose expanding 1x1 convolutions are augmented; the first stage has none.',
  },
  {
    name: 'blocks',
    kind: 'choice',
    default: 'stride 1',
    choices: ['every', 'stride 1'],
    doc: 'Blocks of these stages that are augmented: all, or those that keep the size of the map.',
  },
  {
    name: 'partsOf',
    kind: 'choice',
    default: 'block',
    choices: ['layer', 'block'],
    doc: "What kappa and upsilon are parts of: the augmented layer's outputs, or the block's.",
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

/** The knobs of each variant of AA-MnasNet by the name it was published under; knobs that are not here keep their defaults. */
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
