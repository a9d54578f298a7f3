import { BUDGETS, type Budget, type ComparedFigures, type Comparison, type ComparisonRow } from '../protocol';
import { formatAtLeast, formatBytes, formatCount, formatFlops, formatMacs, formatShare, ratio } from '../report/format';
import { type Column, tableLines } from '../text';
import { formatDifference } from './figures';

const MEASURES = [
  { name: 'parameters', title: 'parameters', format: formatCount },
  { name: 'macs', title: 'MACs', format: formatMacs },
  { name: 'flops', title: 'FLOPs', format: formatFlops },
  { name: 'weightBytes', title: 'weight bytes', format: formatBytes },
  { name: 'peakActivationBytes', title: 'peak activations', format: formatBytes },
] as const;
const SPLIT: Readonly<Record<Budget, string>> = { convolution: 'conv', attention: 'attention', feedForward: 'ffn', other: 'other' };

/** Headings of `cells`: size and top-1 only where a row has them. */
export function columns(result: Comparison): readonly Column[] {
  return [
    { title: 'model' },
    ...(result.sizes.length > 0 ? [{ title: 'size', right: true }] : []),
    ...MEASURES.map(({ title }) => ({ title, right: true })),
    ...BUDGETS.map((budget) => ({ title: `${SPLIT[budget]}`, right: true })),
    ...(hasTop1(result) ? [{ title: 'top-1', right: true }] : []),
  ];
}

function hasTop1({ rows }: Comparison): boolean {
  return rows.some(({ figures }) => figures && figures.top1 !== null);
}

/** A row as the table writes it: figures with their differences in place. */
export function cells(result: Comparison): (row: ComparisonRow) => readonly string[] {
  return (row) => [
    row.name,
    ...(result.sizes.length > 0 ? [String(row.size ?? '')] : []),
    ...MEASURES.map(({ name, format }, at) => {
      if (!row.figures) return at === 0 ? 'failed' : '';
      const { lowerBounds } = row.figures;
      return [
        formatAtLeast(row.figures[name], format, lowerBounds.includes(name)),
        row.difference ? formatDifference(row.difference[name]) : '',
      ]
        .filter((part) => part !== '')
        .join(' ');
    }),
    ...BUDGETS.map((budget) => (row.figures ? shareText(row.figures, budget) : '')),
    ...(hasTop1(result) ? [row.figures?.top1 ? `${row.figures.top1}%` : ''] : []),
  ];
}

/** Of a checkpoint, whose multiply-adds nobody knows, the part of the parameters. */
function shareText(figures: ComparedFigures, budget: Budget): string {
  if (figures.macs !== 0 || !figures.lowerBounds.includes('macs')) return formatShare(shareOf(figures, budget));
  return `${formatShare(ratio(figures.budget[budget].parameters, figures.parameters))} of parameters`;
}

/** A budget's part of all multiply-adds. */
export function shareOf(figures: ComparedFigures, budget: Budget): number {
  return ratio(figures.budget[budget].macs, figures.macs);
}

/** Exact figures, differences as parts of 1, errors in their own column. */
export function comparisonCsv(result: Comparison): readonly string[] {
  const titles = [
    'model',
    'size',
    ...MEASURES.flatMap(({ name }) => [name, `${name} difference`]),
    ...BUDGETS.map((budget) => `${budget} macs`),
    'top1',
    'lower bounds',
    'error',
  ];
  const rows = result.rows.map((row) => [
    row.name,
    String(row.size ?? ''),
    ...MEASURES.flatMap(({ name }) => [String(row.figures?.[name] ?? ''), String(row.difference?.[name] ?? '')]),
    ...BUDGETS.map((budget) => String(row.figures?.budget[budget].macs ?? '')),
    String(row.figures?.top1 ?? ''),
    row.figures?.lowerBounds.join(' ') ?? '',
    row.error,
  ]);
  return tableLines(
    titles.map((title) => ({ title })),
    rows,
    'csv',
  );
}
