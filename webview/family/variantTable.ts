import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../common';
import { formatDifference } from '../common/difference';
import { failureText } from '../common/failure';
import { formatAtLeast, formatCount, formatExact } from '../common/format';
import { conventionText } from './conventionText';
import { type Measure, type Row, rowDeviation } from './rows';
import type { FamilyStore } from './store';
import { t } from './strings';
import type { ColumnId } from './viewState';

/** The family's variants: published beside computed. */
export function variantTable(rows: readonly Row[], store: FamilyStore): TemplateResult {
  return html`<div class="table-scroll" tabindex="-1">
    <table class="variant-table" aria-label=${t.variants(store.family?.name ?? '')} @keydown=${(event: KeyboardEvent) => moveChoice(event, rows, store)}>
      <thead>
        <tr>
          ${headCell('variant', t.variant, t.variant, store, 2)}
          <th scope="colgroup" colspan="2" class="group">${t.parameters}</th>
          <th scope="colgroup" colspan="2" class="group">${t.cost}</th>
          ${hasTop1(store) ? headCell('top1', t.top1, t.top1Tooltip, store, 2) : nothing} ${headCell('status', t.status, t.statusTooltip, store, 2)}
          <td rowspan="2" class="row-actions"></td>
        </tr>
        <tr>
          ${headCell('parametersPublished', t.published, t.parametersPublishedTooltip, store)}
          ${headCell('parameters', t.computed, t.computedTooltip, store)}
          ${headCell('costPublished', t.published, t.costPublishedTooltip, store)}
          ${headCell('macs', t.computedMacs, t.computedTooltip, store)}
        </tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          ({ name }) => name,
          (row) => bodyRow(row, store, tabStop(rows, store)),
        )}
      </tbody>
    </table>
  </div>`;
}

/** Families of layers and of other tasks have no accuracy to show. */
function hasTop1({ family }: FamilyStore): boolean {
  return family?.variants.some(({ published }) => typeof published?.top1 === 'number') ?? false;
}

/** The one row that Tab reaches: the chosen one, or the first. */
function tabStop(rows: readonly Row[], { chosen }: FamilyStore): string | undefined {
  return (rows.find(({ name }) => name === chosen) ?? rows[0])?.name;
}

function moveChoice(event: KeyboardEvent, rows: readonly Row[], store: FamilyStore): void {
  const { target } = event;
  if (!(target instanceof HTMLElement && target.matches('.variant-name'))) return;
  const place = rows.findIndex(({ name }) => name === target.closest('tr')?.dataset['variant']);
  const targets: Readonly<Record<string, number>> = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length - 1 };
  const row = rows[targets[event.key] ?? -1];
  if (!row) return;
  event.preventDefault();
  store.choose(row.name);
  target
    .closest('tbody')
    ?.querySelector<HTMLElement>(`tr[data-variant="${CSS.escape(row.name)}"] .variant-name`)
    ?.focus();
}

function headCell(id: ColumnId, label: string, tooltip: string, store: FamilyStore, rowspan = 1): TemplateResult {
  const { sorting } = store.state;
  const active = sorting?.column === id ? sorting : null;
  const first = id !== 'variant' && id !== 'status';
  const next = !active ? { column: id, descending: first } : active.descending === first ? { column: id, descending: !first } : null;
  const sort = active ? (active.descending ? 'descending' : 'ascending') : 'none';
  return html`<th scope="col" data-column=${id} aria-sort=${sort} rowspan=${rowspan}>
    <button class="head-button" title=${tooltip} @click=${() => store.sort(next)}
      >${label}${active ? icon(active.descending ? 'arrow-down' : 'arrow-up') : nothing}</button
    >
  </th>`;
}

function bodyRow(row: Row, store: FamilyStore, tabStop: string | undefined): TemplateResult {
  const { name, published } = row;
  const isChosen = name === store.chosen;
  const reached = name === tabStop ? 0 : -1;
  const status = published?.status ?? '';
  return html`<tr data-variant=${name} class=${isChosen ? 'is-chosen' : ''} @click=${() => store.choose(name)}>
    <th scope="row" data-column="variant">
      <button class="variant-name name-button" tabindex=${reached} aria-pressed=${String(isChosen)} title=${`${name}\n${t.choose(name)}`}>${name}</button>
    </th>
    ${publishedCell(row, 'parameters')} ${countedCell(row, 'parameters', store, reached)} ${publishedCell(row, 'macs')}
    ${countedCell(row, 'macs', store, reached)}
    ${hasTop1(store) ? html`<td class="figure" data-column="top1" title=${published?.top1 ? t.top1Tooltip : nothing}>${published?.top1 ?? ''}</td>` : nothing}
    <td class="status" data-column="status" title=${published?.source ?? nothing}>${status}</td>
    <td class="row-actions"><span class="row-buttons">${rowActions(name, store, reached)}</span></td>
  </tr>`;
}

