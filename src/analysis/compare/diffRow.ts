import type { FigureChange } from './sums';

/** A block that differs, or several neighbours that differ alike. */
export interface DiffRow {
  /** `layers`: what changed about a changed block outside the blocks in it; stands after them. */
  readonly change: 'added' | 'removed' | 'changed' | 'layers';
  /** 0 for a block of the outermost level. */
  readonly depth: number;
  readonly kind: string;
  readonly label: string;
  /** How many neighbouring blocks changed alike; this row stands for all of them. */
  readonly repeat: number;
  /** Ids of the (first) block; `''` on the side where it is not. */
  readonly before: string;
  readonly after: string;
  /** What is different about a changed block itself: `heads 8 -> 16`. Without changes of its children. */
  readonly details: readonly string[];
  /** Of all the blocks that the row stands for. */
  readonly figures: FigureChange;
}
