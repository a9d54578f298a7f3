import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { ConformerOptions } from './network';

/** What can be changed about Conformer, with the choices that arXiv 2005.08100 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'layers', kind: 'integer', default: 16, minimum: 1, maximum: 200, doc: 'Conformer blocks.' },
  { name: 'dim', kind: 'integer', default: 256, minimum: 2, maximum: 8192, doc: 'Width of a frame.' },
  { name: 'heads', kind: 'integer', default: 4, minimum: 1, maximum: 128, doc: 'Attention heads; they divide the width.' },
  { name: 'kernel', kind: 'integer', default: 32, minimum: 1, maximum: 1023, doc: 'Taps of the depthwise convolutions.' },
  { name: 'ffExpansion', kind: 'integer', default: 4, minimum: 1, maximum: 32, doc: 'Width inside the feed-forward networks, in widths.' },
  { name: 'frames', kind: 'integer', default: 1000, minimum: 7, maximum: 100_000, doc: 'Frames of the spectrogram.' },
  { name: 'mels', kind: 'integer', default: 80, minimum: 7, maximum: 1024, doc: 'Mel bands of a frame.' },
  { name: 'predictor', kind: 'integer', default: 0, minimum: 0, maximum: 8192, doc: 'Width of the LSTM over labels; 0 leaves it out.' },
  { name: 'vocabulary', kind: 'integer', default: 1024, minimum: 2, maximum: 1_000_000, doc: 'Labels that the predictor knows.' },
  { name: 'labelLength', kind: 'integer', default: 32, minimum: 1, maximum: 65_536, doc: 'Labels that the predictor reads.' },
];

const LARGE: Knobs = { layers: 17, dim: 512, heads: 8 };

/** The knobs of each variant of Conformer by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'Conformer-S encoder': { dim: 144 },
  'Conformer-M encoder': {},
  'Conformer-L encoder': LARGE,
  'Conformer-L encoder + LSTM predictor': { ...LARGE, predictor: 640 },
};

/** @throws UserError when heads do not divide the width, or sines and cosines do not pair. */
export function conformerOptions(knobs: KnobReader): ConformerOptions {
  const [dim, heads] = [knobs.number('dim'), knobs.number('heads')];
  if (dim % heads !== 0) throw knobs.error(`${heads} heads do not divide a width of ${dim}`);
  if (dim % 2 !== 0) throw knobs.error(`sinusoidal positions need an even "dim", not ${dim}`);
  return { layers: knobs.number('layers'), dim, heads, kernel: knobs.number('kernel'), expansion: knobs.number('ffExpansion') };
}
