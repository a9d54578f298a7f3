import { formatCount, formatMacs, formatMilliseconds } from '../common/format';
import { oneOf, type Reader, readState } from '../common/kept';
import type { RowFigures } from './latency';
import { t } from './strings';

/** What the scatter can show upwards. */
export const SCATTER_OF = ['top1', 'latency'] as const;
/** And to the right. */
export const SCATTER_BY = ['macs', 'parameters', 'latency'] as const;

/** What is set against what. */
export interface ScatterState {
  readonly of: (typeof SCATTER_OF)[number];
  readonly by: (typeof SCATTER_BY)[number];
}

/** Accuracy against cost, before anything was chosen. */
export const FIRST_SCATTER: ScatterState = { of: 'top1', by: 'macs' };

/** The axes of an earlier life; whatever does not fit is replaced. */
export const readScatter: Reader<ScatterState> = (kept, otherwise) =>
  sensible(readState(kept, otherwise, { of: oneOf(SCATTER_OF), by: oneOf(SCATTER_BY) }));

/** Nothing is drawn against itself. */
export function sensible({ of, by }: ScatterState): ScatterState {
  return { of, by: of === by ? 'macs' : by };
}

/** One axis: its name, its figures as text, and a model's place on it. */
export interface ScatterAxis {
  readonly label: string;
  readonly format: (value: number) => string;
  /** What a tick says; the unit stands at the axis. */
  readonly tick: (value: number) => string;
  readonly higherIsBetter: boolean;
  readonly value: (figures: RowFigures) => number | null;
}

type AxisId = ScatterState['of'] | ScatterState['by'];

/** The axis with this id. */
export function scatterAxis(id: AxisId): ScatterAxis {
  const count = (value: number) => (value === 0 ? '0' : formatCount(value));
  switch (id) {
    case 'top1':
      return { label: t.top1, format: (value) => `${value}%`, tick: String, higherIsBetter: true, value: ({ top1 }) => top1 };
    case 'latency':
      return {
        label: t.latencyAxis,
        format: formatMilliseconds,
        tick: String,
        higherIsBetter: false,
        value: ({ latency }) => latency?.milliseconds ?? null,
      };
    case 'macs':
      return { label: t.macs, format: formatMacs, tick: count, higherIsBetter: false, value: ({ macs }) => Number(macs) };
    case 'parameters':
      return {
        label: t.parameters,
        format: (value) => `${formatCount(value)} ${t.parameters.toLowerCase()}`,
        tick: count,
        higherIsBetter: false,
        value: ({ parameters }) => Number(parameters),
      };
    default:
      return id satisfies never;
  }
}
