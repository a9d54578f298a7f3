import { coatnetOptions } from '../coatnet/knobs';
import { coatnet } from '../coatnet/network';
import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { KNOBS } from './knobs';

/** @throws UserError when a knob is out of its range, a list has the wrong length or heads do not divide a width. */
export function buildLayout(given: Knobs): BuiltModel {
  const knobs = new KnobReader('CoAtNet-layout', KNOBS, given);
  const options = coatnetOptions(knobs);
  return imageClassifier('CoAtNet-layout', knobs.number('imageSize'), (b, image) => coatnet(b, image, options));
}
