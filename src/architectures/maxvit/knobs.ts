import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { MaxVitOptions } from './network';

/** What can be changed about MaxViT, with the choices that arXiv 2204.01697 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'imageSize', kind: 'integer', default: 224, minimum: 32, maximum: 2048, doc: 'Side of the input image.' },
  { name: 'stem', kind: 'integer', default: 64, minimum: 1, maximum: 1024, doc: 'Channels of the stem.' },
  { name: 'dims', kind: 'integers', default: [64, 128, 256, 512], minimum: 1, maximum: 8192, doc: 'Channels of each stage.' },
  { name: 'depths', kind: 'integers', default: [2, 2, 5, 2], minimum: 1, maximum: 100, doc: 'Blocks of each stage.' },
  {
    name: 'partition',
    kind: 'integer',
    default: 7,
    minimum: 1,
    maximum: 64,
    doc: 'Side of a window and of the grid; it divides the map of every stage.',
  },
  { name: 'headDim', kind: 'integer', default: 32, minimum: 1, maximum: 1024, doc: 'Width of one attention head; it divides the widths.' },
  { name: 'expansion', kind: 'integer', default: 4, minimum: 1, maximum: 16, doc: 'Inner over outer width of MBConv and feed-forward.' },
  {
    name: 'seRatio',
    kind: 'number',
    default: 0.25,
    minimum: 0,
    maximum: 4,
    doc: "Squeeze-excite's hidden width over the block's output width; 0 leaves it out.",
  },
  {
    name: 'biasLookup',
    kind: 'choice',
    default: 'einsum',
    choices: ['einsum', 'gather', 'none'],
    doc: 'Relative positions by products with one-hot tables (which cost MACs), by index, or none.',
  },
  {
    name: 'preLogits',
    kind: 'integer',
    default: 512,
    minimum: 0,
    maximum: 8192,
    doc: 'Width of a linear layer with tanh before the classifier; 0 leaves it out.',
  },
  { name: 'classes', kind: 'integer', default: 1000, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

/** The knobs of each variant of MaxViT by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'MaxViT-T @224': {},
  'MaxViT-T @384': { imageSize: 384, partition: 12 },
  'MaxViT-T @512': { imageSize: 512, partition: 16 },
};

/** @throws UserError when partitions or heads do not fit. */
export function maxvitOptions(knobs: KnobReader): MaxVitOptions {
  const dims = knobs.integers('dims');
  const depths = knobs.integersOf('depths', dims.length);
  if (dims.length === 0) throw knobs.error('"dims" takes at least one number');
  const [image, side, headSize] = [knobs.number('imageSize'), knobs.number('partition'), knobs.number('headDim')];
  dims.forEach((dim, stage) => {
    const map = Math.ceil(image / 2 ** (stage + 2));
    if (side > map) throw knobs.error(`partitions of ${side} are larger than the map of ${map} in stage ${stage + 1}`);
    if (map % side !== 0) throw knobs.error(`partitions of ${side} do not tile the map of ${map} in stage ${stage + 1}`);
    if (dim % headSize !== 0) throw knobs.error(`heads of ${headSize} do not divide the width ${dim} of stage ${stage + 1}`);
  });
  const expansion = knobs.number('expansion');
  return {
    stem: knobs.number('stem'),
    dims,
    depths,
    mbconv: { strideIn: 'depthwise', expansion, seRatio: knobs.number('seRatio'), shortcutPool: 'average' },
    attention: { side, headSize, expansion, bias: knobs.choice('biasLookup') },
    preLogits: knobs.number('preLogits'),
    classes: knobs.number('classes'),
  };
}
