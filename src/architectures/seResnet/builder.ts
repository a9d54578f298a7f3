import type { Knobs } from '../family';
import { type BuiltModel, extent } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { squeezeExcite } from '../layers';
import { resnetOptions } from '../resnet/knobs';
import { resnet } from '../resnet/network';
import { KNOBS } from './knobs';

/** @throws UserError when a knob is out of its range. */
export function buildSEResNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('SE-ResNet', KNOBS, given);
  const reduction = knobs.number('reduction');
  return imageClassifier('SE-ResNet', knobs.number('imageSize'), (b, image) =>
    resnet(b, image, {
      ...resnetOptions(knobs),
      recalibrate: (builder, x) => squeezeExcite(builder, 'se', x, { hidden: Math.max(1, Math.floor(extent(x, 1) / reduction)) }),
    }),
  );
}
