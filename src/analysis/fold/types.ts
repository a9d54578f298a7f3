import type { Budget, Category, Figures } from '../profile';

/**
 * One box of the drawn graph. `group` stands for several operators and can be
 * opened; `port` is the place where a value enters or leaves an opened group.
 */
export interface GraphBox {
  /** Node id, block id, `in:NAME`, `out:NAME`, or `port:...`; unique in its level. */
  readonly id: string;
  readonly kind: 'node' | 'group' | 'input' | 'output' | 'portIn' | 'portOut';
  readonly title: string;
  /** Second line: kernel, channels, heads, token grid... */
  readonly subtitle: string;
  /** Colour family. */
  readonly budget: Budget;
  readonly category: Category;
  /** More than 1: a stack of equal neighbours drawn once; opening it shows each. */
  readonly repeat: number;
  /** Operators inside (1 for a node). */
  readonly operators: number;
  /** Of everything inside, all repeats together. */
  readonly figures: Figures;
  /** Budget split of a group's MACs, in parts of 1. */
  readonly split: Readonly<Record<Budget, number>>;
  /** Receives a constant or shape value that many boxes share, drawn as a stub instead of a line. */
  readonly stubs: readonly { readonly value: string; readonly from: string }[];
}

/** A line between two boxes; several values that go the same way are one. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The value's shape, e.g. `[1, 64, 56, 56]`; `''` where unknown. */
  readonly label: string;
  readonly value: string;
  /** Values carried; more than 1 are drawn as one line with a count. */
  readonly count: number;
}

/** What stands inside one group (`''` is the whole model), boxes in topological order. */
export interface GraphLevel {
  readonly group: string;
  readonly boxes: readonly GraphBox[];
  readonly edges: readonly GraphEdge[];
  /** Operators left out of the picture: shape arithmetic and constants. */
  readonly hidden: number;
}
