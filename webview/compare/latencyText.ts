import { formatMilliseconds } from '../common/format';
import type { RowFigures } from './latency';
import { t } from './strings';

/** Every digit that was measured, and how: for the tooltip. */
export function latencyText({ latency }: RowFigures): string {
  if (!latency) return '';
  const { milliseconds, minimum, runs, provider, note } = latency;
  const text = t.latencyTooltip(milliseconds.toFixed(3), formatMilliseconds(minimum), String(runs), provider);
  return note === '' ? text : `${text}. ${note}`;
}
