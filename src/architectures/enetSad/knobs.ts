import type { Knob, Knobs } from '../family';

/** What can be changed about ENet-SAD, with the choices that arXiv 1908.00821 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'height', kind: 'integer', default: 288, minimum: 16, maximum: 2048, doc: 'Height of the input image, a multiple of 16.' },
  { name: 'width', kind: 'integer', default: 800, minimum: 16, maximum: 2048, doc: 'Width of the input image, a multiple of 16.' },
  { name: 'encoders', kind: 'integer', default: 3, minimum: 2, maximum: 8, doc: 'Runs of eight bottlenecks at an eighth of the sides.' },
  { name: 'shared', kind: 'boolean', default: true, doc: 'One set of weights for all of these runs.' },
  {
    name: 'narrowed',
    kind: 'choice',
    default: 'input',
    choices: ['input', 'output'],
    doc: 'What the bottlenecks that halve the sides narrow to a quarter of: their input, or their output as in the first ENet.',
  },
  { name: 'classes', kind: 'integer', default: 5, minimum: 1, maximum: 1000, doc: 'Classes of the segmentation, background included.' },
  { name: 'lanes', kind: 'integer', default: 4, minimum: 1, maximum: 1000, doc: 'Lanes whose existence is told.' },
  {
    name: 'power',
    kind: 'integer',
    default: 2,
    minimum: 0,
    maximum: 8,
    doc: "Exponent of the activations in the encoders' attention maps; 0 leaves the maps out.",
  },
];

/** The knobs of each variant of ENet-SAD by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'ENet-SAD (as published)': { encoders: 2, shared: false, narrowed: 'output' },
  'ENet-SAD, E2-E4 sharing weights': { encoders: 3, shared: true },
  'ENet-SAD, E2-E4 separate weights': { encoders: 3, shared: false },
  'ENet-SAD, two separate encoders (plain ENet depth)': { encoders: 2, shared: false },
};
