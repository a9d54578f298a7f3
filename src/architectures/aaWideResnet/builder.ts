import { augmentation } from '../aaResnet/knobs';
import type { Knobs } from '../family';
import { type BuiltModel, extent, type GraphBuilder, type Handle } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { convolution, squeezeExcite } from '../layers';
import { attentionAugmented } from '../layers/attentionAugmented';
import { gatherExcite } from '../layers/gatherExcite';
import { wideResnetOptions } from '../wideResnet/knobs';
import { type WideResNetOptions, wideResnet } from '../wideResnet/network';
import { KNOBS } from './knobs';

/** @throws UserError when a knob is out of its range. */
export function buildAAWideResNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('AA-WRN', KNOBS, given);
  const augmented = augmentation(knobs);
  const groups = new Set(knobs.integers('groups'));
  const pooled = new Set(knobs.integers('pooledGroups'));
  const every = knobs.choice('blocks') === 'every';
  const options: WideResNetOptions = {
    ...wideResnetOptions(knobs),
    spatial: (b, name, x, at, { group, block }) =>
      groups.has(group) && (every || block === 0)
        ? attentionAugmented(b, name, x, { ...at, ...augmented, kernel: 3, pooled: pooled.has(group) })
        : convolution(b, name, x, { ...at, kernel: 3 }),
    recalibrate: (b, x) => gated(b, x, knobs),
  };
  return imageClassifier('AA-WRN', knobs.number('imageSize'), (b, image) => wideResnet(b, image, options));
}

function gated(b: GraphBuilder, x: Handle, knobs: KnobReader): Handle {
  switch (knobs.choice<'none' | 'squeeze-excite' | 'gather-excite'>('recalibrate')) {
    case 'squeeze-excite':
      return squeezeExcite(b, 'se', x, { hidden: Math.max(1, Math.floor(extent(x, 1) / knobs.number('reduction'))), bias: false });
    case 'gather-excite':
      return gatherExcite(b, 'ge', x, { extent: 0, gather: 'average', hidden: 0 });
    default:
      return x;
  }
}
