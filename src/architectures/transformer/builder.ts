import type { Knobs } from '../family';
import { type BuiltModel, GraphBuilder, type Handle } from '../graph';
import { KnobReader } from '../knobReader';
import { KNOBS, translationOptions } from './knobs';
import { transformerLayers, translate } from './network';

/** @throws UserError when heads do not divide the width. */
export function buildTransformer(given: Knobs): BuiltModel {
  const knobs = new KnobReader('Transformer', KNOBS, given);
  const options = translationOptions(knobs);
  const b = new GraphBuilder({ name: 'Transformer' });
  const source = b.input('source', ['batch', options.sourceLength], 'int64');
  const target = b.input('target', ['batch', options.targetLength], 'int64');
  const mask = knobs.boolean('sourceMask') ? paddingMask(b, options.sourceLength) : null;
  const counts = { encoder: knobs.number('encoderLayers'), decoder: knobs.number('decoderLayers') };
  b.output(translate(b, source, target, options, transformerLayers(b, options, counts, mask)), 'logits');
  return b.build();
}

/** `[N, 1, 1, length]`: 0 where a token is, minus infinity at padding. */
function paddingMask(b: GraphBuilder, length: number): Handle {
  const present = b.node('Unsqueeze', [b.input('source_mask', ['batch', length], 'bool'), b.constant([1, 2])]);
  return b.node('Where', [present, b.scalar(0), b.scalar(Number.NEGATIVE_INFINITY)]);
}
