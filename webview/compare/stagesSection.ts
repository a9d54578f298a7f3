import { html, nothing, type TemplateResult } from 'lit';
import { BUDGETS, type Budget, type Figures } from '../../src/protocol';
import { stageBlocks } from '../../src/report/stageColumns';
import { budgetGlyph, budgetName } from '../common';
import { tableText } from '../common/table/exportTable';
import { splitName } from './columns';
import { stageName, stagesChart } from './stagesChart';
import type { CompareStore } from './store';
import { t } from './strings';
import { sortedRows } from './table';
import type { Split } from './viewState';

/** Models that are drawn: beyond, nobody compares lengths. */
const MAX_ROWS = 40;

/** Where in each model its cost lies: a row per model, a column per depth. */
export function stagesSection(store: CompareStore, width: number): TemplateResult | typeof nothing {
  const { split } = store.state;
  const rows = sortedRows(store).slice(0, MAX_ROWS);
  if (!rows.some(({ counted }) => counted.status === 'ready')) return nothing;
  return html`<section class="chart-section" aria-labelledby="stages-title">
    <div class="chart-head">
      <h2 id="stages-title" class="section-title">${t.stages(splitName(split))}</h2>
      <span class="legend">${BUDGETS.map((budget) => html`<span>${budgetGlyph(budget)}${budgetName(budget)}</span>`)}</span>
      <span class="description">${t.stagesNote}</span>
    </div>
    <div class="chart-scroll" tabindex="-1">
      ${stagesChart({
        rows,
        split,
        width,
        onOpen: ({ model }, node) => void store.act((api) => api.openModel({ model: model.id, ...(node ? { node } : {}) })),
      })}
    </div>
  </section>`;
}

const MEASURES = ['parameters', 'macs', 'flops', 'weightBytes', 'activationBytes'] as const satisfies readonly Split[];

/** A line per model and depth with every measure, and the multiply-adds by what they are for. */
export function stagesCsv(store: CompareStore): string {
  const head = ['model', 'stage', 'blocks', ...MEASURES, ...BUDGETS.map((budget) => `${budget} macs`)];
  const rows = sortedRows(store).flatMap(({ model, counted }) =>
    counted.status === 'ready'
      ? counted.figures.stages.map((stage) => [
          model.name,
          stageName(stage),
          stageBlocks(stage, 'x'),
          ...MEASURES.map((measure) => String(sum(stage.budget, measure))),
          ...BUDGETS.map((budget) => String(stage.budget[budget].macs)),
        ])
      : [],
  );
  return tableText([head, ...rows], 'CSV', new Set());
}

function sum(budget: Readonly<Record<Budget, Figures>>, measure: Split): bigint {
  return BUDGETS.reduce((whole, one) => whole + BigInt(budget[one][measure]), 0n);
}
