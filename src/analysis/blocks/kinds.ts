import { own } from '../../data';

/** What recognisers, stages and comparisons ask of a kind of block. */
export interface BlockTraits {
  /** What a stage made of such blocks is called by. */
  readonly stage?: string;
  /** Accompanies the main blocks of a stage, and makes none. */
  readonly minor?: true;
  /** Convolutions with no residual around them are still looked for inside. */
  readonly open?: true;
  /** Its linear layers are pointwise convolutions. */
  readonly convolves?: true;
  /** Its product of data with data applies a predicted kernel. */
  readonly appliesKernels?: true;
  /** May be one of the residuals that a transformer block is made of. */
  readonly transformerPart?: true;
  /** Sees what its input sees: no receptive field of its own. */
  readonly withoutField?: true;
  /** No layer of the network's depth by itself. */
  readonly shallow?: true;
  /** Stands before the first stage. */
  readonly begins?: true;
  /** Only holds others, whose names say more. */
  readonly container?: true;
}

/** Every kind of block there is, and all that its kind alone says of it. */
const BLOCK_KINDS = {
  activation: { minor: true, open: true, withoutField: true, shallow: true },
  attention: { stage: 'Attention', transformerPart: true },
  'attention-augmented-convolution': { open: true },
  branches: { stage: 'Branches', open: true },
  'conformer-convolution': { convolves: true, transformerPart: true },
  convnext: { stage: 'ConvNeXt', convolves: true },
  convolution: { stage: 'Conv', minor: true },
  dense: { stage: 'Dense', open: true },
  'depthwise-separable': { stage: 'Depthwise separable', convolves: true },
  'dynamic-convolution': { convolves: true, appliesKernels: true, transformerPart: true },
  fasternet: { stage: 'FasterNet' },
  'feed-forward': { stage: 'Feed-forward', transformerPart: true, withoutField: true },
  'fused-mbconv': { stage: 'Fused MBConv' },
  'gather-excite': { minor: true, open: true },
  gmlp: { stage: 'gMLP' },
  head: { withoutField: true, shallow: true },
  hybrid: { stage: 'Hybrid' },
  'light-convolution': { convolves: true, transformerPart: true },
  'local-patch-interaction': { convolves: true, transformerPart: true },
  mbconv: { stage: 'MBConv', convolves: true },
  mixer: { stage: 'Mixer' },
  mobilevit: { stage: 'MobileViT' },
  normalization: { minor: true, open: true, withoutField: true, shallow: true },
  'patch-embedding': { shallow: true, begins: true },
  'patch-merging': {},
  'position-convolution': { minor: true, convolves: true, transformerPart: true },
  reparameterised: { stage: 'Re-parameterised', open: true },
  repvit: { stage: 'RepViT', convolves: true },
  'residual-basic': { stage: 'Residual' },
  'residual-bottleneck': { stage: 'Bottleneck' },
  scope: { minor: true, shallow: true, container: true },
  section: { minor: true, shallow: true, container: true },
  'squeeze-excite': { minor: true, open: true },
  stage: { container: true },
  stem: { shallow: true, begins: true },
  'token-mixing': { stage: 'Token mixing', transformerPart: true },
  transformer: { stage: 'Transformer' },
  xception: { stage: 'Xception', convolves: true },
} as const satisfies Readonly<Record<string, BlockTraits>>;

/** A kind of block that recognisers make. */
export type BlockKind = keyof typeof BLOCK_KINDS;

const NONE: BlockTraits = {};

/** Traits of a kind; none for a kind that a profile from elsewhere names. */
export function traitsOf(kind: string): BlockTraits {
  return own<BlockTraits>(BLOCK_KINDS, kind) ?? NONE;
}

/** Every kind with a trait. */
export function kindsThat(has: (traits: BlockTraits) => boolean): ReadonlySet<string> {
  return new Set(Object.keys(BLOCK_KINDS).filter((kind) => has(traitsOf(kind))));
}
