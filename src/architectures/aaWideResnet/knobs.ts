import { AUGMENTATION_KNOBS } from '../aaResnet/knobs';
import type { Knob, Knobs } from '../family';
import { REDUCTION_KNOB } from '../seResnet/knobs';
import { KNOBS as WIDE_KNOBS } from '../wideResnet/knobs';

/** What can be changed about AA-WRN, with the choices that arXiv 1904.09925 leaves open. */
export const KNOBS: readonly Knob[] = [
  ...WIDE_KNOBS,
  ...AUGMENTATION_KNOBS,
  {
    name: 'groups',
    kind: 'integers',
    default: [1, 2, 3],
    minimum: 1,
    maximum: 3,
    doc: 'Groups whose first 3x3 convolutions are augmented.',
  },
  { name: 'blocks', kind: 'choice', default: 'every', choices: ['every', 'first'], doc: 'Blocks of these groups that are augmented.' },
  {
    name: 'pooledGroups',
    kind: 'integers',
    default: [1],
    minimum: 1,
    maximum: 3,
    doc: 'Groups that attend on a map of half the side, to spare the largest.',
  },
  {
    name: 'recalibrate',
    kind: 'choice',
    default: 'none',
    choices: ['none', 'squeeze-excite', 'gather-excite'],
    doc: "Gate on each block's output: the baselines that augmentation was measured against.",
  },
  REDUCTION_KNOB,
];

const NONE = { groups: [], shortcut: 'pad' };

/** The knobs of each variant of AA-WRN by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'baseline WRN-28-10, parameter-free shortcuts': NONE,
  'GE-WRN-28-10 (parameter-free gather-excite)': { ...NONE, recalibrate: 'gather-excite' },
  'SE-WRN-28-10': { ...NONE, recalibrate: 'squeeze-excite' },
  'AA-WRN-28-10 (as printed)': { shortcut: 'pad', blocks: 'first', pooledGroups: [] },
  'AA-WRN-28-10 candidate: all 12 blocks, projection shortcuts': {},
  'AA-WRN-28-10 candidate: groups 2-3, projection shortcuts': { groups: [2, 3] },
  'AA-WRN-28-10 candidate: all 12 blocks, parameter-free shortcuts': { shortcut: 'pad' },
};
