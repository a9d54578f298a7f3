import { maximumOf } from '../data';
import { BUDGETS, type Comparison, type ComparisonRow, type ModelDiff } from '../protocol';
import { BUDGET_NAMES, diffReport, type ReportTable, reportDocument, reportTable, stagesReport } from '../report';
import { formatAtLeast, formatMacs, formatShare } from '../report/format';
import { escapeMarkup, shortened, visible } from '../text';
import { cells, columns, shareOf } from './compareTable';

const BAR_WIDTH = 480;
const ROW_HEIGHT = 24;
const LABEL_WIDTH = 240;
const FIGURE_WIDTH = 120;
/** What has room before the bars. */
const LABEL_CHARACTERS = 36;

/** One file that needs nothing else: the table, a stacked bar per row of what its multiply-adds are for, and its stages. */
export function comparisonHtml(result: Comparison): string {
  const baseline = result.rows.find(({ model }) => model === result.baseline)?.name ?? '';
  const staged = result.rows.flatMap((row) => (row.figures ? [{ name: nameOf(row), stages: row.figures.stages }] : []));
  return reportDocument('Budgets compared', [
    {
      title: '',
      notes: [`Differences are to ${baseline}. MACs are multiply-adds, batch 1 unless the model fixes it.`],
      body: reportTable(tableOf(result)),
    },
    { title: 'Multiply-adds by what they are for', body: bars(result.rows) },
    ...(staged.length > 0 ? [stagesReport(staged)] : []),
  ]);
}

/** What changed between two models, as one file that needs nothing else. */
export function diffHtml(diff: ModelDiff, before: string, after: string): string {
  const section = diffReport(diff, before, after);
  return reportDocument(section.title, [{ ...section, title: '' }]);
}

function tableOf(result: Comparison): ReportTable {
  const row = cells(result);
  return {
    columns: columns(result),
    rows: result.rows.flatMap((one) => [
      { cells: row(one).map((text) => ({ text })), className: one.model === result.baseline ? 'baseline' : '' },
      ...(one.error === '' ? [] : [{ cells: [{ text: '' }, { text: one.error }], className: 'error' }]),
    ]),
  };
}

function nameOf({ name, size }: ComparisonRow): string {
  return size === null ? name : `${name} @${size}`;
}

/** Bars on one scale, the dearest model's; a legend above. */
function bars(rows: readonly ComparisonRow[]): string {
  const counted = rows.filter(({ figures }) => figures !== null);
  const most = maximumOf(
    counted.map(({ figures }) => Number(figures?.macs ?? 0)),
    1,
  );
  const legend = BUDGETS.map(
    (budget, at) =>
      `<rect class="${budget}" x="${LABEL_WIDTH + at * 120}" y="4" width="12" height="12"/><text x="${LABEL_WIDTH + at * 120 + 18}" y="14">${BUDGET_NAMES[budget]}</text>`,
  );
  const height = (counted.length + 1) * ROW_HEIGHT + 8;
  const lines = counted.map((row, at) => bar(row, (at + 1) * ROW_HEIGHT + 4, most));
  const width = LABEL_WIDTH + BAR_WIDTH + FIGURE_WIDTH;
  return `<div class="scroll"><svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Multiply-adds of each model by what they are for">
${[...legend, ...lines].join('\n')}
</svg></div>`;
}

function bar(row: ComparisonRow, y: number, most: number): string {
  const { figures } = row;
  if (!figures) return '';
  const total = (Number(figures.macs) / most) * BAR_WIDTH;
  let x = LABEL_WIDTH;
  const parts = BUDGETS.map((budget) => {
    const share = shareOf(figures, budget);
    const width = share * total;
    const title = `${BUDGET_NAMES[budget]} ${formatMacs(figures.budget[budget].macs)}, ${formatShare(share)}`;
    const rect = `<rect class="${budget}" x="${x.toFixed(2)}" y="${y}" width="${width.toFixed(2)}" height="16"><title>${escapeMarkup(title)}</title></rect>`;
    x += width;
    return rect;
  });
  const name = nameOf(row);
  const label = shortened(visible(name), LABEL_CHARACTERS);
  return `<text x="${LABEL_WIDTH - 8}" y="${y + 12}" text-anchor="end">${escapeMarkup(label)}</text>${parts.join('')}<text x="${(x + 8).toFixed(2)}" y="${y + 12}">${formatAtLeast(figures.macs, formatMacs, figures.lowerBounds.includes('macs'))}</text>`;
}
