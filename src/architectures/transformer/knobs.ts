import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { TranslationOptions } from './network';

/** Knobs of every encoder-decoder network over tokens. */
export const TRANSLATION_KNOBS: readonly Knob[] = [
  { name: 'dim', kind: 'integer', default: 512, minimum: 2, maximum: 16_384, doc: 'Width of a token.' },
  { name: 'ff', kind: 'integer', default: 2048, minimum: 1, maximum: 65_536, doc: 'Width inside the feed-forward networks.' },
  { name: 'heads', kind: 'integer', default: 8, minimum: 1, maximum: 256, doc: 'Heads; they divide the width.' },
  { name: 'vocabulary', kind: 'integer', default: 32_768, minimum: 2, maximum: 1_000_000, doc: 'Rows of the shared embedding.' },
  { name: 'sourceLength', kind: 'integer', default: 128, minimum: 1, maximum: 65_536, doc: 'Tokens of the source.' },
  { name: 'targetLength', kind: 'integer', default: 128, minimum: 1, maximum: 65_536, doc: 'Tokens of the target.' },
  {
    name: 'positions',
    kind: 'choice',
    default: 'sinusoidal',
    choices: ['sinusoidal', 'learned', 'none'],
    doc: 'Positions added to the embeddings.',
  },
];

/** What can be changed about Transformer, with the choices that arXiv 1706.03762 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'encoderLayers', kind: 'integer', default: 6, minimum: 1, maximum: 200, doc: 'Layers of the encoder.' },
  { name: 'decoderLayers', kind: 'integer', default: 6, minimum: 1, maximum: 200, doc: 'Layers of the decoder.' },
  ...TRANSLATION_KNOBS,
  {
    name: 'sourceMask',
    kind: 'boolean',
    default: false,
    doc: 'A third input hides padding of the source: `source_mask`, true where a token is.',
  },
];

/** The knobs of each variant of Transformer by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'Transformer base, V=37000': { vocabulary: 37_000 },
  'Transformer big, V=37000': { vocabulary: 37_000, dim: 1024, ff: 4096, heads: 16 },
};

/** @throws UserError when heads do not divide the width, or sines and cosines do not pair. */
export function translationOptions(knobs: KnobReader): TranslationOptions {
  const [dim, heads] = [knobs.number('dim'), knobs.number('heads')];
  if (dim % heads !== 0) throw knobs.error(`${heads} heads do not divide a width of ${dim}`);
  const positions = knobs.choice<TranslationOptions['positions']>('positions');
  if (positions === 'sinusoidal' && dim % 2 !== 0) throw knobs.error(`sinusoidal positions need an even width, not ${dim}`);
  return {
    dim,
    heads,
    positions,
    hidden: knobs.number('ff'),
    vocabulary: knobs.number('vocabulary'),
    sourceLength: knobs.number('sourceLength'),
    targetLength: knobs.number('targetLength'),
  };
}
