import type { StageFigures, StageKey, StageKind } from '../analysis/compare/types';

/** Depths in the order of the columns; strides stand between the stem and what comes after them. */
const ORDER: Readonly<Record<StageKind, number>> = {
  stem: 0,
  embedding: 1,
  stride: 2,
  upsampled: 3,
  encoder: 4,
  decoder: 5,
  quarter: 6,
  layers: 7,
  head: 8,
};

/** The depths that any of the models has, from input to output: one column each. */
export function stageColumns(models: readonly (readonly StageKey[])[]): readonly StageKey[] {
  const keys = new Map(models.flat().map(({ kind, number }) => [stageId({ kind, number }), { kind, number }]));
  // On the way back up the largest stride comes first.
  const place = ({ kind, number }: StageKey) => (kind === 'upsampled' ? -number : number);
  return [...keys.values()].sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || place(a) - place(b));
}

/** A model's stage at a depth. */
export function stageAt(stages: readonly StageFigures[], key: StageKey): StageFigures | undefined {
  return stages.find((stage) => stageId(stage) === stageId(key));
}

/** A key that two stages share when they stand in one column. */
export function stageId({ kind, number }: StageKey): string {
  return number === 0 ? kind : `${kind} ${number}`;
}

/** `MBConv x3, Head`: what stands in a stage. */
export function stageBlocks({ blocks }: StageFigures, times = '\u00d7'): string {
  return blocks.map(({ label, count }) => (count > 1 ? `${label} ${times}${count}` : label)).join(', ');
}
