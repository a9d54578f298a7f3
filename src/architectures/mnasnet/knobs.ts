import type { Knob, Knobs } from '../family';
import { MOBILE_KNOBS } from '../mobilenetV2/knobs';

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

export const SETTINGS: Readonly<Record<string, Knobs>> = Object.fromEntries(
  WIDTHS.flatMap((width) => [
    [`MnasNet-A1 x${shown(width)} (AA paper baseline)`, { width }],
    [`MnasNet-A1 x${shown(width)}`, { width }],
  ]),
);
