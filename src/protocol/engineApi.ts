import type { ModelDiff } from '../analysis/compare/diff';
import type { LimitResult } from '../analysis/compare/limits';
import type { Comparison } from '../analysis/compare/types';
import type { Count, NodeProfile, Profile } from '../analysis/profile';
import type { CheckpointSummary } from '../checkpoint/summary';
import type { ScanReport } from '../checkpoint/trust';
import type { Reconciled, ToolName } from '../conventions';
import type { ArchitectureRequest, BuiltArchitecture, FamilySummary } from './architectures';
import type { CheckpointApi, ShownCheckpoint } from './checkpoint';
import type { GraphLevel } from './graphView';
import type { AttentionMap, Recipe, RunResult } from './inference';
import type { LatencyReport, LatencyRequest } from './latency';
import type { BlockRow, ModelOverview, NodeRow, Slice } from './modelSlices';
import type { ModelFile, ModelReference, ModelSource } from './modelSource';
import type { TensorPicturesApi } from './tensorPictures';

/** Models to count side by side. */
export interface ComparisonRequest {
  readonly models: readonly ModelReference[];
  /** Sides of images (or steps of sequences) to give every model; none: each at its own size. */
  readonly sizes?: readonly number[];
  /** Place of the baseline in `models`; the first unless given. */
  readonly baseline?: number;
}

/** A model and the limits that it is held to. */
export interface CheckRequest {
  readonly model: ModelReference;
  /** Content of a budgets file (schemas/budgets.schema.json). */
  readonly limits: unknown;
  /** Folder that baselines' paths are relative to. */
  readonly folder: string;
}

/** A stored tensor without its values. */
export interface TensorRow {
  readonly name: string;
  readonly dtype: string;
  /** Texts where the file has an extent that no tensor can have. */
  readonly shape: readonly (number | string)[];
  readonly elements: Count;
  readonly bytes: number;
  /** `''` is the model file itself. */
  readonly file: string;
  /** One sentence when the values cannot be had. */
  readonly missing: string;
  /** Ids of nodes that read it, the first hundred. */
  readonly consumers: readonly string[];
  /** How many read it. */
  readonly readers: number;
}

/** min, max, mean and standard deviation over the finite elements, and 64 equal bins from min to max. */
export interface TensorStatistics {
  readonly name: string;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly deviation: number;
  readonly zeros: number;
  /** NaN and infinities together. */
  readonly notFinite: number;
  readonly nan: number;
  readonly infinite: number;
  /** Square root of the sum of squares. */
  readonly norm: number;
  /** Slices along the first axis that hold nothing but zeros. */
  readonly deadFilters: number;
  readonly histogram: readonly number[];
}

/** Everything the file says of one node, and the types of its values at the opened sizes. */
export interface NodeDetails {
  readonly id: string;
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  readonly doc: string;
  readonly attributes: readonly { readonly name: string; readonly kind: string; readonly text: string }[];
  readonly inputs: readonly ValueDetails[];
  readonly outputs: readonly ValueDetails[];
  /** How many there are beyond those listed. */
  readonly more: { readonly attributes: number; readonly inputs: number; readonly outputs: number };
  readonly metadata: Readonly<Record<string, string>>;
  /** What it costs and why; `null` where the node is part of nothing that runs. */
  readonly profile: NodeProfile | null;
}

/** An input or output of a node, with the nodes on its other end. */
export interface ValueDetails {
  readonly name: string;
  readonly dtype: string;
  readonly shape: string;
  /** Name of the tensor when the value is an initializer. */
  readonly tensor: string;
  /** Node ids on the other end. */
  readonly nodes: readonly string[];
}

/** An execution provider of this machine's runtimes; `bundled` ones need nothing installed. */
export interface ProviderInfo {
  readonly name: string;
  readonly bundled: boolean;
}

/** A model to run on one image. */
export interface RunRequest {
  readonly model: ModelSource;
  readonly image:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array };
  /** `auto`, an ONNX Runtime provider name, or several separated by commas. */
  readonly provider: string;
  readonly attention: boolean;
  /** Overrides of the recipe found for the model. */
  readonly recipe?: Partial<Recipe>;
}

/** A file that was read: its findings, and the name under which more can be asked of it. */
export type Opened = OpenedModel | OpenedCheckpoint;

/** One with a graph. */
export interface OpenedModel {
  readonly kind: 'model';
  readonly handle: string;
  readonly profile: Profile;
}

/** One that holds tensors alone: what asks for a graph under its handle fails with a `UserError` that says so. */
export interface OpenedCheckpoint {
  readonly kind: 'checkpoint';
  readonly handle: string;
  readonly checkpoint: CheckpointSummary;
}

