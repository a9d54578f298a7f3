import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { KNOBS, wideResnetOptions } from './knobs';
import { wideResnet } from './network';

/** @throws UserError when a knob is out of its range. */
export function buildWideResNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('WideResNet', KNOBS, given);
  return imageClassifier('WideResNet', knobs.number('imageSize'), (b, image) => wideResnet(b, image, wideResnetOptions(knobs)));
}
