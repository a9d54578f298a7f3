import type { ModelDiff } from '../analysis/compare/diff';
import type { ComparedFigures } from '../analysis/compare/types';

export { comparedFigures, relativeDifference } from '../analysis/compare/figures';

/** One row of the comparison before it is counted. */
export interface ComparedModel {
  /** The same model with the same settings has the same id for as long as it stands in the comparison. */
  readonly id: string;
  readonly name: string;
  /** Where it comes from, for the tooltip: the file's path, or the family and variant. */
  readonly detail: string;
  readonly kind: 'file' | 'architecture';
  /** Changes whenever the figures have to be counted anew. */
  readonly version: string;
  /** Why it cannot be counted, in one sentence; `''` where nothing is known against it. */
  readonly error: string;
}

/** The models of a comparison, before one of them is read. */
export interface ComparisonSet {
  readonly title: string;
  /** True until the comparison has a file. */
  readonly untitled: boolean;
  readonly models: readonly ComparedModel[];
  /** Id of the model the others are measured against; `''` where there is none. */
  readonly baseline: string;
  /** What is wrong with the file as a whole; nothing can be compared then. */
  readonly error: string;
}

/** A model with images of `size` x `size`, or sequences of `size` steps. */
export interface SizedFigures {
  readonly size: number;
  /** `null` where it does not work at this size; `error` says why in one sentence. */
  readonly figures: ComparedFigures | null;
  readonly error: string;
}

/** Whole runs of a model on this machine. */
export interface MeasuredLatency {
  /** Median of the runs. */
  readonly milliseconds: number;
  readonly minimum: number;
  readonly runs: number;
  /** Execution provider that ran it. */
  readonly provider: string;
  /** Why another did not; `''` when there is nothing to say. */
  readonly note: string;
}

/** What the comparison's webview may ask of the extension host. */
export interface CompareViewApi {
  /** The models' names at once, without reading one. */
  load(params: Record<string, never>): Promise<ComparisonSet>;
  figures(params: { readonly model: string }): Promise<ComparedFigures>;
  /** A row for each of `sizes`, in their order. */
  figuresAt(params: { readonly model: string; readonly sizes: readonly number[] }): Promise<readonly SizedFigures[]>;
  /** Runs the model. Refused in a workspace that is not trusted. */
  measure(params: { readonly model: string }): Promise<MeasuredLatency>;
  /** What changed from one model to another, block by block. */
  diff(params: { readonly before: string; readonly after: string }): Promise<ModelDiff>;
  /** With `node`, the id of a node or block, selects that and brings it into sight. */
  openModel(params: { readonly model: string; readonly node?: string }): Promise<void>;
  /** Lets the person choose files and reference systems. */
  addModels(params: Record<string, never>): Promise<void>;
  remove(params: { readonly model: string }): Promise<void>;
  setBaseline(params: { readonly model: string }): Promise<void>;
  /** Writes a `.loupe.json` where the person chooses, and opens it. */
  saveAs(params: Record<string, never>): Promise<void>;
  /** Opens the comparison's file as text. */
  openText(params: Record<string, never>): Promise<void>;
  copy(params: { readonly text: string }): Promise<void>;
  save(params: { readonly name: string; readonly bytes: Uint8Array }): Promise<void>;
}
