import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { maximumOf } from '../../src/data';
import { BUDGETS, type StageFigures, type StageKey } from '../../src/protocol';
import { stageAt, stageBlocks, stageColumns } from '../../src/report/stageColumns';
import { tooltipText } from '../../src/text';
import { formatShare } from '../common/format';
import { budgetName } from '../common/glyphs';
import { onChartKey, tabIndexes } from './chartFocus';
import { splitFigure, splitName, wholeOf } from './columns';
import { stack } from './segments';
import type { Row } from './store';
import { t } from './strings';
import { fitText, textWidth } from './text';
import type { Split } from './viewState';

/** Pixels. */
const HEAD = 24;
const LINE = 44;
const BAR = 12;
const CELL = 104;
const GAP = 12;

/** What the chart of stages is drawn from. */
export interface StagesOptions {
  readonly rows: readonly Row[];
  readonly split: Split;
  /** The chart may be wider, and is scrolled then. */
  readonly width: number;
  readonly onOpen: (row: Row, block: string) => void;
}

/** A model's cost at one depth by one measure. */
export function stageWhole({ budget }: StageFigures, split: Split): number {
  return BUDGETS.reduce((sum, one) => sum + Number(budget[one][split]), 0);
}

/** A stage as the chart's columns are headed. */
export function stageName({ kind, number }: StageKey): string {
  if (kind === 'stride') return t.stride(String(number));
  if (kind === 'upsampled') return t.upsampled(String(number));
  if (kind === 'quarter') return t.quarter(String(number));
  return t[kind];
}

/** A row per counted model, a column per depth: what each depth spends, all on one scale. */
export function stagesChart({ rows, split, width, onOpen }: StagesOptions): TemplateResult {
  const counted = rows.flatMap((row) => (row.counted.status === 'ready' ? [{ row, figures: row.counted.figures }] : []));
  const columns = stageColumns(counted.map(({ figures }) => figures.stages));
  const largest = maximumOf(
    counted.flatMap(({ figures }) => figures.stages.map((stage) => stageWhole(stage, split))),
    1,
  );
  const labels = Math.min(
    240,
    Math.max(96, width * 0.25),
    maximumOf(
      counted.map(({ row }) => textWidth(row.model.name)),
      0,
    ) + 2,
  );
  const cell = Math.max(CELL, (width - labels - GAP) / Math.max(1, columns.length));
  const whole = labels + GAP + cell * columns.length;
  const height = HEAD + counted.length * LINE;
  const nextIndex = tabIndexes();
  const left = (column: number) => labels + GAP + column * cell;
  const drawn = counted.map(({ row, figures }, index) => {
    const top = HEAD + index * LINE;
    const total = wholeOf(figures, split);
    const cells = columns.flatMap((key, column) => {
      const stage = stageAt(figures.stages, key);
      if (!stage) return [];
      const length = ((cell - GAP) * stageWhole(stage, split)) / largest;
      const options = { name: row.model.name, stage, split, total, left: left(column), top, length, row: index, tabIndex: nextIndex() };
      return [cellOf(options, () => onOpen(row, stage.heaviest))];
    });
    return svg`<g class="stage-row" data-model=${row.model.name}>
      <text class="bar-name" x=${labels} y=${top + 12 + BAR / 2} text-anchor="end" dominant-baseline="central" @click=${() => onOpen(row, '')}
        >${fitText(row.model.name, labels)}<title>${t.openModel(row.model.name)}</title></text>
      ${cells}
    </g>`;
  });
  return html`<svg class="chart stages-chart" role="group" aria-label=${t.stages(splitName(split))} width=${whole} height=${height}
    viewBox="0 0 ${whole} ${height}" @keydown=${onChartKey}>
    ${columns.map((key, column) => svg`<text class="tick" x=${left(column)} y="14" data-stage=${stageName(key)}>${fitText(stageName(key), cell - GAP)}</text>`)}
    ${drawn}
  </svg>`;
}

interface CellOptions {
  readonly name: string;
  readonly stage: StageFigures;
  readonly split: Split;
  /** Of the whole model. */
  readonly total: number;
  readonly left: number;
  readonly top: number;
  readonly length: number;
  readonly row: number;
  readonly tabIndex: number;
}

function cellOf({ name, stage, split, total, left, top, length, row, tabIndex }: CellOptions, open: () => void): SVGTemplateResult {
  const whole = stageWhole(stage, split);
  const share = formatShare(total === 0 ? 0 : whole / total);
  const blocks = stageBlocks(stage);
  const parts = BUDGETS.filter((budget) => Number(stage.budget[budget][split]) > 0).map(
    (budget) => `${budgetName(budget)}: ${splitFigure(stage.budget[budget][split], split)}`,
  );
  const lines = [`${name}, ${stageName(stage)}: ${splitFigure(whole, split)}, ${share}`, ...(blocks ? [blocks] : []), ...parts];
  const bar = stack({
    name,
    budget: stage.budget,
    split,
    left,
    top: top + 12,
    height: BAR,
    length,
    part: (budget, _text, rectangle) => svg`<g class="bar-segment budget-${budget}">${rectangle}</g>`,
  });
  return svg`<g class="stage-cell" role="button" data-part=${row} data-stage=${stageName(stage)} tabindex=${tabIndex}
    aria-label=${`${lines.join('. ')}. ${t.openStage}`} @click=${open}>
    <rect class="stage-area" x=${left - 4} y=${top + 4} width=${CELL - 4} height=${LINE - 6}></rect>
    ${bar}
    <text class="stage-figure" x=${left} y=${top + 12 + BAR + 10} dominant-baseline="central">${splitFigure(whole, split)}</text>
    <title>${tooltipText(...lines, t.openStage)}</title>
  </g>`;
}
