import { maximumOf } from '../../src/data';
import { BUDGETS, type Budget, type ComparedFigures, type ComparedMeasure, type Count, relativeDifference } from '../../src/protocol';
import {
  formatAtLeast,
  formatBytes,
  formatCount,
  formatExact,
  formatFlops,
  formatMacs,
  formatMilliseconds,
  formatShare,
} from '../common/format';
import { budgetName } from '../common/glyphs';
import type { RowFigures } from './latency';
import { latencyText } from './latencyText';
import { t } from './strings';
import type { ColumnId, Split } from './viewState';

/** A figure in the table: as shown, with every digit, and against the baseline. */
export interface Cell {
  readonly text: string;
  readonly exact: string;
  readonly difference: number | null;
  /** What the column is sorted by; `null` is unknown and comes last. */
  readonly value: number | null;
}

/** A column of the table and how its cells are made. */
export interface Column {
  readonly id: ColumnId;
  readonly label: string;
  readonly tooltip: string;
  readonly cell: (figures: RowFigures, baseline: RowFigures | null) => Cell;
}

const UNKNOWN: Cell = { text: t.notKnown, exact: '', difference: null, value: null };

/** The measure that bars and shares are of, within a sentence. */
export function splitName(split: Split): string {
  const names: Readonly<Record<Split, string>> = {
    macs: t.macs,
    flops: t.flops,
    parameters: t.parameters.toLowerCase(),
    weightBytes: t.weightBytes.toLowerCase(),
    activationBytes: t.activationBytes.toLowerCase(),
  };
  return names[split];
}

/** A budget's part of 1 of a model. */
export function shareOf(figures: ComparedFigures, budget: Budget, split: Split): number {
  const whole = wholeOf(figures, split);
  return whole === 0 ? 0 : Number(figures.budget[budget][split]) / whole;
}

/** A model's cost by one measure: the four budgets together. */
export function wholeOf(figures: ComparedFigures, split: Split): number {
  return BUDGETS.reduce((sum, budget) => sum + Number(figures.budget[budget][split]), 0);
}

/** A figure with its unit, for bars and tooltips. */
export function splitFigure(count: Count, split: Split): string {
  if (split === 'weightBytes' || split === 'activationBytes') return formatBytes(count);
  return split === 'macs' ? formatMacs(count) : split === 'flops' ? formatFlops(count) : formatCount(count);
}

/** The column with this id; shares and the split are of the chosen measure. */
export function columnOf(id: ColumnId, split: Split): Column {
  switch (id) {
    case 'parameters':
    case 'trainableParameters':
    case 'macs':
    case 'flops':
      return measureColumn(id, formatCount, '');
    case 'weightBytes':
    case 'peakActivationBytes':
      return measureColumn(id, formatBytes, ' B');
    case 'convolution':
    case 'attention':
    case 'feedForward':
    case 'other':
      return shareColumn(id, split);
    case 'split':
      // Sorted by the attention's part: the question the bar answers.
      return { ...shareColumn('attention', split), id, label: t.split(splitName(split)), tooltip: t.split(splitName(split)) };
    case 'receptiveField':
      return { id, label: t.receptiveField, tooltip: t.receptiveFieldTooltip, cell: ({ receptiveField }) => fieldCell(receptiveField) };
    case 'latency':
      return { id, label: t.latency, tooltip: t.latencyColumnTooltip, cell: latencyOf };
    case 'top1':
      return {
        id,
        label: t.top1,
        tooltip: t.top1Tooltip,
        cell: ({ top1 }) => (top1 === null ? UNKNOWN : { text: `${top1}%`, exact: `${top1}%`, difference: null, value: top1 }),
      };
    default:
      return id satisfies never;
  }
}

/** Empty until it was measured. */
function latencyOf(figures: RowFigures, baseline: RowFigures | null): Cell {
  const { latency } = figures;
  if (!latency) return { ...UNKNOWN, text: '' };
  const base = baseline && baseline !== figures ? baseline.latency : null;
  return {
    text: formatMilliseconds(latency.milliseconds),
    exact: latencyText(figures),
    difference: base ? latency.milliseconds / base.milliseconds - 1 : null,
    value: latency.milliseconds,
  };
}

function measureColumn(id: ComparedMeasure & ColumnId, format: (count: Count) => string, unit: string): Column {
  return {
    id,
    label: t[id],
    tooltip: t[id],
    cell: (figures, baseline) => ({
      text: formatAtLeast(figures[id], format, figures.lowerBounds.includes(id)),
      exact: `${formatExact(figures[id])}${unit}`,
      difference: baseline && baseline !== figures ? relativeDifference(figures[id], baseline[id]) : null,
      value: Number(figures[id]),
    }),
  };
}

function shareColumn(budget: Budget, split: Split): Column {
  return {
    id: budget,
    label: budgetName(budget),
    tooltip: t.share(budgetName(budget), splitName(split)),
    cell: (figures) => {
      const share = shareOf(figures, budget, split);
      return { text: formatShare(share), exact: splitFigure(figures.budget[budget][split], split), difference: null, value: share };
    },
  };
}

function fieldCell(field: ComparedFigures['receptiveField']): Cell {
  if (field === null) return UNKNOWN;
  if (field === 'global') return { text: t.global, exact: t.global, difference: null, value: Number.POSITIVE_INFINITY };
  const text = typeof field === 'object' ? field.join(' \u00d7 ') : String(field);
  const size = typeof field === 'object' ? maximumOf(field) : Number(field);
  return { text, exact: text, difference: null, value: Number.isFinite(size) ? size : null };
}
