import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { KNOBS, swinOptions } from './knobs';
import { swin } from './network';

/** @throws UserError when a knob is out of its range, or patches, windows or heads do not fit. */
export function buildSwin(given: Knobs): BuiltModel {
  const knobs = new KnobReader('Swin', KNOBS, given);
  const options = swinOptions(knobs);
  return imageClassifier('Swin', knobs.number('imageSize'), (b, image) => swin(b, image, options));
}
