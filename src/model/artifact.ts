import type { ExternalFile, Finding, Model } from './model';
import type { Tensor } from './tensor';

/**
 * Named tensors without a graph: what training saves. Plain readonly data like `Model`, which a structured clone
 * and JSON carry.
 */
export interface Checkpoint {
  readonly format: string;
  /** The format's own version; `''` where it has none. */
  readonly formatVersion: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** In the file's order; no two have one name. */
  readonly tensors: readonly Tensor[];
  /** Files beside this one that hold tensors, such as the other shards. */
  readonly externalFiles: readonly ExternalFile[];
  readonly findings: readonly Finding[];
}

/** What a file holds: a model, which has a graph, or tensors alone. */
export type Artifact = Model | Checkpoint;

/** Why a checkpoint will not do, as a sentence: for whoever needs a graph and has only its name, format and number of tensors. */
export function noGraph(name: string, format: string, tensors: number): string {
  const held = tensors === 1 ? '1 tensor' : `${tensors} tensors`;
  return `${name} holds ${held} and no graph (${format}); this needs a model with a graph, such as ONNX.`;
}

/** Tells the two apart; a place that needs a graph asks, or takes a `Model` (formats/needsGraph.ts). */
export function hasGraph(artifact: Artifact): artifact is Model {
  return 'graph' in artifact;
}
