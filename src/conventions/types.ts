import type { Count } from '../analysis/profile';

/** What a figure of a tool is made of; ours has the multiply-adds of the first six. */
export const PARTS = [
  'convolution',
  'linear',
  'attention',
  'product',
  'recurrent',
  'otherProduct',
  'bias',
  'batchNorm',
  'layerNorm',
  'otherNorm',
  'softmax',
  'activation',
  'pooling',
  'resize',
  'elementwise',
  'embedding',
] as const;
/** One of them. */
export type Part = (typeof PARTS)[number];

/** The tools whose figures can be told. */
export const TOOLS = ['thop', 'fvcore', 'ptflops', 'torchinfo', 'torch', 'onnx-tool', 'keras'] as const;
/** One of them. */
export type ToolName = (typeof TOOLS)[number];

/** Operations by what they are spent on. */
export type Parts = Map<Part, bigint>;

/** Adds to one part. */
export function addTo(parts: Parts, part: Part, count: bigint): void {
  if (count !== 0n) parts.set(part, (parts.get(part) ?? 0n) + count);
}

/** One difference between a tool's figure and ours. */
export interface ReconciledLine {
  readonly part: Part;
  /** Our multiply-adds of this part. */
  readonly ours: Count;
  /** In the tool's own unit. */
  readonly theirs: Count;
  /** `theirs` less `ours`, where negative with its sign; lines add up to the totals' difference. */
  readonly difference: string;
  /** Why it is, in one sentence. */
  readonly why: string;
}

/** What a tool would print for a model, and how it comes about. */
export interface Reconciled {
  readonly tool: ToolName;
  /** The version whose source the rules were read in. */
  readonly version: string;
  /** How the tool is called. */
  readonly call: string;
  /** What it calls its figure: `MACs`, `FLOPs`; `''` for a tool that counts parameters alone. */
  readonly unit: string;
  readonly total: Count;
  readonly ours: Count;
  readonly parameters: Count;
  readonly ourParameters: Count;
  readonly lines: readonly ReconciledLine[];
  /** Why its parameters differ from ours; `''` where they are the same. */
  readonly parametersWhy: string;
  /** What the file does not say, and what was taken for it. */
  readonly assumptions: readonly string[];
}
