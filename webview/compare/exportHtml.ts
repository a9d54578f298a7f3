import type { ModelDiff } from '../../src/protocol';
import { budgetLegend, diffReport, type ReportCell, type ReportSection, reportDocument, reportTable } from '../../src/report';
import { formatDifference } from '../common/difference';
import { failureText } from '../common/failure';
import { reportSvg } from './standaloneSvg';
import type { CompareStore, Row } from './store';
import { t } from './strings';
import { columnsOf, sortedRows } from './table';

/** What an HTML report of the page is made of. */
export interface ReportParts {
  readonly store: CompareStore;
  /** Charts that are on the page. */
  readonly charts: readonly SVGElement[];
  /** What changed between two models, where that is on the page. */
  readonly diff: { readonly diff: ModelDiff; readonly before: string; readonly after: string } | null;
}

/** All that the comparison shows, as one HTML file that needs no other. */
export function htmlText({ store, charts, diff }: ReportParts): string {
  const baseline = store.rows.find(({ model }) => model.id === store.set?.baseline)?.model.name;
  const table: ReportSection = { title: '', notes: baseline ? [t.differencesTo(baseline)] : [], body: tableHtml(store) };
  const drawn = charts.map(
    (chart): ReportSection => ({
      title: chart.getAttribute('aria-label') ?? '',
      body: `${chart.querySelector('.bar-segment') ? `${budgetLegend()}\n` : ''}<div class="scroll">${reportSvg(chart)}</div>`,
    }),
  );
  const changes = diff ? [diffReport(diff.diff, diff.before, diff.after)] : [];
  return reportDocument(store.set?.title ?? '', [table, ...drawn, ...changes]);
}

/** The table as it stands on the screen, exact figures as tooltips. */
function tableHtml(store: CompareStore): string {
  const columns = columnsOf(store).filter(({ id }) => id !== 'split');
  const rows = sortedRows(store).map((row) => ({
    cells: [{ text: row.model.name, title: row.model.detail }, ...cellsOf(row, store)],
    className: row.counted.status === 'failed' ? 'error' : row.model.id === store.set?.baseline ? 'baseline' : '',
  }));
  const titles = columns.map(({ label }) => ({ title: label, right: true }));
  return reportTable({ columns: [{ title: t.model }, ...titles], rows });
}

function cellsOf({ counted }: Row, store: CompareStore): readonly ReportCell[] {
  if (counted.status === 'failed') return [{ text: failureText(counted.error) }];
  if (counted.status === 'waiting') return [{ text: t.waiting }];
  const columns = columnsOf(store).filter(({ id }) => id !== 'split');
  return columns.map((column) => {
    const { text, exact, difference } = column.cell(counted.figures, store.baseline);
    return { text, title: exact, change: formatDifference(difference) };
  });
}