function rowActions(name: string, store: FamilyStore, tabindex: number): TemplateResult[] {
  const choice = { variant: name, knobs: {} };
  const actions = [
    { symbol: 'go-to-file', label: t.openVariant(name), run: () => store.act((api) => api.openModel(choice)) },
    { symbol: 'add', label: t.compareVariant(name), run: () => store.act((api) => api.compare(choice), t.added(name)) },
    { symbol: 'export', label: t.exportVariant(name), run: () => store.act((api) => api.exportModel(choice)) },
  ];
  return actions.map(
    ({ symbol, label, run }) =>
      html`<button
        class="icon-button"
        tabindex=${tabindex}
        aria-label=${label}
        title=${label}
        @click=${(event: Event) => {
          event.stopPropagation();
          void run();
        }}
        >${icon(symbol)}</button
      >`,
  );
}

/** As printed, with the convention of a cost; what is not printed but counted from the specification is grey. */
function publishedCell({ published }: Row, measure: Measure): TemplateResult {
  const column = measure === 'parameters' ? 'parametersPublished' : 'costPublished';
  const printed = measure === 'parameters' ? published?.printedParameters : published?.printedCost;
  const exact = published?.[measure];
  const convention = measure === 'macs' ? html`<span class="convention">${conventionText(published?.convention ?? null)}</span>` : nothing;
  if (printed) {
    const tooltip = measure === 'macs' ? t.printedIn(printed, conventionText(published?.convention ?? null)) : t.printed(printed);
    return html`<td class="figure" data-column=${column} title=${tooltip}>${printed}${convention}</td>`;
  }
  if (typeof exact !== 'number') return html`<td class="figure" data-column=${column}></td>`;
  const macs = measure === 'macs' ? html`<span class="convention">${t.macs}</span>` : nothing;
  return html`<td class="figure description" data-column=${column} title=${t.notPrinted(formatExact(exact))}>${formatCount(exact)}${macs}</td>`;
}

function countedCell(row: Row, measure: Measure, store: FamilyStore, tabindex: number): TemplateResult {
  const { name, counted, note } = row;
  if (counted.status === 'waiting')
    return html`<td class="waiting" data-column=${measure}><span class="blank" role="img" aria-label=${t.waiting} title=${t.waiting}></span></td>`;
  if (counted.status === 'failed') return failedCell(row, measure, store);
  const { record, figures } = counted.figures;
  const deviation = rowDeviation(row, measure);
  const change = !deviation ? '' : deviation.agrees ? '=' : formatDifference(deviation.difference);
  const printed = printedText(row, measure);
  const bounded = figures.lowerBounds.includes(measure);
  const tooltip = [
    t.counted(formatExact(record[measure])),
    change === '' ? '' : change === '=' ? t.agrees(printed) : t.differs(change, printed),
    bounded ? t.lowerBound(String(figures.notCounted)) : '',
  ];
  const marked = note > 0 && deviation !== null && !deviation.agrees;
  return html`<td class="figure" data-column=${measure} title=${tooltip.filter((line) => line !== '').join('\n')}>
    ${formatAtLeast(record[measure], formatCount, bounded)}<span class="change">${change}</span
    ><span class="mark">${marked ? noteMark(note, name, tabindex) : nothing}</span>
  </td>`;
}

function printedText({ published }: Row, measure: Measure): string {
  const printed = measure === 'parameters' ? published?.printedParameters : published?.printedCost;
  return printed ?? formatExact(published?.[measure] ?? 0);
}

function failedCell({ name, counted }: Row, measure: Measure, store: FamilyStore): TemplateResult {
  if (counted.status !== 'failed') return html``;
  const reason = failureText(counted.error);
  // One sentence a row is enough: the second measure shows only that it is missing.
  if (measure === 'macs') return html`<td class="figure description" data-column=${measure} title=${reason}>\u2013</td>`;
  return html`<td class="figure" data-column=${measure} title=${reason}>
    <button class="icon-button" aria-label=${`${reason} ${t.countAgain(name)}`} title=${`${reason}\n${t.countAgain(name)}`}
      @click=${(event: Event) => {
        event.stopPropagation();
        store.retry(name);
      }}
      >${icon('refresh')}</button
    >
  </td>`;
}

function noteMark(note: number, name: string, tabindex: number): TemplateResult {
  return html`<button
    class="note-mark"
    tabindex=${tabindex}
    aria-label=${`${t.seeNote(String(note))}, ${name}`}
    title=${t.seeNote(String(note))}
    @click=${(event: Event) => {
      event.stopPropagation();
      const target = document.getElementById(noteId(note));
      target?.scrollIntoView({ block: 'nearest' });
      target?.focus();
    }}
    >${note}</button
  >`;
}

/** Id of a note's element, for the references to it. */
export function noteId(note: number): string {
  return `deviation-${note}`;
}
