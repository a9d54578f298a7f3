import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { convnextOptions, KNOBS } from './knobs';
import { convnext } from './network';

/** @throws UserError when a knob is out of its range, lists differ in length or the kernel is even. */
export function buildConvNeXt(given: Knobs): BuiltModel {
  const knobs = new KnobReader('ConvNeXt', KNOBS, given);
  const options = convnextOptions(knobs);
  return imageClassifier('ConvNeXt', knobs.number('imageSize'), (b, image) => convnext(b, image, options));
}
