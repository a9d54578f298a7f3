import type { Knobs } from '../family';
import { type BuiltModel, extent } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { gatherExcite } from '../layers/gatherExcite';
import { resnetOptions } from '../resnet/knobs';
import { resnet } from '../resnet/network';
import { KNOBS } from './knobs';

/** @throws UserError when a knob is out of its range. */
export function buildGatherExcite(given: Knobs): BuiltModel {
  const knobs = new KnobReader('Gather-Excite', KNOBS, given);
  const [form, reduction] = [knobs.choice('form'), knobs.number('reduction')];
  const side = knobs.choice('extent') === 'global' ? 0 : Number(knobs.choice('extent'));
  return imageClassifier('Gather-Excite', knobs.number('imageSize'), (b, image) =>
    resnet(b, image, {
      ...resnetOptions(knobs),
      recalibrate: (builder, x) =>
        gatherExcite(builder, 'ge', x, {
          extent: side,
          gather: form === 'theta-' ? 'average' : 'depthwise',
          hidden: form === 'theta+' ? Math.max(1, Math.floor(extent(x, 1) / reduction)) : 0,
        }),
    }),
  );
}
