import type { DiffRow, FigureChange, ModelDiff } from '../analysis/compare/diff';
import { BUDGETS, type Count } from '../analysis/profile';
import { BUDGET_NAMES, type ReportCell, type ReportSection, reportTable } from './document';
import { formatBytes, formatChange, formatCount, formatExact } from './format';

const GLYPHS = { added: '+', removed: '\u2212', changed: '~', layers: '~' } as const;
const COLUMNS = [
  { title: 'Block' },
  { title: 'Change' },
  { title: 'What changed', wrap: true },
  ...['Parameters', 'MACs', ...BUDGETS.map((budget) => BUDGET_NAMES[budget]), 'FLOPs', 'Weight bytes'].map((title) => ({
    title,
    right: true,
  })),
];

/** What changed between two models: blocks one inside the other, then what is outside all blocks, and the total. */
export function diffReport(diff: ModelDiff, before: string, after: string): ReportSection {
  const title = `What changed from ${before} to ${after}`;
  const same = `${diff.same} ${diff.same === 1 ? 'block is' : 'blocks are'} the same.`;
  if (diff.rows.length === 0 && isNothing(diff.total)) return { title, notes: ['The two models are the same, block by block.'], body: '' };
  const rows = diff.rows.map((row) => ({
    cells: [
      { text: labelOf(row), indent: row.depth },
      { text: `${GLYPHS[row.change]} ${row.change === 'layers' ? 'changed' : row.change}` },
      { text: row.details.join(', ') },
      ...figureCells(row.figures),
    ],
  }));
  const sum = (text: string, figures: FigureChange) => ({
    cells: [{ text }, { text: '' }, { text: '' }, ...figureCells(figures)],
    className: 'sum',
  });
  const outside = isNothing(diff.outside) ? [] : [sum('Outside blocks', diff.outside)];
  const notes = [
    same,
    'The columns from convolution to other split the MACs. A row that stands for several neighbours holds their figures together.',
  ];
  return { title, notes, body: reportTable({ columns: COLUMNS, rows: [...rows, ...outside, sum('Total', diff.total)] }) };
}

function labelOf({ change, label, repeat }: DiffRow): string {
  return `${change === 'layers' ? 'own layers' : label}${repeat > 1 ? ` \u00d7${repeat}` : ''}`;
}

function figureCells({ parameters, macs, flops, weightBytes, budget }: FigureChange): readonly ReportCell[] {
  const cell = (change: Count, format: (count: Count) => string = formatCount): ReportCell => ({
    text: formatChange(change, format),
    title: formatChange(change, formatExact),
  });
  return [cell(parameters), cell(macs), ...BUDGETS.map((name) => cell(budget[name])), cell(flops), cell(weightBytes, formatBytes)];
}

/** True where no figure differs at all. */
export function isNothing({ parameters, macs, flops, weightBytes }: FigureChange): boolean {
  return [parameters, macs, flops, weightBytes].every((change) => BigInt(change) === 0n);
}
