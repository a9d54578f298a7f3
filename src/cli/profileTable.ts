import { BUDGETS, type Count, executed, type Profile } from '../protocol';
import { formatAtLeast, formatBytes, formatCount, formatExact, formatFlops, formatMacs, formatShare, ratio } from '../report/format';
import { formatByteRate, formatMacRate, formatMicroseconds, type Measured, type MeasuredSum } from '../report/measured';
import { type Column, markdownText, type TableFormat, tableLines } from '../text';
import { totalText } from './figures';
import type { Row } from './profileRows';

const BUDGET_NAMES = { convolution: 'convolution', attention: 'attention', feedForward: 'feed-forward', other: 'other' } as const;
/** Stands where nothing was measured. */
const NONE = '\u2013';

/** How the table is written: its format, multiply-adds or FLOPs, and measured times where there are some. */
export interface TableOptions {
  readonly format: TableFormat;
  readonly convention: 'macs' | 'flops';
  /** Adds columns of time and rate. */
  readonly measured: Measured | null;
}

/** Rows and their total as a table; for people with the budget and what was measured below it. */
export function profileTable(rows: readonly Row[], result: Profile, { format, convention, measured }: TableOptions): readonly string[] {
  const { totals } = result;
  const csv = format === 'csv';
  const work = convention === 'macs' ? 'MACs' : 'FLOPs';
  const columns: Column[] = [
    { title: 'name' },
    { title: 'type' },
    { title: 'output' },
    { title: 'parameters', right: true },
    { title: work, right: true },
    { title: 'share', right: true },
    { title: 'weight bytes', right: true },
    ...(measured ? timeColumns(csv) : []),
  ];
  const figure = (value: Count | null) => (csv ? String(value ?? '') : convention === 'macs' ? formatMacs(value) : formatFlops(value));
  const total: Row = {
    name: 'total',
    type: '',
    shape: '',
    parameters: totals.parameters,
    macs: totals.macs,
    flops: totals.flops,
    bytes: totals.weightBytes,
    nodes: [],
  };
  // A row is a lower bound as soon as one of its nodes is not counted.
  const open = new Set(executed(result.nodes).flatMap((node) => (node[convention] === null ? [node.id] : [])));
  const isBound = (row: Row) => (row === total ? result.lowerBounds.includes(convention) : row.nodes.some((id) => open.has(id)));
  const cells = (row: Row) => [
    csv ? row.name.trimStart() : row.name,
    row.type,
    row.shape,
    csv ? String(row.parameters) : formatCount(row.parameters),
    csv || row[convention] === null ? figure(row[convention]) : formatAtLeast(row[convention] ?? 0, figure, isBound(row)),
    csv ? String(ratio(row[convention], totals[convention])) : formatShare(ratio(row[convention], totals[convention])),
    csv ? String(row.bytes) : formatBytes(row.bytes),
    ...(measured ? timeCells(row === total ? measured.total() : measured.sum(row.nodes), csv) : []),
  ];
  const body = tableLines(columns, [...rows, total].map(cells), format);
  if (csv) return body;
  const below = [...budgetLines(result, convention), ...(measured ? measuredLines(measured) : [])];
  return [...body, '', ...(format === 'markdown' ? below.map(markdownText) : below)];
}

function budgetLines(result: Profile, convention: 'macs' | 'flops'): readonly string[] {
  const { totals, budget } = result;
  const format = convention === 'macs' ? formatMacs : formatFlops;
  const split = BUDGETS.map((name) => `${BUDGET_NAMES[name]} ${formatShare(ratio(budget[name][convention], totals[convention]))}`).join(
    ', ',
  );
  const bound = Object.entries(result.bindings).map(([name, { value, assumed }]) => `${name} = ${value}${assumed ? ' (assumed)' : ''}`);
  return [
    `${totalText(result, convention, format)} (${formatExact(totals[convention])}): ${split}`,
    `${totalText(result, 'parameters', formatCount)} parameters (${formatExact(totals.parameters)}), peak activations ${totalText(result, 'peakActivationBytes', formatBytes)}`,
    ...(bound.length > 0 ? [`with ${bound.join(', ')}`] : []),
  ];
}

function timeColumns(csv: boolean): readonly Column[] {
  return [
    { title: csv ? 'microseconds' : 'time', right: true },
    { title: csv ? 'MACs per second' : 'GMAC/s', right: true },
  ];
}

/** GMAC/s in one unit all the way down, so that rows compare at a glance. */
function timeCells(sum: MeasuredSum | null, csv: boolean): readonly string[] {
  if (csv) return [String(sum?.microseconds ?? ''), String(sum?.macsPerSecond ?? '')];
  const rate = sum?.macsPerSecond ?? null;
  return [sum ? formatMicroseconds(sum.microseconds) : NONE, rate === null ? NONE : (rate / 1e9).toPrecision(3)];
}

function measuredLines(measured: Measured): readonly string[] {
  const { report } = measured;
  const inside = measured.total().microseconds;
  const { median, minimum } = report.wallMilliseconds;
  const { peakMacsPerSecond, bandwidthBytesPerSecond } = report.machine;
  const lost = report.unmapped.reduce((sum, { microseconds }) => sum + microseconds, 0);
  return [
    `measured on ${report.provider}: ${formatMicroseconds(median * 1000)} a run, median of ${report.runs} (minimum ${formatMicroseconds(minimum * 1000)}), ${formatMicroseconds(inside)} of it in operators`,
    `this machine reaches ${formatMacRate(peakMacsPerSecond)} in a matrix product and ${formatByteRate(bandwidthBytesPerSecond)} elementwise, in float32`,
    ...(report.unmapped.length > 0
      ? [`${report.unmapped.length} kernels (${formatMicroseconds(lost)}) belong to no node of the file`]
      : []),
  ];
}
