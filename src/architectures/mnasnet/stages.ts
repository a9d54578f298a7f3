import type { StageRow } from '../mobilenetV2/knobs';

/** Figure 7 of arXiv 1807.11626: found with squeeze-and-excitation. */
export const A1: readonly StageRow[] = [
  [1, 16, 1, 1, 3, 0],
  [6, 24, 2, 2, 3, 0],
  [3, 40, 3, 2, 5, 0.25],
  [6, 80, 4, 2, 3, 0],
  [6, 112, 2, 1, 3, 0.25],
  [6, 160, 3, 2, 5, 0.25],
  [6, 320, 1, 1, 3, 0],
];

/** Found without it. */
export const B1: readonly StageRow[] = [
  [1, 16, 1, 1, 3, 0],
  [3, 24, 3, 2, 3, 0],
  [3, 40, 3, 2, 5, 0],
  [6, 80, 3, 2, 5, 0],
  [6, 96, 2, 1, 3, 0],
  [6, 192, 4, 2, 5, 0],
  [6, 320, 1, 1, 3, 0],
];
