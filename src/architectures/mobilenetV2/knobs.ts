import type { Knob, Knobs } from '../family';
import { type MobileStage, multipleOf8 } from './network';

/** Knobs that every network of inverted residuals has. */
export const MOBILE_KNOBS: readonly Knob[] = [
  { name: 'width', kind: 'number', default: 1, minimum: 0.05, maximum: 8, doc: 'Factor of every width, then rounded to a multiple of 8.' },
  { name: 'imageSize', kind: 'integer', default: 224, minimum: 32, maximum: 2048, doc: 'Side of the input image.' },
  { name: 'classes', kind: 'integer', default: 1000, minimum: 1, maximum: 100_000, doc: 'Outputs of the classifier.' },
];

/** What can be changed about MobileNetV2, with the choices that arXiv 1801.04381 leaves open. */
export const KNOBS: readonly Knob[] = MOBILE_KNOBS;

/** The knobs of each variant of MobileNetV2 by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS: Readonly<Record<string, Knobs>> = {
  'MobileNetV2 x0.5': { width: 0.5 },
  'MobileNetV2 x0.75': { width: 0.75 },
  'MobileNetV2 x1.0': { width: 1 },
  'MobileNetV2 x1.4': { width: 1.4 },
};

/** A stage as papers tabulate it: expansion, channels, blocks, stride, kernel, squeeze. */
export type StageRow = readonly [number, number, number, number, number, number];

/** Rows of a table as stages, widths scaled. */
export function stagesOf(rows: readonly StageRow[], width: number): readonly MobileStage[] {
  return rows.map(([expansion, channels, blocks, stride, kernel, squeeze]) => ({
    expansion,
    channels: multipleOf8(width * channels),
    blocks,
    stride,
    kernel,
    squeeze,
  }));
}
