import { BUDGETS, type DiffRow, type FigureChange, type ModelDiff } from '../../../src/protocol';
import { formatChange, formatCount } from '../../common';
import { budgetName } from '../../common/glyphs';
import { tableText } from '../../common/table/exportTable';
import { changeWord, rowLabel } from './diffTable';
import { t } from './strings';

/** Every row, whatever is closed or filtered, as on the screen. */
export function diffMarkdown(diff: ModelDiff): string {
  const head = ['', t.block, t.details, t.parameters, t.macs, ...BUDGETS.map(budgetName), t.flops];
  const figures = ({ parameters, macs, budget, flops }: FigureChange) =>
    [parameters, macs, ...BUDGETS.map((name) => budget[name]), flops].map((change) =>
      formatChange(change, formatCount).replaceAll('\u2009', ' '),
    );
  const label = (row: DiffRow) => `${'\u2003'.repeat(row.depth)}${rowLabel(row)}`;
  const rows = diff.rows.map((row) => [changeWord(row), label(row), row.details.join(', '), ...figures(row.figures)]);
  const all = [...rows, ['', t.outside, '', ...figures(diff.outside)], ['', t.whole, '', ...figures(diff.total)]];
  return `${tableText([head, ...all], 'Markdown', new Set(head.map((_, at) => at).slice(3)))}\n`;
}

/** Exact figures; folded rows name how many blocks they stand for. */
export function diffCsv(diff: ModelDiff): string {
  const head = ['change', 'depth', 'block', 'repeat', 'kind', 'before', 'after', 'details', ...Object.keys(exact(diff.total))];
  const rows = diff.rows.map((row) => [
    row.change,
    String(row.depth),
    row.label,
    String(row.repeat),
    row.kind,
    row.before,
    row.after,
    row.details.join('; '),
    ...Object.values(exact(row.figures)),
  ]);
  const sum = (label: string, change: FigureChange) => ['sum', '0', label, '', '', '', '', '', ...Object.values(exact(change))];
  return tableText([head, ...rows, sum('outside blocks', diff.outside), sum('total', diff.total)], 'CSV', new Set());
}

function exact({ parameters, macs, flops, weightBytes, budget }: FigureChange): Readonly<Record<string, string>> {
  const figures = { parameters, macs, flops, weightBytes, ...Object.fromEntries(BUDGETS.map((name) => [`${name} macs`, budget[name]])) };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, String(value)]));
}
