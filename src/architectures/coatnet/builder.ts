import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { coatnetOptions, KNOBS } from './knobs';
import { coatnet } from './network';

/** @throws UserError when a knob is out of its range, a list has the wrong length or heads do not divide a width. */
export function buildCoAtNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('CoAtNet', KNOBS, given);
  const options = coatnetOptions(knobs);
  return imageClassifier('CoAtNet', knobs.number('imageSize'), (b, image) => coatnet(b, image, options));
}
