import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { CoAtNetOptions, Stage } from './network';

/** Block types of stages S1 to S4; `(C,T)` is a stage of both (CoAtNet-6 and 7). */
export const LAYOUTS = ['C-C-C-C', 'C-C-C-T', 'C-C-T-T', 'C-T-T-T', 'C-C-(C,T)-T', 'ViT_REL'] as const;

/** What can be changed about CoAtNet, with the choices that arXiv 2106.04803 leaves open. */
export const KNOBS: readonly Knob[] = [
  { name: 'imageSize', kind: 'integer', default: 224, minimum: 32, maximum: 2048, doc: 'Side of the input image.' },
  {
    name: 'layout',
    kind: 'choice',
    default: 'C-C-T-T',
    choices: LAYOUTS,
    doc: 'Convolution (C) or attention (T) in each stage; ViT_REL is attention alone over patches of 16.',
  },
  { name: 'stem', kind: 'integer', default: 64, minimum: 1, maximum: 4096, doc: 'Channels of the two convolutions of S0.' },
  {
    name: 'dims',
    kind: 'integers',
    default: [96, 192, 384, 768],
    minimum: 1,
    maximum: 16_384,
    doc: 'Channels of S1 to S4; five with the layout C-C-(C,T)-T.',
  },
  {
    name: 'depths',
    kind: 'integers',
    default: [2, 2, 3, 5, 2],
    minimum: 1,
    maximum: 200,
    doc: 'Layers of S0 (2) and blocks of S1 to S4; six with the layout C-C-(C,T)-T.',
  },
  {
    name: 'strideMode',
    kind: 'choice',
    default: '1x1',
    choices: ['1x1', 'dw'],
    doc: 'Convolution of an MBConv that downsamples: the first 1x1 or the depthwise.',
  },
  {
    name: 'headDim',
    kind: 'integer',
    default: 32,
    minimum: 1,
    maximum: 1024,
    doc: 'Width of one attention head; it divides the width of T stages.',
  },
  { name: 'expansion', kind: 'integer', default: 4, minimum: 1, maximum: 16, doc: 'Inner over outer width of MBConv and feed-forward.' },
  {
    name: 'seRatio',
    kind: 'number',
    default: 0.25,
    minimum: 0,
    maximum: 4,
    doc: "Squeeze-excite's hidden width over the block's output width; 0 leaves it out.",
  },
  { name: 'relative', kind: 'boolean', default: true, doc: 'Relative position bias in the attention.' },
  { name: 'preLogits', kind: 'boolean', default: true, doc: 'A linear layer with tanh before the classifier.' },
  {
    name: 'shortcutPool',
    kind: 'choice',
    default: 'max',
    choices: ['max', 'average'],
    doc: 'Pooling of the shortcut: max (paper) or average (timm).',
  },
  { name: 'classes', kind: 'integer', default: 1000, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

/** @throws UserError when lists have the wrong length or heads do not divide the width of a T stage. */
export function coatnetOptions(knobs: KnobReader): CoAtNetOptions {
  const stages = stagesOf(knobs);
  const headSize = knobs.number('headDim');
  const misfit = stages.find(({ kind, dim }) => kind === 'T' && dim % headSize !== 0);
  if (misfit) throw knobs.error(`heads of ${headSize} do not divide the width ${misfit.dim} of a T stage`);
  const patches = knobs.choice('layout') === 'ViT_REL';
  const side = knobs.number('imageSize');
  if (patches && side % 16 !== 0) throw knobs.error(`patches of 16 do not tile an image of ${side}; choose a multiple of 16`);
  const shortcutPool = knobs.choice<'max' | 'average'>('shortcutPool');
  const expansion = knobs.number('expansion');
  return {
    stem: { kind: patches ? 'patches' : 'convolutions', dim: patches ? (stages[0]?.dim ?? 0) : knobs.number('stem') },
    stages,
    mbconv: {
      strideIn: knobs.choice('strideMode') === '1x1' ? '1x1' : 'depthwise',
      expansion,
      seRatio: knobs.number('seRatio'),
      shortcutPool,
    },
    transformer: { headSize, expansion, relative: knobs.boolean('relative'), shortcutPool },
    preLogits: knobs.boolean('preLogits'),
    classes: knobs.number('classes'),
  };
}

function stagesOf(knobs: KnobReader): readonly Stage[] {
  const layout = knobs.choice('layout');
  const mixed = layout === 'C-C-(C,T)-T';
  const dims = knobs.integersOf('dims', mixed ? 5 : 4);
  const [stem, ...depths] = knobs.integersOf('depths', mixed ? 6 : 5);
  if (stem !== 2) throw knobs.error(`"depths" begins with 2, the convolutions of S0, not ${stem}`);
  if (layout === 'ViT_REL') return [{ kind: 'T', dim: dims[2] ?? 0, depth: depths.reduce((sum, depth) => sum + depth, 0), stride: 1 }];
  const kinds = mixed ? ['C', 'C', 'C', 'T', 'T'] : layout.split('-');
  return dims.map((dim, index) => ({
    kind: kinds[index] === 'T' ? 'T' : 'C',
    dim,
    depth: depths[index] ?? 0,
    stride: mixed && index === 3 ? 1 : 2,
  }));
}

/** Sizes of the paper's table 3 (0 to 5 at stride in the first 1x1) and table 5 (6 and 7). */
export const SIZES = {
  0: { stem: 64, dims: [96, 192, 384, 768], depths: [2, 2, 3, 5, 2] },
  1: { stem: 64, dims: [96, 192, 384, 768], depths: [2, 2, 6, 14, 2] },
  2: { stem: 128, dims: [128, 256, 512, 1024], depths: [2, 2, 6, 14, 2] },
  3: { stem: 192, dims: [192, 384, 768, 1536], depths: [2, 2, 6, 14, 2] },
  4: { stem: 192, dims: [192, 384, 768, 1536], depths: [2, 2, 12, 28, 2] },
  5: { stem: 192, dims: [256, 512, 1280, 2048], depths: [2, 2, 12, 28, 2], headDim: 64 },
  6: { stem: 192, dims: [192, 384, 768, 1536, 2048], depths: [2, 2, 4, 8, 42, 2], headDim: 128, layout: 'C-C-(C,T)-T' },
  7: { stem: 192, dims: [256, 512, 1024, 2048, 3072], depths: [2, 2, 4, 8, 42, 2], headDim: 128, layout: 'C-C-(C,T)-T' },
} as const satisfies Readonly<Record<number, Knobs>>;
