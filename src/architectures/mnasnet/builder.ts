import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { type StageRow, stagesOf } from '../mobilenetV2/knobs';
import { type MobileOptions, mobileNetwork, multipleOf8 } from '../mobilenetV2/network';
import { KNOBS } from './knobs';
import { A1, B1 } from './stages';

/** @throws UserError when a knob is out of its range. */
export function buildMnasNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('MnasNet', KNOBS, given);
  const rows = knobs.choice('network') === 'A1' ? A1 : B1;
  return imageClassifier('MnasNet', knobs.number('imageSize'), (b, image) => mobileNetwork(b, image, mnasnetOptions(knobs, rows)));
}

/** The stem scales with the width, the head does not. */
export function mnasnetOptions(knobs: KnobReader, rows: readonly StageRow[]): MobileOptions {
  const width = knobs.number('width');
  return {
    stem: multipleOf8(32 * width),
    stages: stagesOf(rows, width),
    head: 1280,
    classes: knobs.number('classes'),
    activation: 'relu',
  };
}
