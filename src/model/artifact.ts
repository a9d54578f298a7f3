import type { ExternalFile, Finding, Model } from './model';
import type { Tensor } from './tensor';
import type { TrustReport } from './trust';

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
  /** What loading the file would do besides reading tensors; absent where the format can do nothing else. */
  readonly trust?: TrustReport;
  /** Modules whose class the file names, parents first. */
  readonly modules?: readonly SavedModule[];
  /** Program text that the file carries (TorchScript), to be read and never run. */
  readonly code?: readonly CodeFile[];
}

/** A module of a file that holds modules themselves, not names of tensors alone. */
export interface SavedModule {
  /** Dotted path from the file's root object, as tensors' names begin; `''` is the root itself. */
  readonly name: string;
  /** The class by its full name, such as `torch.nn.modules.conv.Conv2d`. */
  readonly type: string;
  /** Plain attributes (`kernel_size`, `groups`, `eps`), as Python would print them, bounded. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A text file inside a checkpoint. */
export interface CodeFile {
  readonly path: string;
  readonly text: string;
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
