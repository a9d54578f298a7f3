import { augmentation } from '../aaResnet/knobs';
import type { Knobs } from '../family';
import { type BuiltModel, extent } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { convolution } from '../layers';
import { attentionAugmented } from '../layers/attentionAugmented';
import { mnasnetOptions } from '../mnasnet/builder';
import { A1 } from '../mnasnet/stages';
import { mobileNetwork } from '../mobilenetV2/network';
import { KNOBS } from './knobs';

/** @throws UserError when a knob is out of its range. */
export function buildAAMnasNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('AA-MnasNet', KNOBS, given);
  const augmented = augmentation(knobs);
  const stages = new Set(knobs.integers('stages'));
  const pooledAbove = knobs.number('pooledAbove');
  const every = knobs.choice('blocks') === 'every';
  const byBlock = knobs.choice('partsOf') === 'block';
  return imageClassifier('AA-MnasNet', knobs.number('imageSize'), (b, image) =>
    mobileNetwork(b, image, {
      ...mnasnetOptions(knobs, A1),
      expand: (builder, name, x, out, { stage, stride, channels }) =>
        stages.has(stage) && (every || stride === 1)
          ? attentionAugmented(builder, name, x, {
              ...augmented,
              out,
              kernel: 1,
              pooled: extent(x, 2) > pooledAbove,
              ...(byBlock ? { whole: channels } : {}),
            })
          : convolution(builder, name, x, { out, kernel: 1 }),
    }),
  );
}
