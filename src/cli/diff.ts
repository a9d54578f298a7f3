import { BUDGETS, type DiffRow, type FigureChange, type ModelDiff } from '../protocol';
import { formatChange, formatCount, formatMacs } from '../report/format';
import { type Column, type TableFormat, tableLines } from '../text';

const SIGNS = { added: '+', removed: '-', changed: '~', layers: '~' } as const;
const COLUMNS: readonly Column[] = [
  { title: '' },
  { title: 'block' },
  { title: 'kind' },
  { title: 'what changed' },
  { title: 'parameters', right: true },
  { title: 'MACs', right: true },
  { title: 'conv', right: true },
  { title: 'attention', right: true },
  { title: 'ffn', right: true },
  { title: 'other', right: true },
];

/** Blocks added, removed and changed, with the change of each budget in MACs. */
export function diffLines(diff: ModelDiff, format: TableFormat): readonly string[] {
  const csv = format === 'csv';
  const figures = ({ parameters, macs, budget }: FigureChange) => [
    csv ? String(parameters) : formatChange(parameters, formatCount),
    csv ? String(macs) : formatChange(macs, formatMacs),
    ...BUDGETS.map((name) => (csv ? String(budget[name]) : formatChange(budget[name], formatMacs))),
  ];
  const rows = diff.rows.map((row) => [
    SIGNS[row.change],
    csv ? labelOf(row) : `${'  '.repeat(row.depth)}${labelOf(row)}`,
    row.kind,
    row.details.join(', '),
    ...figures(row.figures),
  ]);
  const outside = isNothing(diff.outside) ? [] : [['~', 'outside blocks', '', '', ...figures(diff.outside)]];
  const total = ['', 'total', '', `${diff.same} blocks are the same`, ...figures(diff.total)];
  return tableLines(COLUMNS, [...rows, ...outside, total], format);
}

/** `MBConv x3`: a row stands for neighbours that changed alike, and holds their figures together. */
function labelOf({ change, label, repeat }: DiffRow): string {
  return `${change === 'layers' ? 'own layers' : label}${repeat > 1 ? ` x${repeat}` : ''}`;
}

function isNothing({ parameters, macs, flops, weightBytes }: FigureChange): boolean {
  return [parameters, macs, flops, weightBytes].every((change) => BigInt(change) === 0n);
}
