import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { vitOptions } from '../vit/knobs';
import { vit } from '../vit/network';
import { KNOBS } from './knobs';

/** @throws UserError when a knob is out of its range, patches do not tile the image or heads do not divide the width. */
export function buildDeit(given: Knobs): BuiltModel {
  const knobs = new KnobReader('DeiT', KNOBS, given);
  const options = { ...vitOptions(knobs), classToken: true, distilled: knobs.boolean('distilled') };
  return imageClassifier('DeiT', knobs.number('imageSize'), (b, image) => vit(b, image, options));
}
