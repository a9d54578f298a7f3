import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { type StageRow, stagesOf } from '../mobilenetV2/knobs';
import { mobileNetwork, multipleOf8 } from '../mobilenetV2/network';
import { KNOBS } from './knobs';

/** Table 1 of arXiv 1905.11946: EfficientNet-B0. */
const STAGES: readonly StageRow[] = [
  [1, 16, 1, 1, 3, 0.25],
  [6, 24, 2, 2, 3, 0.25],
  [6, 40, 2, 2, 5, 0.25],
  [6, 80, 3, 2, 3, 0.25],
  [6, 112, 3, 1, 5, 0.25],
  [6, 192, 4, 2, 5, 0.25],
  [6, 320, 1, 1, 3, 0.25],
];

/** @throws UserError when a knob is out of its range. */
export function buildEfficientNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('EfficientNet', KNOBS, given);
  const [width, depth, squeeze] = [knobs.number('width'), knobs.number('depth'), knobs.number('squeeze')];
  const stages = stagesOf(STAGES, width).map((stage) => ({ ...stage, blocks: Math.ceil(depth * stage.blocks), squeeze }));
  return imageClassifier('EfficientNet', knobs.number('imageSize'), (b, image) =>
    mobileNetwork(b, image, {
      stem: multipleOf8(32 * width),
      stages,
      head: multipleOf8(1280 * width),
      classes: knobs.number('classes'),
      activation: 'silu',
      same: true,
    }),
  );
}
