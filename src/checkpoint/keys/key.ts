import type { DType, Tensor } from '../../model';
import type { AttentionPart, ModuleKind } from '../kinds';

/** A named tensor of one side, with what its module is where that is known. */
export interface Key {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly kind: ModuleKind;
  readonly part: AttentionPart | null;
  readonly tensor: Tensor;
}

/** How a tensor of one side was found to be one of the other. */
export type MatchedBy = 'name' | 'prefix' | 'rename' | 'structure' | 'content';

/** A tensor of the first side and the one of the second that it is. */
export interface KeyPair {
  readonly from: Key;
  readonly to: Key;
  readonly by: MatchedBy;
  /** The second is the first's matrix with rows and columns in each other's place. */
  readonly turned?: true;
}

/** One projection of q, k and v together on one side, three on the other, in this order. */
export interface FusedKeys {
  /** Which side has them together. */
  readonly fused: 'from' | 'to';
  readonly whole: Key;
  readonly parts: readonly [q: Key, k: Key, v: Key];
}

/** Which tensors of one side are which of the other. */
export interface KeyMatch {
  readonly pairs: readonly KeyPair[];
  readonly fused: readonly FusedKeys[];
  /** On the first side alone: what loading calls unexpected. */
  readonly removed: readonly Key[];
  /** On the second side alone: what loading calls missing. */
  readonly added: readonly Key[];
}

/** True where two keys have one shape. */
export function sameShape(a: Pick<Key, 'shape'>, b: Pick<Key, 'shape'>): boolean {
  return a.shape.length === b.shape.length && a.shape.every((extent, axis) => extent === b.shape[axis]);
}
