import type { Knobs } from '../family';
import type { BuiltModel } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { convolution } from '../layers';
import { attentionAugmented } from '../layers/attentionAugmented';
import { resnetOptions } from '../resnet/knobs';
import { resnet } from '../resnet/network';
import { augmentation, KNOBS } from './knobs';

/** @throws UserError when a knob is out of its range or sine positions do not fit the width. */
export function buildAAResNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('AA-ResNet', KNOBS, given);
  const augmented = augmentation(knobs);
  if (augmented.positions === 'sine' && knobs.number('width') % 4 !== 0) throw knobs.error('sine positions need a "width" that 4 divides');
  const stages = new Set(knobs.integers('stages'));
  const pooled = new Set(knobs.integers('pooledStages'));
  return imageClassifier('AA-ResNet', knobs.number('imageSize'), (b, image) =>
    resnet(b, image, {
      ...resnetOptions(knobs),
      spatial: (builder, name, x, at, { stage }) =>
        stages.has(stage)
          ? attentionAugmented(builder, name, x, { ...at, ...augmented, kernel: 3, pooled: pooled.has(stage) })
          : convolution(builder, name, x, { ...at, kernel: 3 }),
    }),
  );
}
