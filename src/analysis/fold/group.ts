import type { Block } from '../profile';

/** One box's worth of a group's content: a node, or a group. */
export type Item = { readonly kind: 'node'; readonly index: number } | { readonly kind: 'group'; readonly group: Group };

/** A part of one scope that the picture shows as one box until it is opened. */
export interface Group {
  readonly id: string;
  /** The block it stands for; `null` for a run of items put together to keep a level readable, and for a whole scope. */
  readonly block: Block | null;
  /** Title of a run; `''` otherwise. */
  readonly title: string;
  /** Visible nodes, ascending. */
  readonly nodes: readonly number[];
  /** Hidden nodes (constants, shape arithmetic) that belong here. */
  readonly hidden: number;
  /** In topological order. */
  readonly items: readonly Item[];
}

/** A level shows at most about this many boxes. */
export const MAX_BOXES = 60;
