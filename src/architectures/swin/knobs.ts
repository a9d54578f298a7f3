import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { SwinOptions } from './network';

/** What can be changed about Swin, with the choices that arXiv 2103.14030 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'imageSize', kind: 'integer', default: 224, minimum: 8, maximum: 2048, doc: 'Side of the input image.' },
  { name: 'patch', kind: 'integer', default: 4, minimum: 1, maximum: 64, doc: 'Side of a patch, in pixels.' },
  {
    name: 'dim',
    kind: 'integer',
    default: 96,
    minimum: 1,
    maximum: 4096,
    doc: 'Channels of the first stage; doubled from stage to stage.',
  },
  { name: 'depths', kind: 'integers', default: [2, 2, 6, 2], minimum: 1, maximum: 100, doc: 'Blocks of each stage.' },
  { name: 'heads', kind: 'integers', default: [3, 6, 12, 24], minimum: 1, maximum: 256, doc: 'Attention heads of each stage.' },
  { name: 'window', kind: 'integer', default: 7, minimum: 1, maximum: 64, doc: 'Side of a window; it divides the map of every stage.' },
  { name: 'shifted', kind: 'boolean', default: true, doc: 'Shift the windows of every other block by half a window.' },
  { name: 'relative', kind: 'boolean', default: true, doc: 'Relative position bias in the attention.' },
  {
    name: 'mlpRatio',
    kind: 'number',
    default: 4,
    minimum: 0.25,
    maximum: 16,
    doc: 'Width inside the feed-forward layers over the outer one.',
  },
  { name: 'classes', kind: 'integer', default: 1000, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

const BASE: Knobs = { dim: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32] };

/** The knobs of each variant of Swin by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'Swin-T': {},
  'Swin-S': { depths: [2, 2, 18, 2] },
  'Swin-B': BASE,
  'Swin-B @384': { ...BASE, imageSize: 384, window: 12 },
};

/** @throws UserError when patches, windows or heads do not fit. */
export function swinOptions(knobs: KnobReader): SwinOptions {
  const [side, patch, window, dim] = [knobs.number('imageSize'), knobs.number('patch'), knobs.number('window'), knobs.number('dim')];
  const depths = knobs.integers('depths');
  const heads = knobs.integersOf('heads', depths.length);
  if (depths.length === 0) throw knobs.error('"depths" takes at least one number');
  if (side % patch !== 0) throw knobs.error(`patches of ${patch} do not tile an image of ${side}; choose a multiple of ${patch}`);
  depths.forEach((_, stage) => {
    const map = side / patch / 2 ** stage;
    const width = dim * 2 ** stage;
    if (window > map) throw knobs.error(`windows of ${window} are larger than the map of ${map} in stage ${stage + 1}`);
    if (map % window !== 0) throw knobs.error(`windows of ${window} do not tile the map of ${map} in stage ${stage + 1}`);
    if (width % (heads[stage] ?? 1) !== 0)
      throw knobs.error(`${heads[stage]} heads do not divide a width of ${width} in stage ${stage + 1}`);
  });
  return {
    dim,
    depths,
    heads,
    window,
    patch,
    mlpRatio: knobs.number('mlpRatio'),
    shifted: knobs.boolean('shifted'),
    relative: knobs.boolean('relative'),
    classes: knobs.number('classes'),
  };
}
