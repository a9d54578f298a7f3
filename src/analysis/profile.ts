import type { DType, Finding, Shape } from '../model';

/** A count; exact integers past 2^53 - 1 are decimal strings. */
export type Count = number | string;

/** What a node is there for. The part before the dot is its family. */
export const CATEGORIES = [
  'convolution.standard',
  'convolution.pointwise',
  'convolution.depthwise',
  'convolution.grouped',
  'attention.projection',
  'attention.scores',
  'attention.softmax',
  'attention.weightedSum',
  'attention.output',
  'feedForward',
  'normalization',
  'activation',
  'pooling',
  'embedding',
  'gate',
  'head',
  'recurrent',
  'dataMovement',
  'other',
] as const;

/** What an operator does, as finely as the colours and the table tell it. */
export type Category = (typeof CATEGORIES)[number];

/** The split that the product shows everywhere. */
export const BUDGETS = ['convolution', 'attention', 'feedForward', 'other'] as const;
/** One of the four parts of a model's cost. */
export type Budget = (typeof BUDGETS)[number];

/** The budget a category counts towards. */
export function budgetOf(category: Category): Budget {
  const family = category.split('.')[0];
  if (family === 'convolution' || family === 'attention' || family === 'feedForward') return family;
  return 'other';
}

/** Sums over operators; counts past 2^53 - 1 are decimal strings. */
export interface Figures {
  /**
   * Elements of weights, each shared tensor once: what PyTorch counts over
   * `model.parameters()` (11,689,512 for ResNet-18). Without buffers, and
   * without constants that only describe the computation (shapes, axes,
   * epsilons, quantisation scales, index tables).
   */
  readonly parameters: Count;
  /** The same figure: a file does not say which of its weights were frozen. */
  readonly trainableParameters: Count;
  /** Elements kept beside the weights and not trained: BatchNorm's running statistics, masks. */
  readonly buffers: Count;
  /** Multiply-adds. */
  readonly macs: Count;
  /** 2 x MACs plus every elementwise, normalisation, pooling, softmax and reduction operation. */
  readonly flops: Count;
  /** Bytes of every stored constant that a node reads. */
  readonly weightBytes: Count;
  /** Bytes written by nodes; Reshape and its like write nothing. */
  readonly activationBytes: Count;
}

/** Figures of the whole model, which has one execution order and so a peak. */
export interface Totals extends Figures {
  /** Most bytes of intermediate tensors alive at once in the file's execution order. */
  readonly peakActivationBytes: Count;
}

/** The totals by name, in the order in which they are shown. */
export const TOTALS = [
  'parameters',
  'trainableParameters',
  'buffers',
  'macs',
  'flops',
  'weightBytes',
  'activationBytes',
  'peakActivationBytes',
] as const satisfies readonly (keyof Totals)[];

/** A value with the shape it has at the chosen sizes; `null` where that is not known. */
export interface ValueProfile {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape | null;
}

/** One operator of the main graph or of a body, with what it costs at the chosen sizes. */
export interface NodeProfile {
  readonly id: string;
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  readonly category: Category;
  /** Id of the innermost block that holds the node; `''` when none does. */
  readonly block: string;
  readonly parameters: Count;
  readonly trainableParameters: Count;
  readonly buffers: Count;
  /**
   * How often the node runs in one run of the model, where that is not once:
   * the turns of the loops around it, 0 in an If's branch that is not counted,
   * `null` where the number of turns is unknown. Figures are those of one run of the node.
   */
  readonly times?: Count | null;
  /**
   * True for a node with bodies (If, Loop, Scan, a call of a function): its
   * figures are the sum of the nodes inside, which are listed too.
   * Totals count the nodes inside, never both.
   */
  readonly composite?: boolean;
  /** `null`: not counted (listed in `notCounted`). */
  readonly macs: Count | null;
  readonly flops: Count | null;
  readonly formula: string;
  readonly weightBytes: Count;
  /** Bytes of all inputs and outputs, weights included; `null` where a shape is unknown. */
  readonly readBytes: Count | null;
  readonly writtenBytes: Count | null;
  readonly inputs: readonly ValueProfile[];
  readonly outputs: readonly ValueProfile[];
}

