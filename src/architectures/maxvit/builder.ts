import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { KNOBS, maxvitOptions } from './knobs';
import { maxvit } from './network';

/** @throws UserError when a knob is out of its range, or partitions or heads do not fit. */
export function buildMaxVit(given: Knobs): BuiltModel {
  const knobs = new KnobReader('MaxViT', KNOBS, given);
  const options = maxvitOptions(knobs);
  return imageClassifier('MaxViT', knobs.number('imageSize'), (b, image) => maxvit(b, image, options));
}
