import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { resnet } from '../resnet/network';
import { localAttention } from './attention';
import { KNOBS } from './knobs';

/** @throws UserError when a knob is out of its range, the image is no multiple of 32, the window is even or heads do not fit. */
export function buildStandAlone(given: Knobs): BuiltModel {
  const knobs = new KnobReader('SASA', KNOBS, given);
  const [side, width, heads, window] = [knobs.number('imageSize'), knobs.number('width'), knobs.number('heads'), knobs.number('window')];
  const relative = knobs.boolean('relative');
  if (side % 32 !== 0) throw knobs.error(`the image must be a multiple of 32, not ${side}`);
  if (window % 2 === 0) throw knobs.error(`the window must be odd to have a centre, not ${window}`);
  if (width % heads !== 0) throw knobs.error(`${heads} heads do not divide a width of ${width}`);
  if (relative && (width / heads) % 2 !== 0)
    throw knobs.error(`row and column offsets need an even head size, not ${width / heads} (a width of ${width} over ${heads} heads)`);
  return imageClassifier('SASA', side, (b, image) =>
    resnet(b, image, {
      block: 'bottleneck',
      layers: knobs.integersOf('layers', 4),
      width,
      innerWidth: 1,
      strideIn: '3x3',
      classes: knobs.number('classes'),
      spatial: (builder, name, x, { out, stride }) => localAttention(builder, name, x, { out, heads, window, stride, relative }),
    }),
  );
}
