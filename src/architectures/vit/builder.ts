import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { KNOBS, vitOptions } from './knobs';
import { vit } from './network';

/** @throws UserError when a knob is out of its range, patches do not tile the image or heads do not divide the width. */
export function buildVit(given: Knobs): BuiltModel {
  const knobs = new KnobReader('ViT', KNOBS, given);
  const options = { ...vitOptions(knobs), classToken: knobs.boolean('classToken'), distilled: false };
  return imageClassifier('ViT', knobs.number('imageSize'), (b, image) => vit(b, image, options));
}
