import type { Knob, Knobs } from '../family';
import type { KnobReader } from '../knobReader';
import type { VitOptions } from './network';

/** Knobs of ViT and DeiT. */
export const VIT_KNOBS: readonly Knob[] = [
  { name: 'imageSize', kind: 'integer', default: 224, minimum: 8, maximum: 4096, doc: 'Side of the input image.' },
  { name: 'patch', kind: 'integer', default: 16, minimum: 1, maximum: 256, doc: 'Side of a patch, in pixels.' },
  { name: 'dim', kind: 'integer', default: 768, minimum: 1, maximum: 16_384, doc: 'Width of a token.' },
  { name: 'layers', kind: 'integer', default: 12, minimum: 1, maximum: 200, doc: 'Transformer blocks.' },
  { name: 'heads', kind: 'integer', default: 12, minimum: 1, maximum: 256, doc: 'Attention heads; they divide the width.' },
  { name: 'mlp', kind: 'integer', default: 3072, minimum: 1, maximum: 65_536, doc: 'Width inside the feed-forward layers.' },
  { name: 'position', kind: 'choice', default: 'learned', choices: ['learned', 'none'], doc: 'Position table, or none.' },
  { name: 'classes', kind: 'integer', default: 1000, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

/** What can be changed about ViT, with the choices that arXiv 2010.11929 leaves open. */
export const KNOBS: readonly Knob[] = [
  ...VIT_KNOBS,
  { name: 'classToken', kind: 'boolean', default: true, doc: 'Classify by a token of its own; otherwise by the mean of the patches.' },
];

/** The five sizes (arXiv 2010.11929, table 1; Ti and S are those of arXiv 2012.12877). */
export const SIZES = {
  Ti: { dim: 192, layers: 12, mlp: 768, heads: 3 },
  S: { dim: 384, layers: 12, mlp: 1536, heads: 6 },
  B: { dim: 768, layers: 12, mlp: 3072, heads: 12 },
  L: { dim: 1024, layers: 24, mlp: 4096, heads: 16 },
  H: { dim: 1280, layers: 32, mlp: 5120, heads: 16 },
} as const satisfies Readonly<Record<string, Knobs>>;

/** The knobs of each variant of ViT by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'ViT-Ti/16 @224': SIZES.Ti,
  'ViT-Ti/16 @384': { ...SIZES.Ti, imageSize: 384 },
  'ViT-S/16 @224': SIZES.S,
  'ViT-S/16 @384': { ...SIZES.S, imageSize: 384 },
  'ViT-B/16 @224': SIZES.B,
  'ViT-B/16 @384': { ...SIZES.B, imageSize: 384 },
  'ViT-B/32 @224': { ...SIZES.B, patch: 32 },
  'ViT-B/32 @384': { ...SIZES.B, patch: 32, imageSize: 384 },
  'ViT-L/16 @224': SIZES.L,
  'ViT-L/16 @384': { ...SIZES.L, imageSize: 384 },
  'ViT-L/16 @512': { ...SIZES.L, imageSize: 512 },
  'ViT-L/32 @224': { ...SIZES.L, patch: 32 },
  'ViT-L/32 @384': { ...SIZES.L, patch: 32, imageSize: 384 },
  'ViT-H/14 @224': { ...SIZES.H, patch: 14 },
  'ViT-H/14 @518': { ...SIZES.H, patch: 14, imageSize: 518 },
};

/** @throws UserError when patches do not tile the image or heads do not divide the width. */
export function vitOptions(knobs: KnobReader): Omit<VitOptions, 'classToken' | 'distilled'> {
  const [side, patch, dim, heads] = [knobs.number('imageSize'), knobs.number('patch'), knobs.number('dim'), knobs.number('heads')];
  if (side % patch !== 0) throw knobs.error(`patches of ${patch} do not tile an image of ${side}; choose a multiple of ${patch}`);
  if (dim % heads !== 0) throw knobs.error(`${heads} heads do not divide a width of ${dim}`);
  return {
    patch,
    dim,
    heads,
    layers: knobs.number('layers'),
    mlp: knobs.number('mlp'),
    position: knobs.choice('position') === 'learned',
    classes: knobs.number('classes'),
  };
}
