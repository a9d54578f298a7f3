import type { FoldedModule } from '../checkpoint/fold';
import type { HealthFinding, TensorLook } from '../checkpoint/health';
import type { CheckpointSummary } from '../checkpoint/summary';
import type { Optimizer, Precision, TrainingFootprint } from '../checkpoint/training';
import type { CheckpointTensor } from '../checkpoint/tree';
import type { CheckpointDiff, CheckpointDiffRequest, MendedFile } from './checkpointDiff';
import type { Slice } from './modelSlices';

/** A module of the folded tree, without those in it. */
export interface ModuleRow extends Omit<FoldedModule, 'children' | 'own' | 'members'> {
  /** How many modules stand directly in it. */
  readonly children: number;
  /** Whether its parameters are trained: all, none or some of them; `''` where it has none. */
  readonly trainable: 'all' | 'none' | 'some' | '';
  /** What its tensors and those of all within take of each part of the budget. */
  readonly split: CheckpointSummary['budget'];
}

/** A tensor of a checkpoint. */
export interface CheckpointTensorRow
  extends Pick<CheckpointTensor, 'place' | 'own' | 'section' | 'elements' | 'bytes' | 'kind' | 'part' | 'role' | 'tied'> {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Id of the module of the folded tree that it stands in. */
  readonly module: number;
  /** `''` is the checkpoint's own file. */
  readonly file: string;
  /** One sentence when the values cannot be had. */
  readonly missing: string;
  /** False for a parameter that the file says is not trained. */
  readonly trainable: boolean;
}

/** All that the checkpoint editor's first picture needs. */
export interface CheckpointOverview extends CheckpointSummary {
  /** Findings that are left out; `findings` has the first of them. */
  readonly moreFindings: number;
  /** The outermost modules: the weights' own, then one for each other section. */
  readonly modules: Slice<ModuleRow>;
}

/** A checkpoint that was read, as an editor shows it first. */
export interface ShownCheckpoint {
  readonly kind: 'checkpoint';
  readonly handle: string;
  readonly overview: CheckpointOverview;
}

/** What there is to say of one module. */
export interface ModuleDetails {
  readonly module: ModuleRow;
  /** It and all within as PyTorch prints modules; what no tensor tells is left out. */
  readonly definition: string;
  /** Full names of the modules that it stands for, the first hundred. */
  readonly members: readonly string[];
  readonly moreMembers: number;
}

/** What is wrong with a checkpoint's values; all of them were read. */
export interface HealthReport {
  readonly schema: 1;
  readonly model: { readonly name: string; readonly format: string };
  /** Tensors and bytes that were looked at. */
  readonly tensors: number;
  readonly bytes: number;
  /** Findings of each code, those that are left out too. */
  readonly counts: Readonly<Record<string, number>>;
  /** Worst first. */
  readonly findings: readonly HealthFinding[];
  readonly moreFindings: number;
}

/** What the engine tells of a checkpoint's modules and tensors. `handle` is what `open` or `show` gave. */
export interface CheckpointApi {
  /** Modules directly in `parent`, or the outermost for `null`, from place `from` on. */
  modules(params: { readonly handle: string; readonly parent: number | null; readonly from: number }): Promise<Slice<ModuleRow>>;
  /** Every module in the tree's pre-order, from place `from` on: what a search goes through. */
  allModules(params: { readonly handle: string; readonly from: number }): Promise<Slice<ModuleRow>>;
  module(params: { readonly handle: string; readonly module: number }): Promise<ModuleDetails>;
  /** Ids of the modules that a tensor stands in, from the outermost on. */
  modulesOf(params: { readonly handle: string; readonly tensor: string }): Promise<readonly number[]>;
  /** Tensors of a module and of all within, or of the checkpoint for `null`, from place `from` on. */
  checkpointTensors(params: {
    readonly handle: string;
    readonly module: number | null;
    readonly from: number;
  }): Promise<Slice<CheckpointTensorRow>>;
  /** Reads all values and says what is wrong with them; tells how far it is, and stops when cancelled. */
  health(params: { readonly handle: string }): Promise<HealthReport>;
  /** Figures of a stored tensor without a histogram, its values read once. Of a model with a graph too. */
  moments(params: { readonly handle: string; readonly tensor: string }): Promise<TensorLook>;
  /** What training the weights holds in memory, without activations. */
  footprint(params: { readonly handle: string; readonly optimizer: Optimizer; readonly precision: Precision }): Promise<TrainingFootprint>;
  /** What differs between two checkpoints, of models their stored tensors. Memory does not grow with the files. */
  checkpointDiff(params: CheckpointDiffRequest): Promise<CheckpointDiff>;
  /** Writes the first's tensors as the second loads them: renamed, split, joined, put in its order of axes. */
  mendCheckpoint(params: Omit<CheckpointDiffRequest, 'keysOnly'> & { readonly path: string }): Promise<MendedFile>;
  /**
   * Writes stored tensors to a file, whole or not at all: one as `.npy`, any number as `.safetensors`. Of a model with a
   * graph too. @throws UserError for another name, for a tensor that there is not, and where the format cannot hold it.
   */
  extract(params: {
    readonly handle: string;
    readonly tensors: readonly string[];
    readonly path: string;
  }): Promise<{ readonly bytes: number }>;
}
