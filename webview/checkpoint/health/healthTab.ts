import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { HealthCode, HealthFinding, HealthReport, HealthSeverity } from '../../../src/protocol';
import { button } from '../../common/controls';
import { formatBytes, formatExact } from '../../common/format';
import { icon } from '../../common/icons';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import { adoptStyles } from '../../common/styles';
import type { Column, TableRow } from '../../common/table/dataTable';
import '../../common/table/dataTable';
import { type SortValue, sortBy } from '../../common/table/sortRows';
import tabStyles from '../../common/table/tab.css';
import { tensorKey } from '../../common/tensors/tensorColumns';
import verdictStyles from '../../common/verdict.css';
import { tensorsText } from '../header';
import type { CheckpointStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';

/** A file up to this size is checked as soon as the tab is shown; a larger one when the person says so. Bytes. */
const AT_ONCE = 1_000_000_000;

type Row = HealthFinding & TableRow;

const ICONS: Readonly<Record<HealthSeverity, string>> = { error: 'error', warning: 'warning', note: 'info' };
const RANKS: Readonly<Record<HealthSeverity, number>> = { error: 0, warning: 1, note: 2 };

const NAMES: Readonly<Record<HealthCode, string>> = {
  nan: 'NaN',
  infinite: 'infinity',
  'all-zero': 'all zero',
  constant: 'constant',
  'dead-units': 'dead units',
  'extreme-norm': 'extreme norm',
  'near-overflow': 'near overflow',
  duplicate: 'duplicate',
  dtype: 'element type',
  'batchnorm-never-updated': 'BatchNorm not updated',
  unread: 'not read',
};

const VALUES: Readonly<Record<string, (row: Row) => SortValue>> = {
  severity: (row) => RANKS[row.severity],
  code: (row) => NAMES[row.code],
  tensor: (row) => row.tensor,
  message: (row) => row.message,
};

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'severity',
    label: t.severity,
    width: 84,
    cell: ({ severity }) => html`<span class="verdict verdict-${severity}">${icon(ICONS[severity])}${t.severityName(severity)}</span>`,
  },
  { id: 'code', label: t.problem, width: 104, grow: 1, cell: ({ code }) => NAMES[code], tooltip: ({ code }) => NAMES[code] },
  {
    id: 'tensor',
    label: t.tensor,
    width: 136,
    grow: 2,
    cell: ({ tensor }) => html`<span class="row-name"><span class="row-label"><bdi>${tensor}</bdi></span></span>`,
    tooltip: ({ tensor }) => tensor,
  },
  { id: 'message', label: t.finding, width: 200, grow: 4, cell: ({ message }) => message, tooltip: ({ message }) => message },
];

/** What is wrong with the values of the whole file; each finding leads to its tensor. */
@customElement('checkpoint-health')
export class CheckpointHealth extends StoreElement {
  #chosen = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.#begin();
  }

  protected override updated(): void {
    this.#begin();
  }

  /** Opening the tab asks for the check, unless it would read for long. */
  #begin(): void {
    const { checking, summary } = this.store ?? {};
    if (!checking || !summary || checking.report || checking.progress || checking.asked) return;
    if (Number(summary.totals.bytes) <= AT_ONCE) void checking.start();
  }

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(tabStyles);
    adoptStyles(verdictStyles);
    const { store } = this;
    const summary = store?.summary;
    if (!store || !summary) return nothing;
    const { checking } = store;
    const { report, progress, error } = checking;
    const start = () => void checking.start();
    return html`<div class="tab-summary">
        ${report ? summaryOf(report) : html`<span class="description">${t.healthIntro(formatBytes(summary.totals.bytes))}</span>`}
        <span class="end">${button({ label: report ? t.checkAgain : t.check, disabled: progress !== null, onClick: start })}</span>
      </div>
      ${progress ? html`<busy-state bare .progress=${progress} .onCancel=${() => checking.cancel()}></busy-state>` : nothing}
      ${error === null ? nothing : errorState(t.healthFailed, error, [{ label: common.retry, onClick: start }])}
      ${report ? this.#table(report, store) : nothing}`;
  }

  #table({ findings, moreFindings }: HealthReport, store: CheckpointStore): TemplateResult | typeof nothing {
    if (findings.length === 0) return nothing;
    const { healthFilter, healthSort } = store.state;
    const words = healthFilter.toLowerCase().match(/\S+/g) ?? [];
    const rows = findings
      .map((finding, place): Row => ({ ...finding, key: `finding:${place}` }))
      .filter(({ tensor, message, code }) => words.every((word) => `${tensor}\n${message}\n${NAMES[code]}`.toLowerCase().includes(word)));
    const value = healthSort ? VALUES[healthSort.column] : undefined;
    const isShown = ({ tensor }: Row) => tensorKey(tensor) === store.state.selected;
    // Several findings may be about one tensor: the row that was chosen, else the first of its tensor.
    const chosen = rows.find((row) => row.key === this.#chosen && isShown(row)) ?? rows.find(isShown);
    return html`<data-table
        .label=${t.health}
        .empty=${t.noRows}
        .columns=${COLUMNS}
        .rows=${value ? sortBy(rows, value, healthSort?.descending ?? false) : rows}
        .sorting=${healthSort}
        .selected=${chosen?.key ?? ''}
        .onSort=${(sorting: CheckpointStore['state']['healthSort']) => store.update({ healthSort: sorting })}
        .onSelect=${(row: Row) => {
          this.#chosen = row.key;
          store.update({ selected: tensorKey(row.tensor), detailsShown: true });
        }}
      ></data-table>
      ${moreFindings > 0 ? html`<div class="tab-summary description">${t.moreRows(formatExact(moreFindings))}</div>` : nothing}`;
  }
}

/** `3 errors, 12 warnings in 104 tensors`. */
function summaryOf({ findings, counts, tensors, bytes }: HealthReport): TemplateResult {
  const looked = t.lookedAt(tensorsText(tensors), formatBytes(bytes));
  if (findings.length === 0)
    return html`<span class="verdict verdict-safe">${icon('pass')}${t.healthy}</span><span class="description">${looked}</span>`;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const worst = findings[0]?.severity ?? 'note';
  return html`<span class="verdict verdict-${worst}">${icon(ICONS[worst])}${all === 1 ? t.oneFinding : t.findings(formatExact(all))}</span
    ><span class="description">${looked}</span>`;
}
