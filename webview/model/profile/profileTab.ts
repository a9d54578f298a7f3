import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Count } from '../../../src/protocol';
import { formatCount, formatExact, formatFlops, formatMacs, formatShare, ratio } from '../../common/format';
import { budgetGlyph, budgetName } from '../../common/glyphs';
import { adoptStyles } from '../../common/styles';
import type { Column, DataTable } from '../../common/table/dataTable';
import { shareCell } from '../../common/table/shareCell';
import tabStyles from '../../common/table/tab.css';
import { treeCell } from '../../common/table/treeCell';
import type { ProfileIndex } from '../profileIndex';
import type { ModelStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import '../../common/table/dataTable';
import './countedAs';
import { TABLE_FORMATS, type TableFormat, tableText } from '../../common/table/exportTable';
import { waitingForContent } from '../waiting';
import { countedAsChoice } from './countedAs';
import { measureBar, measureProgress } from './measureBar';
import { type ProfileRow, type ProfileRows, profileRows } from './rows';
import { timeColumns } from './timeColumns';

/** The name with its place in the tree, and how many operators a set holds. */
function nameCell(row: ProfileRow, onToggle: (row: ProfileRow) => void): TemplateResult {
  const { depth, open, budget, label, kind, operators } = row;
  return treeCell({ depth, open, budget, label, count: kind === 'set' ? String(operators) : '', onToggle: () => onToggle(row) });
}

function columns(index: ProfileIndex, { total }: ProfileRows, onToggle: (row: ProfileRow) => void): readonly Column<ProfileRow>[] {
  const all = index.profile.totals.macs;
  const exact = (count: ProfileRow['macs'], unit: string) => (count === null ? t.notCountedCell : `${formatExact(count)} ${unit}`);
  const missing = html`<span class="description">${t.notCountedCell}</span>`;
  const count = formatExact(index.rows.length);
  return [
    {
      id: 'name',
      label: t.name,
      width: 160,
      grow: 3,
      cell: (row) => nameCell(row, onToggle),
      tooltip: (row) => row.name,
      total: total.operators === index.rows.length ? t.total : t.totalOf(formatExact(total.operators), count),
    },
    {
      id: 'parameters',
      label: capital(t.parameters),
      width: 76,
      numeric: true,
      cell: (row) => quietZero(row.parameters, formatCount),
      tooltip: (row) => exact(row.parameters, t.parameters),
      total: formatCount(total.parameters),
    },
    {
      id: 'macs',
      label: t.macs,
      width: 96,
      numeric: true,
      cell: (row) => (row.macs === null ? missing : quietZero(row.macs, formatMacs)),
      tooltip: (row) => exact(row.macs, 'MACs'),
      total: formatMacs(total.macs ?? 0),
    },
    {
      id: 'share',
      label: t.share,
      width: 100,
      grow: 1,
      gives: 1,
      numeric: true,
      cell: (row) => shareCell(row.macs, row.split, all),
      total: shareCell(total.macs, total.split, all),
    },
    ...timeColumns(index.measured, total),
    {
      id: 'flops',
      label: t.flops,
      width: 104,
      gives: 3,
      numeric: true,
      cell: (row) => (row.flops === null ? missing : quietZero(row.flops, formatFlops)),
      tooltip: (row) => exact(row.flops, 'FLOPs'),
      total: formatFlops(total.flops ?? 0),
    },
    { id: 'type', label: t.type, width: 80, grow: 1, gives: 4, cell: (row) => row.type, tooltip: (row) => row.type },
    { id: 'shape', label: t.outputShape, width: 104, grow: 1.2, gives: 5, cell: (row) => row.shape, tooltip: (row) => row.shape },
  ];
}

/** Most operators cost nothing by some measure: their zeros stay in the background. */
function quietZero(count: Count, format: (count: Count) => string): TemplateResult | string {
  return Number(count) === 0 ? html`<span class="description">0</span>` : format(count);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Every operator with its figures, grouped as the person likes, and the shares of convolution and attention in the whole. */
@customElement('profile-tab')
export class ProfileTab extends StoreElement {
  #made: { readonly of: readonly unknown[]; readonly rows: ProfileRows } | null = null;
  #revealed = '';

  #rows(store: ModelStore, index: ProfileIndex): ProfileRows {
    const { grouping, profileFilter, profileSort, openRows } = store.state;
    const of = [index, grouping, profileFilter, profileSort, openRows];
    if (!this.#made || of.some((part, place) => part !== this.#made?.of[place])) {
      const rows = profileRows(index, { grouping, filter: profileFilter, sorting: profileSort, openRows: new Set(openRows) });
      this.#made = { of, rows };
    }
    return this.#made.rows;
  }

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(tabStyles);
    const { store } = this;
    if (!store) return nothing;
    const index = store.complete;
    if (!index) return waitingForContent(store);
    const rows = this.#rows(store, index);
    const toggle = (row: ProfileRow) => this.#toggle(store, row);
    return html`<div class="tab-summary">
        ${this.#shares(index)}${measureBar(store, index)}${countedAsChoice(store)}
        <span class="end">
          <span class="description">${t.copyTable}</span>
          ${TABLE_FORMATS.map(
            (format) =>
              html`<button class="link" title=${t.copyAs(format)} @click=${() => this.#copy(store, rows, format)}>${format}</button>`,
          )}
        </span>
      </div>
      ${measureProgress(store)}
      <counted-as .store=${store} .tool=${store.state.countedAs} .of=${index.profile}></counted-as>
      <data-table
        .label=${t.profile}
        .empty=${t.noRows}
        .columns=${columns(index, rows, toggle)}
        .rows=${rows.rows}
        .sorting=${store.state.profileSort}
        .selected=${store.state.selected}
        .hovered=${store.hovered}
        .hiddenColumns=${store.state.hiddenColumns.profile}
        .onHide=${store.hides('profile')}
        .onSort=${(profileSort: ModelStore['state']['profileSort']) => store.update({ profileSort })}
        .onSelect=${(row: ProfileRow) => (row.kind === 'set' ? toggle(row) : store.select(row.key))}
        .onActivate=${(row: ProfileRow) => (row.kind === 'set' ? undefined : void store.show(row.key))}
        .onHover=${(key: string) => store.hover(key)}
        .onToggle=${toggle}
      ></data-table>`;
  }

  protected override updated(): void {
    const selected = this.store?.state.selected ?? '';
    if (selected === this.#revealed) return;
    this.#revealed = selected;
    this.querySelector<DataTable>('data-table')?.revealRow(selected);
  }

  #shares({ profile }: ProfileIndex): TemplateResult {
    const budgets = (['convolution', 'attention'] as const).map((budget) => {
      const { macs } = profile.budget[budget];
      return html`<span data-share=${budget} title="${formatExact(macs)} MACs"
        >${budgetGlyph(budget)}<span>${budgetName(budget)}</span
        ><span class="description">${formatMacs(macs)}, ${t.ofAll(formatShare(ratio(macs, profile.totals.macs)))}</span></span
      >`;
    });
    return html`${budgets}`;
  }

  #toggle(store: ModelStore, row: ProfileRow): void {
    const open = new Set(store.state.openRows);
    if (!open.delete(row.key)) open.add(row.key);
    store.update({ openRows: [...open] });
  }

  #copy(store: ModelStore, { rows, total }: ProfileRows, format: TableFormat): void {
    const measured = this.store?.index?.measured != null;
    const head = [t.name, t.type, t.outputShape, capital(t.parameters), t.macs, t.flops, ...(measured ? [t.microseconds] : [])];
    const figures = (row: Pick<ProfileRow, 'parameters' | 'macs' | 'flops' | 'microseconds'>) =>
      [row.parameters, row.macs, row.flops, ...(measured ? [row.microseconds] : [])].map((count) => String(count ?? ''));
    const body = rows.map((row) => [`${format === 'TSV' ? '  '.repeat(row.depth) : ''}${row.name}`, row.type, row.shape, ...figures(row)]);
    const sums = [t.total, '', '', ...figures(total)];
    store.copy(tableText([head, ...body, sums], format, new Set([3, 4, 5, 6])), t.copiedTable(format));
  }
}
