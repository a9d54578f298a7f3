import type { Block, NodeProfile, Profile } from '../analysis/profile';
import type { GraphLevel } from './graphView';

/** Part of a long list, in the list's order; a message holds no more than a few megabytes, however long the list is. */
export interface Slice<Row> {
  readonly rows: readonly Row[];
  /** Place of the first row that is still to be asked for; `null` after the last. */
  readonly next: number | null;
}

/** Operators of one kind whose cost is not known. */
export interface UncountedOperator {
  readonly op: string;
  readonly count: number;
  /** Id of the first of them. */
  readonly node: string;
}

/** All that the model editor's first picture needs: the profile without its long lists, and the folded graph. */
export interface ModelOverview extends Omit<Profile, 'nodes' | 'blocks' | 'warnings' | 'notCounted'> {
  /** Lengths of the lists that are asked for afterwards, in slices. */
  readonly lengths: { readonly nodes: number; readonly blocks: number };
  /** Blocks with `kind: 'attention'`. */
  readonly attentionBlocks: number;
  /** The dtype that holds most bytes of weights; `''` where there are none. */
  readonly weightType: string;
  /** The first of them, errors before the rest; `moreWarnings` are left out. */
  readonly warnings: Profile['warnings'];
  readonly moreWarnings: number;
  /** By kind of operator, the first of them. */
  readonly notCounted: readonly UncountedOperator[];
  /** Operators without a known cost in all. */
  readonly uncounted: number;
  readonly moreNotCounted: number;
  /** The whole model's, then those of the groups that were asked for and that there are. */
  readonly levels: readonly GraphLevel[];
}

/** What tables and searches need of a node; its details have the rest. */
export interface NodeRow
  extends Pick<
    NodeProfile,
    'id' | 'name' | 'op' | 'domain' | 'category' | 'block' | 'times' | 'composite' | 'parameters' | 'macs' | 'flops' | 'outputs'
  > {}

/** A block of the tree in pre-order. */
export interface BlockRow extends Omit<Block, 'nodes' | 'children'> {
  /** 0 for a block that stands in no other. */
  readonly depth: number;
  /** Its nodes in their order, as runs of places in the profile's list: first place and number of each run. */
  readonly runs: readonly number[];
}
