import type { Knob, Knobs } from '../family';
import { TRANSLATION_KNOBS } from '../transformer/knobs';

/** Knobs of LightConv and DynamicConv. */
export const KNOBS: readonly Knob[] = [
  {
    name: 'encoderKernels',
    kind: 'integers',
    default: [3, 7, 15, 31, 31, 31, 31],
    minimum: 1,
    maximum: 1023,
    doc: 'Taps of each layer of the encoder.',
  },
  {
    name: 'decoderKernels',
    kind: 'integers',
    default: [3, 7, 15, 31, 31, 31],
    minimum: 1,
    maximum: 1023,
    doc: 'Taps of each layer of the decoder, all on past tokens.',
  },
  { name: 'glu', kind: 'boolean', default: true, doc: 'Gated linear unit before each convolution.' },
  ...TRANSLATION_KNOBS,
];

const BIG: Knobs = { dim: 1024, ff: 4096, heads: 16 };

/** Variants of a family by the names its records have. */
export function settingsOf(family: string): Readonly<Record<string, Knobs>> {
  return {
    [`${family} big, GLU on, V=32768`]: BIG,
    [`${family} big, GLU off, V=32768`]: { ...BIG, glu: false },
    [`${family} base, GLU on, V=32768`]: {},
    [`${family} base, GLU off, V=32768`]: { glu: false },
  };
}
