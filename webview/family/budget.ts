import { html, nothing, type TemplateResult } from 'lit';
import {
  type ArchitectureRecord,
  BUDGETS,
  type Budget,
  type ComparedFigures,
  type Count,
  type ReferenceFigures,
  relativeDifference,
} from '../../src/protocol';
import {
  budgetGlyph,
  budgetName,
  formatAtLeast,
  formatBytes,
  formatCount,
  formatExact,
  formatFlops,
  formatMacs,
  formatShare,
  ratio,
  stackedBar,
} from '../common';
import { formatDifference } from '../common/difference';
import type { FamilyStore } from './store';
import { t } from './strings';

/** What the knobs as they are cost, against the chosen variant. */
export function budgetSection(store: FamilyStore): TemplateResult {
  const { shown, baseline, misfit, pending, draft } = store;
  const stale = misfit !== '' && shown !== null;
  const changed = draft.marked.size > 0;
  // Until the first change is counted, the baseline itself is what is shown.
  const base = changed && shown !== baseline ? baseline : null;
  const against = changed ? html`<span class="description">${t.against(store.chosen || t.defaultKnobs)}</span>` : nothing;
  return html`<section class="budget ${stale ? 'is-stale' : ''}" aria-labelledby="budget-title" aria-busy=${String(pending)}>
    <div class="panel-head">
      <h2 id="budget-title" class="section-title">${t.budget}</h2>
      ${stale ? html`<span class="description stale-note">${t.stale}</span>` : pending ? html`<span class="description pending-note">${t.countingNow}</span>` : against}
    </div>
    ${shown ? html`${figuresTable(shown, base)}${factsList(shown.record)}` : misfit === '' ? skeleton() : nothing}
  </section>`;
}

function skeleton(): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true">${[72, 64, 80, 56, 68].map((width) => html`<span style="width: ${width}%"></span>`)}</div>`;
}

/** Both tables of figures have the same columns. */
const COLUMNS = html`<colgroup>
  <col class="name-column" />
  <col />
  <col class="small-column" />
  <col class="small-column" />
</colgroup>`;

interface Line {
  readonly label: TemplateResult | string;
  readonly key: string;
  readonly text: string;
  readonly exact: string;
  readonly share: string;
  readonly value: Count;
  readonly base: Count | null;
  readonly baseExact: string;
}

function figuresTable({ record, figures }: ReferenceFigures, base: ReferenceFigures | null): TemplateResult {
  const total = measureLine(figures, base?.figures ?? null);
  const totals = [
    total('parameters', t.parameters, formatCount, ''),
    total('macs', t.macs, formatMacs, ' MACs'),
    total('flops', t.flops, formatFlops, ' FLOPs'),
    total('weightBytes', t.weightBytes, formatBytes, ' B'),
    total('peakActivationBytes', t.peakActivation, formatBytes, ' B'),
  ];
  return html`<table class="budget-table">
      ${COLUMNS}
      <tbody>
        <tr data-figure="input"><th scope="row">${t.input}</th><td class="number input-shape" colspan="3">${shapeText(record.inputShape)}</td></tr>
        ${totals.map(budgetRow)}
      </tbody>
    </table>
    ${splitBar(figures)}
    <table class="budget-table">
      ${COLUMNS}
      <tbody>
        ${BUDGETS.map((budget) => budgetRow(partLine(budget, figures, base?.figures ?? null)))}
      </tbody>
    </table>
    ${figures.notCounted > 0 ? html`<p class="description bound">${t.lowerBound(String(figures.notCounted))}</p>` : nothing}`;
}

/** What the MACs are spent on. */
function splitBar({ budget: budgets, macs }: ComparedFigures): TemplateResult {
  const parts = BUDGETS.map((budget) => {
    const part = ratio(budgets[budget].macs, macs);
    return { budget, part, tooltip: t.share(budgetName(budget), formatShare(part), formatExact(budgets[budget].macs)) };
  });
  return stackedBar(parts, parts.map(({ tooltip }) => tooltip).join('; '));
}

function partLine(budget: Budget, figures: ComparedFigures, base: ComparedFigures | null): Line {
  const { macs } = figures.budget[budget];
  const before = base?.budget[budget].macs ?? null;
  return {
    label: html`<span class="budget-name">${budgetGlyph(budget)}${budgetName(budget)}</span>`,
    key: budget,
    text: formatMacs(macs),
    exact: `${formatExact(macs)} MACs`,
    share: formatShare(ratio(macs, figures.macs)),
    value: macs,
    base: before,
    baseExact: before === null ? '' : `${formatExact(before)} MACs`,
  };
}

type TotalName = 'parameters' | 'macs' | 'flops' | 'weightBytes' | 'peakActivationBytes';

function measureLine(figures: ComparedFigures, base: ComparedFigures | null) {
  return (key: TotalName, label: string, format: (count: Count) => string, unit: string): Line => ({
    label,
    key,
    text: formatAtLeast(figures[key], format, figures.lowerBounds.includes(key)),
    exact: `${formatExact(figures[key])}${unit}`,
    share: '',
    value: figures[key],
    base: base?.[key] ?? null,
    baseExact: base ? `${formatExact(base[key])}${unit}` : '',
  });
}

function budgetRow({ label, key, text, exact, share, value, base, baseExact }: Line): TemplateResult {
  const nothingTwice = Number(value) === 0 && Number(base) === 0;
  const change = base === null || nothingTwice ? '' : formatDifference(relativeDifference(value, base));
  return html`<tr data-figure=${key} title=${base === null ? exact : t.againstTooltip(exact, baseExact)}>
    <th scope="row">${label}</th>
    <td class="number figure">${text}</td>
    <td class="number description share">${share}</td>
    <td class="number description change">${change}</td>
  </tr>`;
}

/** `1 \u00d7 3 \u00d7 224 \u00d7 224`; several inputs with their names. */
export function shapeText(shape: ArchitectureRecord['inputShape']): string {
  const text = (one: readonly number[]) => one.join(' \u00d7 ');
  if (isShape(shape)) return text(shape);
  return Object.entries(shape)
    .map(([name, one]) => `${name} ${text(one)}`)
    .join(', ');
}

function isShape(shape: ArchitectureRecord['inputShape']): shape is readonly number[] {
  return Array.isArray(shape);
}

function factsList({ facts }: ArchitectureRecord): TemplateResult | typeof nothing {
  if (facts.length === 0) return nothing;
  return html`<h3 class="section-title facts-title">${t.facts}</h3>
    <dl class="facts">${facts.map(({ name, value }) => html`<div><dt>${capital(name)}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
