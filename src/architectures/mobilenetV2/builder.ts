import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { KNOBS, type StageRow, stagesOf } from './knobs';
import { mobileNetwork, multipleOf8 } from './network';

/** Table 2 of arXiv 1801.04381. */
const STAGES: readonly StageRow[] = [
  [1, 16, 1, 1, 3, 0],
  [6, 24, 2, 2, 3, 0],
  [6, 32, 3, 2, 3, 0],
  [6, 64, 4, 2, 3, 0],
  [6, 96, 3, 1, 3, 0],
  [6, 160, 3, 2, 3, 0],
  [6, 320, 1, 1, 3, 0],
];

/** @throws UserError when a knob is out of its range. */
export function buildMobileNetV2(given: Knobs): BuiltModel {
  const knobs = new KnobReader('MobileNetV2', KNOBS, given);
  const width = knobs.number('width');
  return imageClassifier('MobileNetV2', knobs.number('imageSize'), (b, image) =>
    mobileNetwork(b, image, {
      stem: multipleOf8(32 * width),
      stages: stagesOf(STAGES, width),
      head: multipleOf8(1280 * Math.max(1, width)),
      classes: knobs.number('classes'),
      activation: 'relu6',
    }),
  );
}
