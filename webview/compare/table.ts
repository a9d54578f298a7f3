import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { BUDGETS, type ComparedFigures } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import { button, formatShare, icon } from '../common';
import { formatDifference } from '../common/difference';
import { failureText } from '../common/failure';
import { budgetName } from '../common/glyphs';
import { sortBy } from '../common/table/sortRows';
import { type Column, columnOf, shareOf, splitFigure } from './columns';
import type { DiffSection } from './diff/diffSection';
import { t as diffText } from './diff/strings';
import type { RowFigures } from './latency';
import { latencyCell, measureAll } from './latencyCell';
import type { CompareStore, Row } from './store';
import { t } from './strings';
import type { ColumnId, Sorting, Split } from './viewState';

/** The columns that are shown, in the order chosen. */
export function columnsOf({ state }: CompareStore): readonly Column[] {
  return state.columns.map((id) => columnOf(id, state.split));
}

/** The baseline first, then the file's order or that of the chosen column. */
export function sortedRows(store: CompareStore): readonly Row[] {
  const { sorting, split } = store.state;
  const base = store.rows.filter(({ model }) => model.id === store.set?.baseline);
  const rest = store.rows.filter(({ model }) => model.id !== store.set?.baseline);
  if (!sorting) return [...base, ...rest];
  if (sorting.column === 'model') return [...base, ...sortBy(rest, ({ model }) => model.name, sorting.descending)];
  const column = columnOf(sorting.column, split);
  const value = ({ counted }: Row) => (counted.status === 'ready' ? column.cell(counted.figures, null).value : null);
  return [...base, ...sortBy(rest, value, sorting.descending)];
}

/** Rows are models, columns measures. */
export function compareTable(store: CompareStore): TemplateResult {
  const columns = columnsOf(store);
  return html`<div class="table-scroll" tabindex="-1">
    <table class="compare-table">
      <thead>
        <tr>
          ${headCell('model', t.model, t.model, store)} ${columns.map(({ id, label, tooltip }) => headCell(id, label, tooltip, store))}
          <td class="row-actions"></td>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          sortedRows(store),
          ({ model }) => model.id,
          (row) => bodyRow(row, columns, store),
        )}
      </tbody>
    </table>
  </div>`;
}

function headCell(id: Sorting['column'], label: string, tooltip: string, store: CompareStore): TemplateResult {
  const { sorting } = store.state;
  const active = sorting?.column === id ? sorting : null;
  const first = id !== 'model';
  const next = !active ? { column: id, descending: first } : active.descending === first ? { column: id, descending: !first } : null;
  const sort = active ? (active.descending ? 'descending' : 'ascending') : 'none';
  return html`<th scope="col" data-column=${id} aria-sort=${sort}>
    <button class="head-button" title=${tooltip} @click=${() => store.update({ sorting: next })}
      >${label}${active ? icon(active.descending ? 'arrow-down' : 'arrow-up') : nothing}</button
    >${id === 'latency' ? measureAll(store) : nothing}
  </th>`;
}

function bodyRow(row: Row, columns: readonly Column[], store: CompareStore): TemplateResult {
  const { model, counted } = row;
  const isBaseline = model.id === store.set?.baseline;
  return html`<tr data-model=${model.name} class=${isBaseline ? 'is-baseline' : ''}>
    <th scope="row" data-column="model">
      <button class="model-name name-button" title=${tooltipText(t.openModel(model.name), model.detail)} @click=${() => store.act((api) => api.openModel({ model: model.id }))}
        >${model.name}</button
      >
      ${isBaseline ? html`<span class="tag">${t.baseline}</span>` : nothing}
    </th>
    ${counted.status === 'ready' ? figureCells(row, counted.figures, columns, store) : messageCell(row, columns.length, store)}
    <td class="row-actions">
      ${isBaseline || counted.status !== 'ready' ? nothing : diffButton(model.id, model.name, store)}${button({
        label: isBaseline ? t.isBaseline(model.name) : t.makeBaseline(model.name),
        icon: isBaseline ? 'pinned' : 'pin',
        appearance: 'icon',
        pressed: isBaseline,
        onClick: () => void store.act((api) => api.setBaseline({ model: model.id })),
      })}${button({
        label: t.remove(model.name),
        icon: 'close',
        appearance: 'icon',
        onClick: () => void store.act((api) => api.remove({ model: model.id })),
      })}
    </td>
  </tr>`;
}

/** Brings into sight what changed from the baseline to a model. */
function diffButton(id: string, name: string, { set }: CompareStore): TemplateResult {
  const baseline = set?.models.find((model) => model.id === set.baseline)?.name ?? '';
  return button({
    label: diffText.showFrom(name, baseline),
    icon: 'diff',
    appearance: 'icon',
    onClick: () => document.querySelector<DiffSection>('diff-section')?.show(id),
  });
}

function messageCell({ model, counted }: Row, span: number, store: CompareStore): TemplateResult {
  if (counted.status !== 'failed') {
    const now = store.counting?.id === model.id;
    return html`<td class="waiting" colspan=${span}><span class="blank" title=${tooltipText(now ? t.counting(model.name) : t.waiting)}></span></td>`;
  }
  return html`<td class="failed" colspan=${span}>
    ${icon('warning')}<span>${failureText(counted.error)}</span>
    ${button({ label: t.retry(model.name), icon: 'refresh', appearance: 'icon', onClick: () => store.retry(model) })}
  </td>`;
}

function figureCells(row: Row, figures: RowFigures, columns: readonly Column[], store: CompareStore): TemplateResult[] {
  return columns.map((column) => {
    if (column.id === 'split') return html`<td data-column="split">${splitBar(figures, store.state.split)}</td>`;
    if (column.id === 'latency' && !figures.latency) return latencyCell(row, column, store);
    const { text, exact, difference, value } = column.cell(figures, store.baseline);
    const change = formatDifference(difference);
    const bounded = figures.lowerBounds.some((measure) => measure === column.id);
    const tooltip = [change ? t.difference(exact, change) : exact, bounded ? t.lowerBound(String(figures.notCounted)) : ''];
    return html`<td data-column=${column.id} class="figure" title=${tooltipText(...tooltip.filter((part) => part !== ''))}>
      <span class=${value === null ? 'description' : ''}>${text}</span
      >${store.baseline && isMeasure(column) ? html`<span class="change">${change}</span>` : nothing}
    </td>`;
  });
}

const MEASURED: ReadonlySet<ColumnId> = new Set([
  'parameters',
  'trainableParameters',
  'macs',
  'flops',
  'weightBytes',
  'peakActivationBytes',
  'latency',
]);

/** True for the columns that show a difference. */
function isMeasure({ id }: Column): boolean {
  return MEASURED.has(id);
}

function splitBar(figures: ComparedFigures, split: Split): TemplateResult {
  const parts = BUDGETS.map((budget) => {
    const part = shareOf(figures, budget, split);
    const text = `${budgetName(budget)}: ${formatShare(part)}, ${splitFigure(figures.budget[budget][split], split)}`;
    return { budget, part, text };
  });
  return html`<div class="stacked-bar" role="img" aria-label=${parts.map(({ text }) => text).join('; ')}>
    ${parts
      .filter(({ part }) => part > 0)
      .map(({ budget, part, text }) => html`<span class="budget-${budget}" style="flex-grow: ${part}" title=${text}></span>`)}
  </div>`;
}
