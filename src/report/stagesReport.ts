import type { StageFigures, StageKey } from '../analysis/compare/types';
import { BUDGETS } from '../analysis/profile';
import { maximumOf } from '../data';
import { escapeMarkup } from '../text';
import { BUDGET_NAMES, budgetLegend, type ReportCell, type ReportSection, reportTable } from './document';
import { formatMacs, formatShare } from './format';
import { stageAt, stageBlocks, stageColumns } from './stageColumns';

/** Pixels of the longest bar. */
const BAR = 96;

/** Where in each model its multiply-adds lie: a row per model, a column per depth, all bars on one scale. */
export function stagesReport(models: readonly { readonly name: string; readonly stages: readonly StageFigures[] }[]): ReportSection {
  const columns = stageColumns(models.map(({ stages }) => stages));
  const largest = maximumOf(
    models.flatMap(({ stages }) => stages.map(macsOf)),
    1,
  );
  const rows = models.map(({ name, stages }) => ({
    cells: [{ text: name }, ...columns.map((key) => cellOf(stageAt(stages, key), largest))],
  }));
  return {
    title: 'Where in the model the multiply-adds go',
    notes: ['By resolution: 1/4 is a feature map with a quarter of the input\u2019s rows and columns. All bars are on one scale.'],
    body: `${budgetLegend()}\n${reportTable({ columns: [{ title: 'model' }, ...columns.map((key) => ({ title: titleOf(key) }))], rows })}`,
  };
}

/** A depth in words. */
function titleOf({ kind, number }: StageKey): string {
  if (kind === 'stride') return `1/${number}`;
  if (kind === 'upsampled') return `back to 1/${number}`;
  if (kind === 'quarter') return `layers, ${number}/4`;
  return kind;
}

function macsOf({ budget }: StageFigures): number {
  return BUDGETS.reduce((sum, one) => sum + Number(budget[one].macs), 0);
}

function cellOf(stage: StageFigures | undefined, largest: number): ReportCell {
  if (!stage) return { text: '' };
  const whole = macsOf(stage);
  const parts = BUDGETS.filter((budget) => Number(stage.budget[budget].macs) > 0);
  const title = [
    stageBlocks(stage),
    ...parts.map((budget) => {
      const { macs } = stage.budget[budget];
      return `${BUDGET_NAMES[budget]} ${formatMacs(macs)}, ${formatShare(Number(macs) / whole)}`;
    }),
  ].filter((line) => line !== '');
  const bar = parts.map((budget) => {
    const width = (Number(stage.budget[budget].macs) / largest) * BAR;
    return `<i class="${budget}" style="width: ${width.toFixed(2)}px"></i>`;
  });
  const text = formatMacs(whole);
  return { text, title, html: `<div class="bar">${bar.join('')}</div>${escapeMarkup(text)}` };
}
