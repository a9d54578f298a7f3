import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { BUDGETS, type Count, type DiffRow, type FigureChange, type ModelDiff } from '../../../src/protocol';
import { tooltipText } from '../../../src/text';
import { button, formatBytes, formatChange, formatCount, formatExact, icon } from '../../common';
import { budgetGlyph, budgetName } from '../../common/glyphs';
import type { ShownRow } from './diffRows';
import { t } from './strings';

const ICONS = { added: 'diff-added', removed: 'diff-removed', changed: 'diff-modified', layers: 'diff-modified' } as const;

/** What the table of changes is drawn from. */
export interface DiffTableOptions {
  readonly diff: ModelDiff;
  readonly rows: readonly ShownRow[];
  readonly before: string;
  readonly after: string;
  readonly onTurn: (row: ShownRow) => void;
  readonly onOpen: (row: DiffRow) => void;
}

/** Blocks added, removed and changed, one inside the other, with what each changes. */
export function diffTable(options: DiffTableOptions): TemplateResult {
  const { diff, rows } = options;
  return html`<div class="table-scroll" tabindex="-1">
    <table class="diff-table">
      <thead>
        <tr>
          <th scope="col" data-column="block">${t.block}</th>
          <th scope="col" data-column="details">${t.details}</th>
          <th scope="col">${t.parameters}</th>
          <th scope="col">${t.macs}</th>
          ${BUDGETS.map(
            (budget) =>
              html`<th scope="col" title=${t.ofMacs(budgetName(budget))} aria-label=${t.ofMacs(budgetName(budget))}>${budgetGlyph(budget)}</th>`,
          )}
          <th scope="col">${t.flops}</th>
          <th scope="col">${t.weightBytes}</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          ({ key }) => key,
          (row) => bodyRow(row, options),
        )}
        ${isNothing(diff.outside) ? nothing : sumRow(t.outside, diff.outside, '')} ${sumRow(t.whole, diff.total, 'diff-total')}
      </tbody>
    </table>
  </div>`;
}

/** `MBConv \u00d73`, or the words for layers outside the blocks in a block. */
export function rowLabel({ change, label, repeat: count }: DiffRow): string {
  return `${change === 'layers' ? t.layers : label}${count > 1 ? ` \u00d7${count}` : ''}`;
}

/** The word beside the glyph. */
export function changeWord({ change }: DiffRow): string {
  return change === 'layers' ? t.changed : t[change];
}

function bodyRow(shown: ShownRow, { before, after, onTurn, onOpen }: DiffTableOptions): TemplateResult {
  const { row, open, hasChildren } = shown;
  const label = rowLabel(row);
  const tooltip = [
    t.open(row.label, row.after === '' ? before : after),
    ...(row.repeat > 1 ? [t.repeated(String(row.repeat))] : []),
    ...(row.change === 'layers' ? [t.layersTooltip] : []),
  ];
  return html`<tr data-change=${row.change} data-depth=${row.depth} class=${shown.context ? 'diff-context' : ''}>
    <th scope="row" data-column="block">
      <span class="diff-cell" style="padding-left: ${row.depth * 16}px">
        ${
          hasChildren
            ? button({
                label: open ? t.collapse(label) : t.expand(label),
                icon: open ? 'chevron-down' : 'chevron-right',
                appearance: 'icon',
                onClick: () => onTurn(shown),
              })
            : html`<span class="diff-leaf"></span>`
        }
        <span class="diff-change diff-${row.change}">${icon(ICONS[row.change])}${changeWord(row)}</span>
        <button class="block-name name-button" title=${tooltipText(...tooltip)} @click=${() => onOpen(row)}>${label}</button>
      </span>
    </th>
    <td data-column="details">${row.details.join(', ')}</td>
    ${figureCells(row.figures)}
  </tr>`;
}

function sumRow(label: string, figures: FigureChange, className: string): TemplateResult {
  return html`<tr class=${className} data-change="sum">
    <th scope="row" data-column="block"><span class="diff-cell">${label}</span></th>
    <td data-column="details"></td>
    ${figureCells(figures)}
  </tr>`;
}

function figureCells({ parameters, macs, flops, weightBytes, budget }: FigureChange): readonly TemplateResult[] {
  return [
    cell('parameters', parameters, formatCount, t.parameters.toLowerCase()),
    cell('macs', macs, formatCount, t.macs),
    ...BUDGETS.map((name) => cell(name, budget[name], formatCount, t.macs)),
    cell('flops', flops, formatCount, t.flops),
    cell('weightBytes', weightBytes, formatBytes, 'B'),
  ];
}

/** A change with its sign; every digit in the tooltip. */
function cell(column: string, change: Count, format: (count: Count) => string, unit: string): TemplateResult {
  return html`<td class="change-figure ${BigInt(change) === 0n ? 'description' : ''}" data-column=${column} title=${`${formatChange(change, formatExact)} ${unit}`}
    >${formatChange(change, format)}</td>`;
}

function isNothing({ parameters, macs, flops, weightBytes }: FigureChange): boolean {
  return [parameters, macs, flops, weightBytes].every((change) => BigInt(change) === 0n);
}