/**
 * The nodes that do the work of one run of the model, each with its work of the
 * whole run: bodies instead of the nodes that hold them, loops' turns
 * multiplied in. Their figures add up to the totals.
 */
export function executed<Node extends Pick<NodeProfile, 'composite' | 'times' | 'macs' | 'flops'>>(
  nodes: readonly Node[],
): readonly Node[] {
  return nodes.flatMap((node) => {
    if (node.composite) return [];
    const { times } = node;
    return times === undefined ? [node] : [{ ...node, macs: repeated(node.macs, times), flops: repeated(node.flops, times) }];
  });
}

function repeated(work: Count | null, times: Count | null): Count | null {
  if (work === null || times === null) return null;
  const product = BigInt(work) * BigInt(times);
  return product <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(product) : product.toString();
}

/**
 * Kinds: `attention`, `feed-forward`, `transformer` (attention + feed-forward),
 * `residual-basic`, `residual-bottleneck`, `mbconv`, `fused-mbconv`,
 * `depthwise-separable`, `squeeze-excite`, `gather-excite`, `patch-embedding`,
 * `patch-merging`, `stem`, `head`, `convolution` (conv + norm + activation),
 * `attention-augmented-convolution`, `light-convolution`, `dynamic-convolution`,
 * `conformer-convolution`, `convnext`, `dense` (a layer of DenseNet), `branches`
 * (ways concatenated), `hybrid` (a round of alternating kinds, as in MaxViT),
 * `mixer` (token mixing + feed-forward), `token-mixing`, `gmlp`, `fasternet`, `repvit`, `reparameterised`, `mobilevit`, `xception`, `position-convolution`,
 * `local-patch-interaction`, `normalization` and `activation` (written as several operators), `stage`,
 * `section` (neighbours of one resolution, or a piece of a long sequence), `scope` (a named scope that is none of these). The attribute `receptiveField`
 * is in input pixels, or `global`.
 */
export interface Block {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  /** Number of structurally equal neighbours that this entry begins; 1 where it stands alone. */
  readonly repeat: number;
  readonly attributes: Readonly<Record<string, number | string | boolean | readonly number[]>>;
  readonly totals: Figures;
  /** Ids of every node inside, children included. */
  readonly nodes: readonly string[];
  readonly children: readonly Block[];
}

/** One free dimension and the value it was given. */
export interface Binding {
  readonly value: number;
  /** True when nobody asked for it: a default that the person should see. */
  readonly assumed: boolean;
}

/** What the file says of itself, its inputs and outputs at the chosen sizes. */
export interface ModelSummary {
  readonly name: string;
  readonly format: string;
  readonly formatVersion: string;
  readonly producer: string;
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly ValueProfile[];
  readonly outputs: readonly ValueProfile[];
  /** Bytes of the model file, external data not included. */
  readonly fileBytes: number;
  readonly externalFiles: readonly { readonly path: string; readonly size: number | null }[];
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * The side of images or the steps of sequences where the file fixes it: the names by which its axes can be bound
   * (`image.2`), and what they are counted at, `null` where they differ. Absent where it is free.
   */
  readonly fixedSize?: { readonly kind: 'image' | 'sequence'; readonly axes: readonly string[]; readonly size: number | null };
}

/** The one result that every view and the command line read (`profile --json`). */
export interface Profile {
  readonly schema: 1;
  readonly model: ModelSummary;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly totals: Totals;
  readonly budget: Readonly<Record<Budget, Figures>>;
  readonly categories: Readonly<Partial<Record<Category, Figures>>>;
  readonly blocks: readonly Block[];
  readonly nodes: readonly NodeProfile[];
  /** Totals that leave something out, so that the model has at least as much; parts of them are then lower bounds too. */
  readonly lowerBounds: readonly (keyof Totals)[];
  /** Nodes whose work, or a part of it, is not known. */
  readonly notCounted: readonly { readonly node: string; readonly op: string; readonly reason: string }[];
  readonly warnings: readonly Finding[];
}
