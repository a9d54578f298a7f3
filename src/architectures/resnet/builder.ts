import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { KNOBS, resnetOptions } from './knobs';
import { resnet } from './network';

/** @throws UserError when a knob is out of its range or does not fit the block. */
export function buildResNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('ResNet', KNOBS, given);
  const innerWidth = knobs.number('innerWidth');
  if (innerWidth !== 1 && knobs.choice('block') === 'basic') throw knobs.error('"innerWidth" needs bottleneck blocks');
  return imageClassifier('ResNet', knobs.number('imageSize'), (b, image) => resnet(b, image, { ...resnetOptions(knobs), innerWidth }));
}
