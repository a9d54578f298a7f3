import { html } from 'lit';
import { formatMacRate, formatMicroseconds, type Measured } from '../../../src/report/measured';
import { formatExact } from '../../common/format';
import type { Column } from '../../common/table/dataTable';
import { t } from '../strings';
import { rateOf } from './rate';
import type { ProfileRow } from './rows';

/** What was measured on this machine, once it was. */
export function timeColumns(measured: Measured | null, total: Omit<ProfileRow, 'depth' | 'open'>): readonly Column<ProfileRow>[] {
  if (!measured) return [];
  const { provider, runs } = measured.report;
  const rate = (row: Parameters<typeof rateOf>[0]) => (rateOf(row) === null ? '' : formatMacRate(rateOf(row)));
  return [
    {
      id: 'time',
      label: t.time,
      width: 72,
      numeric: true,
      cell: ({ microseconds }) => {
        if (microseconds === null) return '';
        return microseconds === 0 ? html`<span class="description">0</span>` : formatMicroseconds(microseconds);
      },
      tooltip: (row) => timeTooltip(row, measured),
      total: total.microseconds === null ? '' : formatMicroseconds(total.microseconds),
    },
    {
      id: 'rate',
      label: t.rate,
      width: 104,
      gives: 2,
      numeric: true,
      cell: rate,
      tooltip: () => t.measuredTooltip(provider, formatExact(runs)),
      total: rate(total),
    },
  ];
}

/** Which kernels ran for an operator; a group tells how it was measured. */
function timeTooltip(row: ProfileRow, measured: Measured): string | readonly string[] {
  if (row.microseconds === null) return t.noKernel;
  const node = measured.node(row.key);
  if (!node) return t.measuredTooltip(measured.report.provider, formatExact(measured.report.runs));
  return [`${Number(node.microseconds.toFixed(1))} \u00b5s`, t.inKernels, ...node.kernels];
}
