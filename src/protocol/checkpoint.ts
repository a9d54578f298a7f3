import type { FoldedModule } from '../checkpoint/fold';
import type { CheckpointSummary } from '../checkpoint/summary';
import type { CheckpointTensor } from '../checkpoint/tree';
import type { Slice } from './modelSlices';

/** A module of the folded tree, without those in it. */
export interface ModuleRow extends Omit<FoldedModule, 'children' | 'own' | 'members'> {
  /** How many modules stand directly in it. */
  readonly children: number;
  /** Whether its parameters are trained: all, none or some of them; `''` where it has none. */
  readonly trainable: 'all' | 'none' | 'some' | '';
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

/** What the engine tells of a checkpoint's modules and tensors. `handle` is what `open` or `show` gave. */
export interface CheckpointApi {
  /** Modules directly in `parent`, or the outermost for `null`, from place `from` on. */
  modules(params: { readonly handle: string; readonly parent: number | null; readonly from: number }): Promise<Slice<ModuleRow>>;
  module(params: { readonly handle: string; readonly module: number }): Promise<ModuleDetails>;
  /** Ids of the modules that a tensor stands in, from the outermost on. */
  modulesOf(params: { readonly handle: string; readonly tensor: string }): Promise<readonly number[]>;
  /** Tensors of a module and of all within, or of the checkpoint for `null`, from place `from` on. */
  checkpointTensors(params: {
    readonly handle: string;
    readonly module: number | null;
    readonly from: number;
  }): Promise<Slice<CheckpointTensorRow>>;
}
