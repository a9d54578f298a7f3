import { BUDGETS, type Budget, type ComparedFigures } from '../../../src/protocol';
import { formatBytes, formatCount, formatFlops, formatMacs, formatShare } from '../../common/format';
import { shareOf } from '../columns';
import type { Split } from '../viewState';
import type { CurveMeasure } from './state';
import { t } from './strings';

/** How one measure is drawn: its name, its figures, and the words for less of it. */
export interface MeasureLook {
  readonly title: string;
  readonly format: (value: number) => string;
  /** What the lower of two curves has: `fewer MACs`. */
  readonly less: string;
  /** A part of 1: never on a logarithmic axis. */
  readonly share: boolean;
}

/** The measure's name, and its figures as text. */
export function measureLook(measure: CurveMeasure): MeasureLook {
  switch (measure) {
    case 'macs':
      return { title: t.macs, format: formatMacs, less: t.fewerMacs, share: false };
    case 'flops':
      return { title: t.flops, format: formatFlops, less: t.fewerFlops, share: false };
    case 'peakActivationBytes':
      return { title: t.peakActivationBytes, format: formatBytes, less: t.smallerPeak, share: false };
    case 'parameters':
      return { title: t.parameters, format: formatCount, less: t.fewerParameters, share: false };
    case 'attention':
      return { title: t.attention, format: formatShare, less: t.smallerShare, share: true };
    default:
      return measure satisfies never;
  }
}

/** The same for the parts of one model: a peak belongs to no part, so what the parts write stands for it. */
export function partsLook(measure: CurveMeasure): MeasureLook {
  if (measure === 'peakActivationBytes') return { ...measureLook(measure), title: t.activationBytes };
  if (measure === 'attention') return { ...measureLook(measure), title: t.shareOfMacs };
  return measureLook(measure);
}

/** The figure that a curve goes through. */
export function measured(figures: ComparedFigures, measure: CurveMeasure): number {
  return measure === 'attention' ? shareOf(figures, 'attention', 'macs') : Number(figures[measure]);
}

const SPLIT_OF: Readonly<Record<CurveMeasure, Split>> = {
  macs: 'macs',
  flops: 'flops',
  parameters: 'parameters',
  peakActivationBytes: 'activationBytes',
  attention: 'macs',
};

/** The four budgets of a model by a measure. */
export function measuredParts(figures: ComparedFigures, measure: CurveMeasure): Readonly<Record<Budget, number>> {
  const split = SPLIT_OF[measure];
  const part = (budget: Budget) => (measure === 'attention' ? shareOf(figures, budget, split) : Number(figures.budget[budget][split]));
  return Object.fromEntries(BUDGETS.map((budget) => [budget, part(budget)])) as Record<Budget, number>;
}
