import { html, svg, type TemplateResult } from 'lit';
import { maximumOf } from '../../src/data';
import { tooltipText } from '../../src/text';
import { onChartKey, tabIndexes } from './chartFocus';
import { splitFigure, splitName, wholeOf } from './columns';
import { stack } from './segments';
import type { Row } from './store';
import { t } from './strings';
import { fitText, textWidth } from './text';
import type { Split } from './viewState';

/** Pixels. */
const LINE = 28;
const BAR = 14;
const GAP = 12;

/** What the bars of all models are drawn from. */
export interface BarsOptions {
  readonly rows: readonly Row[];
  readonly split: Split;
  readonly absolute: boolean;
  readonly width: number;
  /** With the id of the block that was clicked; `''` for the model as a whole. */
  readonly onOpen: (row: Row, block: string) => void;
}

/** One bar per counted model, cut into the four budgets. */
export function barsChart({ rows, split, absolute, width, onOpen }: BarsOptions): TemplateResult {
  const bars = rows.flatMap((row) => (row.counted.status === 'ready' ? [{ row, figures: row.counted.figures }] : []));
  const largest = maximumOf(
    bars.map(({ figures }) => wholeOf(figures, split)),
    1,
  );
  const labels = Math.min(
    width * 0.35,
    maximumOf(
      bars.map(({ row }) => textWidth(row.model.name)),
      0,
    ) + 2,
  );
  const totals = maximumOf(
    bars.map(({ figures }) => textWidth(splitFigure(wholeOf(figures, split), split))),
    0,
  );
  const left = labels + GAP;
  const room = Math.max(40, width - left - totals - GAP);
  const height = bars.length * LINE;
  const nextIndex = tabIndexes();
  const drawn = bars.map(({ row, figures }, index) => {
    const whole = wholeOf(figures, split);
    const length = absolute ? (room * whole) / largest : room;
    const middle = index * LINE + LINE / 2;
    const { name } = row.model;
    const segments = stack({
      name,
      budget: figures.budget,
      split,
      left,
      top: middle - BAR / 2,
      height: BAR,
      length,
      part: (budget, text, rectangle) => svg`<g class="bar-segment budget-${budget}" role="button" data-part=${index}
        tabindex=${nextIndex()} aria-label=${`${text}. ${t.openSpender}`} @click=${() => onOpen(row, figures.spenders[budget][split])}
        >${rectangle}<title>${tooltipText(text, t.openSpender)}</title></g>`,
    });
    return svg`<g class="bar-row" data-model=${name}>
      <text class="bar-name" x=${labels} y=${middle} text-anchor="end" dominant-baseline="central" @click=${() => onOpen(row, '')}
        >${fitText(name, labels)}<title>${t.openModel(name)}</title></text>
      ${segments}
      <text class="bar-total" x=${left + (whole === 0 ? 0 : length) + GAP / 2} y=${middle} dominant-baseline="central">${splitFigure(whole, split)}</text>
    </g>`;
  });
  return html`<svg class="chart bars-chart" role="group" aria-label=${t.bars(splitName(split))} width=${width} height=${height}
    viewBox="0 0 ${width} ${height}" @keydown=${onChartKey}>${drawn}</svg>`;
}
