import type { Knob, Knobs } from '../family';
import { MOBILE_KNOBS } from '../mobilenetV2/knobs';

/** What can be changed about MnasNet, with the choices that arXiv 1807.11626 leaves open. */
export const KNOBS: readonly Knob[] = [
  ...MOBILE_KNOBS,
  {
    name: 'network',
    kind: 'choice',
    default: 'A1',
    choices: ['A1', 'B1'],
    doc: 'Result of the search with squeeze-and-excitation (A1) or without (B1).',
  },
];

const WIDTHS = [0.75, 1, 1.25, 1.4, 0.5];
const shown = (width: number) => (width === 1 ? '1.0' : String(width));

/** The knobs of each variant of MnasNet by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = Object.fromEntries(
  WIDTHS.flatMap((width) => [
    [`MnasNet-A1 x${shown(width)} (AA paper baseline)`, { width }],
    [`MnasNet-A1 x${shown(width)}`, { width }],
  ]),
);
