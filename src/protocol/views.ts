import type { Optimizer, Precision, TrainingFootprint } from '../checkpoint/training';
import type { Reconciled, ToolName } from '../conventions';
import type { CheckpointOverview, CheckpointTensorRow, HealthReport, ModuleDetails, ModuleRow } from './checkpoint';
import type { CheckpointDiff } from './checkpointDiff';
import type { NodeDetails, TensorRow, TensorStatistics } from './engineApi';
import type { GraphLevel } from './graphView';
import type { AttentionMap, Recipe, RunResult } from './inference';
import type { LatencyReport } from './latency';
import type { BlockRow, ModelOverview, NodeRow, Slice } from './modelSlices';
import type { AxisPart, TensorSimilarity, TensorSpectrum } from './tensorPictures';

/** What the model editor's webview may ask of the extension host. */
export interface ModelViewApi {
  /** Reads and counts the model with these sizes, and gives what is shown first; the requests below are about that load. */
  load(params: { readonly bindings?: Readonly<Record<string, number>>; readonly groups?: readonly string[] }): Promise<ModelOverview>;
  nodeRows(params: { readonly from: number }): Promise<Slice<NodeRow>>;
  blockRows(params: { readonly from: number }): Promise<Slice<BlockRow>>;
  graph(params: { readonly group: string }): Promise<GraphLevel>;
  groupsOf(params: { readonly node: string }): Promise<readonly string[]>;
  details(params: { readonly node: string }): Promise<NodeDetails>;
  tensors(params: { readonly from: number }): Promise<Slice<TensorRow>>;
  reconcile(params: { readonly tools: readonly ToolName[] }): Promise<readonly Reconciled[]>;
  statistics(params: { readonly tensor: string }): Promise<TensorStatistics>;
  /** Runs the model with the sizes of the last load and tells where the time went; refused in a workspace that is not trusted. */
  measure(params: Record<string, never>): Promise<LatencyReport>;
  copy(params: { readonly text: string }): Promise<void>;
  /** Opens the file in another editor: one that cannot be read as a model may be text, or is looked at byte by byte. */
  openAs(params: { readonly editor: 'text' | 'hex' }): Promise<void>;
  /** Asks for an image and opens the inference panel with this model. */
  runOnImage(params: Record<string, never>): Promise<void>;
  /** Saves text or a picture where the person chooses. */
  save(params: { readonly name: string; readonly bytes: Uint8Array }): Promise<void>;
}

/** What the checkpoint editor's webview may ask of the extension host. */
export interface CheckpointViewApi {
  /** Reads the file's list of tensors, and no value; the requests below are about that load. */
  load(params: Record<string, never>): Promise<CheckpointOverview>;
  /** Modules directly in `parent`, or the outermost for `null`, from place `from` on. */
  modules(params: { readonly parent: number | null; readonly from: number }): Promise<Slice<ModuleRow>>;
  /** Every module in the tree's pre-order, from place `from` on. */
  allModules(params: { readonly from: number }): Promise<Slice<ModuleRow>>;
  module(params: { readonly module: number }): Promise<ModuleDetails>;
  /** Ids of the modules that a tensor stands in, from the outermost on. */
  modulesOf(params: { readonly tensor: string }): Promise<readonly number[]>;
  /** Tensors of a module and of all within, or of the checkpoint for `null`, from place `from` on. */
  tensors(params: { readonly module: number | null; readonly from: number }): Promise<Slice<CheckpointTensorRow>>;
  statistics(params: { readonly tensor: string }): Promise<TensorStatistics>;
  /** Elements at these indices of each axis, row-major. */
  block(params: { readonly tensor: string; readonly parts: readonly AxisPart[] }): Promise<Float32Array>;
  spectrum(params: { readonly tensor: string }): Promise<TensorSpectrum>;
  similarity(params: { readonly tensor: string }): Promise<TensorSimilarity>;
  /** What training its weights would hold in memory. */
  footprint(params: { readonly optimizer: Optimizer; readonly precision: Precision }): Promise<TrainingFootprint>;
  /** Reads all values and says what is wrong with them. */
  health(params: Record<string, never>): Promise<HealthReport>;
  /** Asks where to save and writes tensors there: one as `.npy`, any number as `.safetensors`. */
  extract(params: { readonly tensors: readonly string[]; readonly format: 'npy' | 'safetensors'; readonly name: string }): Promise<void>;
  openAs(params: { readonly editor: 'text' | 'hex' }): Promise<void>;
  copy(params: { readonly text: string }): Promise<void>;
  /** Saves bytes where the person chooses. */
  save(params: { readonly name: string; readonly bytes: Uint8Array }): Promise<void>;
}

/** What the view that compares two checkpoints may ask of the extension host; `swapped` takes the second for the first. */
export interface CheckpointDiffViewApi {
  /** What differs; of names, shapes and types alone where `keysOnly`. */
  diff(params: { readonly keysOnly: boolean; readonly swapped: boolean }): Promise<CheckpointDiff>;
  /** Asks where to save and writes the first's tensors as the second loads them. */
  mend(params: { readonly swapped: boolean }): Promise<void>;
  /** Opens one of the two with this tensor selected. */
  open(params: { readonly tensor: string; readonly side: 'before' | 'after'; readonly swapped: boolean }): Promise<void>;
  copy(params: { readonly text: string }): Promise<void>;
  save(params: { readonly name: string; readonly bytes: Uint8Array }): Promise<void>;
}

/** What the inference panel's webview may ask of the extension host. */
export interface InferenceViewApi {
  run(params: { readonly recipe?: Partial<Recipe> }): Promise<RunResult>;
  /** PNG bytes of the upright image, or of what the network saw. */
  image(params: { readonly run: string; readonly which: 'original' | 'seen' }): Promise<Uint8Array>;
  attention(params: {
    readonly run: string;
    readonly block: string;
    readonly head: number | 'mean';
    readonly window: number;
  }): Promise<AttentionMap>;
  chooseModel(params: Record<string, never>): Promise<void>;
  chooseProvider(params: Record<string, never>): Promise<void>;
  openModel(params: { readonly node?: string }): Promise<void>;
  copy(params: { readonly text: string }): Promise<void>;
  save(params: { readonly name: string; readonly bytes: Uint8Array }): Promise<void>;
}

/** What the host tells a view without being asked. */
export type HostEvent =
  | { readonly type: 'changed' }
  /** The workspace is trusted now. */
  | { readonly type: 'trusted' }
  | { readonly type: 'reveal'; readonly node: string }
  /** `another`: with another model than what is on the screen came of. */
  | { readonly type: 'rerun'; readonly another?: boolean };
