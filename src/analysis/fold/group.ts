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
  /** Blocks of one name that a run puts together; 1 or absent for anything else. */
  readonly alike?: number;
  /** Visible nodes, ascending; of a group of constants, the hidden ones that it shows. */
  readonly nodes: readonly number[];
  /** Hidden nodes (constants, shape arithmetic) that belong here. */
  readonly hidden: readonly number[];
  /** How many of those no level inside shows. */
  readonly leftOut: number;
  /** Shows hidden nodes: tables and masks. */
  readonly constants?: true;
  /** In topological order. */
  readonly items: readonly Item[];
}

/** A level shows at most about this many boxes. */
export const MAX_BOXES = 60;

/** Hidden nodes that some level within one of the items shows. */
export function shownIn(items: readonly Item[]): number {
  return items.reduce((total, item) => {
    if (item.kind === 'node') return total;
    const { group } = item;
    return total + (group.constants ? group.nodes.length : group.hidden.length - group.leftOut);
  }, 0);
}