/** A file that was read, as an editor shows it first. */
export type Shown = ShownModel | ShownCheckpoint;

/** One with a graph. */
export interface ShownModel {
  readonly kind: 'model';
  readonly handle: string;
  readonly overview: ModelOverview;
}

/** What the engine process does. Every method can be cancelled and reports progress (rpc.ts). */
export interface EngineApi extends CheckpointApi, TensorPicturesApi {
  /**
   * Reads and analyses a model, or lists what a checkpoint holds. Its handle stands for the file as it is now and for these sizes, and whoever asks
   * further names it alone; it fails with `GoneError` once the file has changed or the engine was started anew.
   */
  open(params: { readonly model: ModelFile }): Promise<Opened>;
  /** A file with what an editor shows first: no long lists; of a model the whole's level and those of `groups` that there are. */
  show(params: { readonly model: ModelFile; readonly groups?: readonly string[] }): Promise<Shown>;
  /** Reads a file, and counts and folds a model, ahead of the requests that will want it. */
  prepare(params: { readonly model: ModelFile }): Promise<void>;
  /** The profile's nodes from place `from` on. */
  nodeRows(params: { readonly handle: string; readonly from: number }): Promise<Slice<NodeRow>>;
  /** The profile's blocks from place `from` of their pre-order on. */
  blockRows(params: { readonly handle: string; readonly from: number }): Promise<Slice<BlockRow>>;
  graph(params: { readonly handle: string; readonly group: string }): Promise<GraphLevel>;
  /** The chain of groups from the outermost to the one that holds the node or is the block, for revealing it. */
  groupsOf(params: { readonly handle: string; readonly node: string }): Promise<readonly string[]>;
  details(params: { readonly handle: string; readonly node: string }): Promise<NodeDetails>;
  /** Stored tensors from place `from` of the list on. */
  tensors(params: { readonly handle: string; readonly from: number }): Promise<Slice<TensorRow>>;
  /** What other tools would print for the model, and why that differs from our figures, in the order asked for. */
  reconcile(params: { readonly handle: string; readonly tools: readonly ToolName[] }): Promise<readonly Reconciled[]>;
  statistics(params: { readonly handle: string; readonly tensor: string }): Promise<TensorStatistics>;
  /** Gives a handle back; one that is not there any more is given back already. */
  close(params: { readonly handle: string }): Promise<void>;
  providers(params: Record<string, never>): Promise<readonly ProviderInfo[]>;
  run(params: RunRequest): Promise<RunResult>;
  /** Runs the model several times on made-up inputs, and tells where the time went. */
  latency(params: LatencyRequest): Promise<LatencyReport>;
  attention(params: {
    readonly run: string;
    readonly block: string;
    readonly head: number | 'mean';
    readonly window: number;
  }): Promise<AttentionMap>;
  /** Upright RGB PNG of the image as the network saw it (resized and cropped). */
  seenImage(params: { readonly run: string }): Promise<Uint8Array>;
  /** Upright PNG of the image, at most `limit` pixels on the longer edge. */
  imagePreview(params: { readonly run: string; readonly limit: number }): Promise<Uint8Array>;
  /** PNG: the image under the heat of every attention layer, mean over heads and each head. */
  attentionPicture(params: { readonly run: string }): Promise<Uint8Array>;
  closeRun(params: { readonly run: string }): Promise<void>;
  /** Every family of reference systems with its variants; builds nothing. */
  architectures(params: Record<string, never>): Promise<readonly FamilySummary[]>;
  /** Builds one without weights and profiles it. */
  architecture(params: ArchitectureRequest): Promise<BuiltArchitecture>;
  /** The bytes of an ONNX file: with seeded weights, or `none`: structure only, external data that is not there. */
  buildArchitecture(params: ArchitectureRequest & { readonly weights: 'none' | 'seeded'; readonly seed?: number }): Promise<Uint8Array>;
  /** One row per model and size; a model that fails says so in its row. */
  compare(params: ComparisonRequest): Promise<Comparison>;
  /** Blocks added, removed and changed from `before` to `after`. */
  diff(params: { readonly before: ModelReference; readonly after: ModelReference }): Promise<ModelDiff>;
  /** Holds a model to a budgets file. */
  check(params: CheckRequest): Promise<{ readonly results: readonly LimitResult[]; readonly profile: Profile }>;
  /** What loading a file of any format could do; nothing of it is run. */
  scan(params: { readonly file: ModelSource }): Promise<ScanReport>;
  /** The model's structure as stable text, a line per fact, without weights' values. */
  structure(params: { readonly model: ModelSource }): Promise<string>;
}
