import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { ConvNeXtOptions } from './network';

/** What can be changed about ConvNeXt, with the choices that arXiv 2201.03545 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'imageSize', kind: 'integer', default: 224, minimum: 4, maximum: 2048, doc: 'Side of the input image.' },
  { name: 'dims', kind: 'integers', default: [96, 192, 384, 768], minimum: 1, maximum: 8192, doc: 'Channels of each stage.' },
  { name: 'depths', kind: 'integers', default: [3, 3, 9, 3], minimum: 1, maximum: 100, doc: 'Blocks of each stage.' },
  { name: 'kernel', kind: 'integer', default: 7, minimum: 1, maximum: 63, doc: 'Side of the depthwise kernel; odd.' },
  { name: 'mlpRatio', kind: 'number', default: 4, minimum: 0.25, maximum: 16, doc: 'Width inside a block over the outer one.' },
  { name: 'layerScale', kind: 'boolean', default: true, doc: "A learned factor for each channel of a block's branch." },
  { name: 'classes', kind: 'integer', default: 1000, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

const BASE: Knobs = { dims: [128, 256, 512, 1024], depths: [3, 3, 27, 3] };

/** The knobs of each variant of ConvNeXt by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'ConvNeXt-T': {},
  'ConvNeXt-S': { depths: [3, 3, 27, 3] },
  'ConvNeXt-B': BASE,
  'ConvNeXt-B @384': { ...BASE, imageSize: 384 },
};

/** @throws UserError when the kernel is even, lists differ in length or the image is too small. */
export function convnextOptions(knobs: KnobReader): ConvNeXtOptions {
  const dims = knobs.integers('dims');
  const depths = knobs.integersOf('depths', dims.length);
  if (dims.length === 0) throw knobs.error('"dims" takes at least one number');
  const kernel = knobs.number('kernel');
  if (kernel % 2 === 0) throw knobs.error(`the kernel must be odd to keep the extent, not ${kernel}`);
  const least = 4 * 2 ** (dims.length - 1);
  if (knobs.number('imageSize') < least) throw knobs.error(`${dims.length} stages need an image of at least ${least}`);
  return {
    dims,
    depths,
    kernel,
    mlpRatio: knobs.number('mlpRatio'),
    layerScale: knobs.boolean('layerScale'),
    classes: knobs.number('classes'),
  };
}
