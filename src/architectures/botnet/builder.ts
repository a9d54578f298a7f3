import type { Knobs } from '../family';
import type { BuiltModel, GraphBuilder, Handle } from '../graph';
import { imageClassifier } from '../imageClassifier';
import { KnobReader } from '../knobReader';
import { batchNorm, convolution } from '../layers';
import { type Place, resnet, type SpatialOptions } from '../resnet/network';
import { bottleneckAttention } from './attention';
import { KNOBS } from './knobs';

/** @throws UserError when a knob is out of its range, the image is no multiple of 32 or heads do not divide the width. */
export function buildBoTNet(given: Knobs): BuiltModel {
  const knobs = new KnobReader('BoTNet', KNOBS, given);
  const [side, width, heads] = [knobs.number('imageSize'), knobs.number('width'), knobs.number('heads')];
  const [alternate, relative] = [knobs.choice('c4') === 'alternate', knobs.boolean('relative')];
  if (side % 32 !== 0) throw knobs.error(`the image must be a multiple of 32, not ${side}`);
  const narrowest = width * (alternate ? 4 : 8);
  if (narrowest % heads !== 0) throw knobs.error(`${heads} heads do not divide a width of ${narrowest}`);
  const spatial = (b: GraphBuilder, name: string, x: Handle, { out, stride }: SpatialOptions, { stage, block }: Place): Handle => {
    const attends = stage === 4 || (stage === 3 && alternate && block % 2 === 1);
    return attends
      ? bottleneckAttention(b, name, x, { out, heads, stride, relative })
      : convolution(b, name, x, { out, stride, kernel: 3 });
  };
  return imageClassifier('BoTNet', side, (b, image) =>
    resnet(b, image, {
      block: 'bottleneck',
      layers: knobs.integersOf('layers', 4),
      width,
      innerWidth: 1,
      strideIn: '3x3',
      lastStride: knobs.number('c5Stride'),
      classes: knobs.number('classes'),
      spatial,
      ...(knobs.choice('stem') === 'tiered' ? { stem: (builder, x) => tiered(builder, x, width) } : {}),
    }),
  );
}

/** timm's stem: 3x3 convolutions of 3/8, 1/2 and the whole width, the first with stride 2. */
function tiered(b: GraphBuilder, image: Handle, width: number): Handle {
  const widths = [Math.floor((3 * width) / 8), Math.floor(width / 2), width];
  return b.scope('stem', () =>
    widths.reduce(
      (x, out, index) =>
        b.scope(`conv${index + 1}`, () =>
          b.node('Relu', [batchNorm(b, 'bn', convolution(b, 'conv', x, { out, kernel: 3, stride: index === 0 ? 2 : 1 }))]),
        ),
      image,
    ),
  );
}
