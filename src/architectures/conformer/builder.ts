import type { Knobs } from '../family';
import { type BuiltModel, GraphBuilder } from '../graph';
import { KnobReader } from '../knobReader';
import { conformerOptions, KNOBS } from './knobs';
import { conformer, predictor } from './network';

/** @throws UserError when heads do not divide the width. */
export function buildConformer(given: Knobs): BuiltModel {
  const knobs = new KnobReader('Conformer', KNOBS, given);
  const options = conformerOptions(knobs);
  const b = new GraphBuilder({ name: 'Conformer' });
  const features = b.input('features', ['batch', knobs.number('frames'), knobs.number('mels')]);
  b.output(conformer(b, features, options), 'encoded');
  const width = knobs.number('predictor');
  if (width > 0) {
    const labels = b.input('labels', ['batch', knobs.number('labelLength')], 'int64');
    b.output(
      b.scope('predictor', () => predictor(b, labels, { width, vocabulary: knobs.number('vocabulary') })),
      'predicted',
    );
  }
  return b.build();
}
