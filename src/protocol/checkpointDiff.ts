import type { KeyReason } from '../checkpoint/keys/explain';
import type { MatchedBy } from '../checkpoint/keys/key';
import type { ModelReference } from './modelSource';

/** Two files, or a file and a reference system. */
export interface CheckpointDiffRequest {
  /** What would be loaded. */
  readonly before: ModelReference;
  /** What it would be loaded into, or what it became. */
  readonly after: ModelReference;
  /** Compare names, shapes and types alone; no value is read. */
  readonly keysOnly: boolean;
}

/** A tensor on one side alone. */
export interface LoneTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A tensor whose values differ; `to` is its name in the second file where that is another. */
export interface ChangedTensor {
  readonly name: string;
  readonly to?: string;
  /** ||b - a|| / ||a||; `null` where it is not finite. */
  readonly relativeL2: number | null;
  /** `null` where one of the two is all zero. */
  readonly cosine: number | null;
  readonly maxAbs: number;
  /** Places where one of the two is NaN or infinite and the other is not the same. */
  readonly notFinite: number;
}

/** What differs between two checkpoints; names are the first's unless told. */
export interface CheckpointDiff {
  readonly schema: 1;
  readonly before: { readonly name: string; readonly format: string };
  readonly after: { readonly name: string; readonly format: string };
  readonly keysOnly: boolean;
  /** In the second alone. */
  readonly added: readonly LoneTensor[];
  /** In the first alone. */
  readonly removed: readonly LoneTensor[];
  readonly reshaped: readonly {
    readonly name: string;
    readonly to?: string;
    readonly from: readonly number[];
    readonly shape: readonly number[];
  }[];
  /** Of another element type. */
  readonly cast: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** Most changed first; empty where no value was read. */
  readonly changed: readonly ChangedTensor[];
  readonly renames: readonly { readonly from: string; readonly to: string; readonly by: MatchedBy }[];
  /** Pairs of one shape and the very same values; `null` where no value was read. */
  readonly unchanged: number | null;
  /** Values that could not be read, a sentence each. */
  readonly unread: readonly { readonly name: string; readonly reason: string }[];
  /** Sections that only one of the two has, and that were left out. */
  readonly leftOut: readonly string[];
  /** What `load_state_dict` would say of the first in a model with the second's names and shapes. */
  readonly keys: {
    readonly missing: readonly string[];
    readonly unexpected: readonly string[];
    readonly reshaped: readonly { readonly name: string; readonly checkpoint: readonly number[]; readonly model: readonly number[] }[];
  };
  /** Why, the reason for most tensors first. */
  readonly reasons: readonly KeyReason[];
  /** Python that mends it; `''` where nothing can be mended by names and shapes. */
  readonly snippet: string;
}

/** What was written. */
export interface MendedFile {
  readonly bytes: number;
  readonly tensors: number;
  /** Names of the model that no tensor of the checkpoint fills. */
  readonly missing: readonly string[];
}
