import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { tooltipText } from '../../../src/text';
import { LightElement } from '../element';
import { icon } from '../icons';
import type { Sorting } from '../kept';
import { adoptStyles } from '../styles';
import type { VirtualList } from '../virtualList';
import '../virtualList';
import { columnMenu } from './columnMenu';
import { COLUMN_GAP, columnsFor, ROW_PADDING } from './columnsFor';
import tableStyles from './dataTable.css';

/** Pixels, as in dataTable.css. */
const ROW_HEIGHT = 26;

/** A row of any table: its key is what is selected. */
export interface TableRow {
  readonly key: string;
  /** Depth in a tree, 0 outside. */
  readonly depth?: number;
  /** Present on rows that open. */
  readonly open?: boolean;
}

/** A column: its head, how a row sorts by it, and its cell. */
export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** Least width, pixels. */
  readonly width: number;
  /** Part of the room that is left, in parts of all `grow`; 0 where absent. */
  readonly grow?: number;
  readonly numeric?: boolean;
  /** Where the room is short, columns of the highest number leave first; those without stay. */
  readonly gives?: number;
  readonly cell: (row: Row) => TemplateResult | string;
  readonly tooltip?: (row: Row) => string | readonly string[];
  readonly total?: TemplateResult | string;
}

/** A sortable table that draws only what is in sight; arrow keys move the selection, left and right close and open. */
@customElement('data-table')
export class DataTable extends LightElement {
  @property({ attribute: false }) columns: readonly Column<never>[] = [];
  @property({ attribute: false }) rows: readonly TableRow[] = [];
  @property({ attribute: false }) sorting: Sorting | null = null;
  @property() selected = '';
  @property() hovered = '';
  @property() label = '';
  @property() empty = '';
  @property({ attribute: false }) onSort: (sorting: Sorting | null) => void = () => {};
  @property({ attribute: false }) onSelect: (row: never) => void = () => {};
  @property({ attribute: false }) onActivate: (row: never) => void = () => {};
  @property({ attribute: false }) onHover: (key: string) => void = () => {};
  @property({ attribute: false }) onToggle: (row: never) => void = () => {};
  /** Columns that the person has hidden. */
  @property({ attribute: false }) hiddenColumns: readonly string[] = [];
  /** Without it, columns cannot be chosen. */
  @property({ attribute: false }) onHide: ((hidden: readonly string[]) => void) | null = null;
  @state() private room = 0;
  @query('virtual-list') private list?: VirtualList;
  #observer: ResizeObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(() => {
      this.room = this.clientWidth;
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    this.#observer?.disconnect();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    adoptStyles(tableStyles);
    const all = this.columns as readonly Column<TableRow>[];
    const columns = columnsFor(all, this.room, this.hiddenColumns);
    const template = columns.map(({ width, grow }) => (grow ? `minmax(${width}px, ${grow}fr)` : `${width}px`)).join(' ');
    const least = columns.reduce((sum, { width }) => sum + width + COLUMN_GAP, ROW_PADDING - COLUMN_GAP);
    const tree = this.rows.some((row) => row.open !== undefined);
    const header = html`<div class="table-head" role="row" style="grid-template-columns: ${template}">
        ${columns.map((column) => this.#headCell(column))}${this.onHide ? columnMenu(all, this.hiddenColumns, this.onHide) : nothing}
      </div>
      ${
        columns.some((column) => column.total !== undefined)
          ? html`<div class="table-row table-total" role="row" style="grid-template-columns: ${template}">
              ${columns.map(
                (column) =>
                  html`<span class="table-cell ${column.numeric ? 'number' : ''}" role="cell" data-column=${column.id}>${column.total}</span>`,
              )}
            </div>`
          : nothing
      }`;
    return html`<virtual-list
        tabindex="0"
        style="--list-min-width: ${least}px"
        role=${tree ? 'treegrid' : 'grid'}
        aria-label=${this.label}
        aria-rowcount=${this.rows.length}
        .items=${this.rows}
        .rowHeight=${ROW_HEIGHT}
        .header=${header}
        .keyOf=${(row: TableRow) => row.key}
        .row=${(row: TableRow) => this.#row(row, columns, template)}
        @keydown=${this.#key}
        @pointerleave=${() => this.onHover('')}
      ></virtual-list>
      ${this.rows.length === 0 ? html`<div class="table-empty description">${this.empty}</div>` : nothing}`;
  }

  #headCell(column: Column<TableRow>): TemplateResult {
    const active = this.sorting?.column === column.id ? this.sorting : null;
    const sort = active ? (active.descending ? 'descending' : 'ascending') : 'none';
    return html`<span class="table-cell ${column.numeric ? 'number' : ''}" role="columnheader" aria-sort=${sort}
      ><button @click=${() => this.#sort(column, active)} title=${column.label}
        >${column.label}${active ? icon(active.descending ? 'arrow-down' : 'arrow-up') : nothing}</button
      ></span
    >`;
  }

  /** Figures start with the largest, texts with A; the third click gives the model's order back. */
  #sort(column: Column<TableRow>, active: Sorting | null): void {
    const first = column.numeric ?? false;
    if (!active) this.onSort({ column: column.id, descending: first });
    else this.onSort(active.descending === first ? { column: column.id, descending: !first } : null);
  }

  #row(row: TableRow, columns: readonly Column<TableRow>[], template: string): TemplateResult {
    const classes = `table-row table-body ${row.key === this.selected ? 'selected' : ''} ${row.key === this.hovered ? 'hovered' : ''}`;
    return html`<div
      class=${classes}
      role="row"
      data-key=${row.key}
      aria-selected=${row.key === this.selected}
      aria-level=${row.depth === undefined ? nothing : row.depth + 1}
      aria-expanded=${row.open ?? nothing}
      style="grid-template-columns: ${template}"
      @click=${() => this.onSelect(row as never)}
      @dblclick=${() => this.onActivate(row as never)}
      @pointerenter=${() => this.onHover(row.key)}
    >
      ${columns.map(
        (column) =>
          html`<span class="table-cell ${column.numeric ? 'number' : ''}" role="gridcell" data-column=${column.id} title=${column.tooltip ? tooltipText(...[column.tooltip(row)].flat()) : nothing}
            >${column.cell(row)}</span
          >`,
      )}
    </div>`;
  }

  readonly #key = (event: KeyboardEvent): void => {
    const place = this.rows.findIndex((row) => row.key === this.selected);
    const row = this.rows[place];
    const last = this.rows.length - 1;
    const page = Math.max(1, Math.floor((this.list?.clientHeight ?? 0) / ROW_HEIGHT) - 3);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: last,
    };
    const target = moves[event.key];
    if (target !== undefined) this.#moveTo(Math.max(0, Math.min(last, target)));
    else if (row && event.key === 'ArrowRight' && row.open === false) this.onToggle(row as never);
    else if (row && event.key === 'ArrowLeft' && row.open === true) this.onToggle(row as never);
    else if (row && event.key === 'ArrowLeft')
      this.#moveTo(this.rows.slice(0, place).findLastIndex((other) => (other.depth ?? 0) < (row.depth ?? 0)));
    else if (row && event.key === 'Enter') this.onActivate(row as never);
    else return;
    event.preventDefault();
  };

  #moveTo(place: number): void {
    const row = this.rows[place];
    if (!row) return;
    this.onSelect(row as never);
    this.list?.reveal(place);
  }

  /** Brings a row into sight. */
  revealRow(key: string): void {
    const place = this.rows.findIndex((row) => row.key === key);
    if (place >= 0) this.list?.reveal(place);
  }
}
