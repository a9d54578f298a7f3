import type { Knob, Knobs } from '../family';
import { LAYERS } from './network';

/** What can be changed about SequenceLayer, with the choices that arXiv 1706.03762 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'layer', kind: 'choice', default: 'self-attention', choices: LAYERS, doc: 'How steps are mixed.' },
  { name: 'layers', kind: 'integer', default: 1, minimum: 1, maximum: 200, doc: 'Layers, one on the other.' },
  { name: 'length', kind: 'integer', default: 128, minimum: 1, maximum: 65_536, doc: 'Steps of the sequence: n.' },
  { name: 'dim', kind: 'integer', default: 512, minimum: 1, maximum: 16_384, doc: 'Width of a step: d.' },
  { name: 'heads', kind: 'integer', default: 8, minimum: 1, maximum: 256, doc: 'Heads of attentions, kernels of shared convolutions.' },
  { name: 'kernel', kind: 'integer', default: 3, minimum: 1, maximum: 1023, doc: 'Taps of convolutions: k.' },
  { name: 'neighbourhood', kind: 'integer', default: 16, minimum: 1, maximum: 65_536, doc: 'Steps that truncated attention sees: r.' },
  {
    name: 'position',
    kind: 'choice',
    default: 'none',
    choices: ['none', 'learned', 'sinusoidal', 'relative 1-D', 'relative 2-D'],
    doc: 'Added to the input, or to the scores of self-attention by offset.',
  },
  { name: 'causal', kind: 'boolean', default: false, doc: 'Steps see no later ones; recurrent layers never do.' },
  {
    name: 'memory',
    kind: 'integer',
    default: 0,
    minimum: 0,
    maximum: 65_536,
    doc: 'Steps of a second input that self-attention looks at instead.',
  },
  { name: 'bias', kind: 'boolean', default: false, doc: 'Biases of projections and convolutions; two vectors a gate in recurrent layers.' },
];

/** The knobs of each variant of SequenceLayer by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'self-attention': {},
  'truncated self-attention': { layer: 'truncated self-attention' },
  LSTM: { layer: 'LSTM', bias: true },
  '1-D convolution': { layer: '1-D convolution' },
};
