import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { WideResNetOptions } from './network';

/** What can be changed about WideResNet, with the choices that arXiv 1605.07146 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'depth', kind: 'integer', default: 28, minimum: 10, maximum: 400, doc: 'Convolutions along the longest path: 6 n + 4.' },
  { name: 'widen', kind: 'integer', default: 10, minimum: 1, maximum: 32, doc: 'Factor of the widths 16, 32 and 64.' },
  {
    name: 'shortcut',
    kind: 'choice',
    default: 'projection',
    choices: ['projection', 'pad'],
    doc: 'Where the width changes: a 1x1 convolution, or average pooling and channels of zeros.',
  },
  { name: 'imageSize', kind: 'integer', default: 32, minimum: 8, maximum: 512, doc: 'Side of the input image.' },
  { name: 'classes', kind: 'integer', default: 100, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

/** The knobs of each variant of WideResNet by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'WRN-28-10, 10 classes, projection shortcuts': { classes: 10 },
  'WRN-28-10, 100 classes, projection shortcuts': { classes: 100 },
};

/** @throws UserError when the depth is no 6 n + 4. */
export function wideResnetOptions(knobs: KnobReader): WideResNetOptions {
  const depth = knobs.number('depth');
  if ((depth - 4) % 6 !== 0) throw knobs.error(`"depth" takes 6 n + 4 (10, 16, 22, 28...), not ${depth}`);
  return { depth, widen: knobs.number('widen'), shortcut: knobs.choice('shortcut'), classes: knobs.number('classes') };
}
