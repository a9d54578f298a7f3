import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { BUDGETS } from '../../src/protocol';
import { formatShare } from '../common/format';
import { budgetName, GLYPH_PATHS } from '../common/glyphs';
import { shareOf, splitFigure, splitName, wholeOf } from './columns';
import type { Row } from './store';
import { t } from './strings';
import { fitText, textWidth } from './text';
import type { Split } from './viewState';

/** Pixels. */
const LINE = 28;
const BAR = 14;
const GAP = 12;
const GLYPH = 10;

export interface BarsOptions {
  readonly rows: readonly Row[];
  readonly split: Split;
  readonly absolute: boolean;
  readonly width: number;
  readonly onOpen: (row: Row) => void;
}

/** One bar per counted model, cut into the four budgets. */
export function barsChart({ rows, split, absolute, width, onOpen }: BarsOptions): TemplateResult {
  const bars = rows.flatMap((row) => (row.counted.status === 'ready' ? [{ row, figures: row.counted.figures }] : []));
  const largest = Math.max(1, ...bars.map(({ figures }) => wholeOf(figures, split)));
  const labels = Math.min(width * 0.35, Math.max(0, ...bars.map(({ row }) => textWidth(row.model.name))) + 2);
  const totals = Math.max(0, ...bars.map(({ figures }) => textWidth(splitFigure(wholeOf(figures, split), split))));
  const left = labels + GAP;
  const room = Math.max(40, width - left - totals - GAP);
  const height = bars.length * LINE;
  const drawn = bars.map(({ row, figures }, index) => {
    const whole = wholeOf(figures, split);
    const length = absolute ? (room * whole) / largest : room;
    const middle = index * LINE + LINE / 2;
    let x = left;
    const segments = BUDGETS.map((budget) => {
      const share = shareOf(figures, budget, split);
      const start = x;
      x += length * share;
      const text = t.segment(row.model.name, budgetName(budget), formatShare(share), splitFigure(figures.budget[budget][split], split));
      return share === 0 ? nothing : segment({ budget, start, end: x, middle, text });
    });
    return svg`<g class="bar-row" data-model=${row.model.name} @click=${() => onOpen(row)}>
      <text class="bar-name" x=${labels} y=${middle} text-anchor="end" dominant-baseline="central"
        >${fitText(row.model.name, labels)}<title>${row.model.name}</title></text>
      ${segments}
      <text class="bar-total" x=${x + GAP / 2} y=${middle} dominant-baseline="central">${splitFigure(whole, split)}</text>
    </g>`;
  });
  return html`<svg class="chart bars-chart" role="img" aria-label=${t.bars(splitName(split))} width=${width} height=${height}
    viewBox="0 0 ${width} ${height}">${drawn}</svg>`;
}

interface Segment {
  readonly budget: (typeof BUDGETS)[number];
  readonly start: number;
  readonly end: number;
  readonly middle: number;
  readonly text: string;
}

/** At least a hair wide, with a gap to its neighbour where there is room for one. */
function segment({ budget, start, end, middle, text }: Segment): SVGTemplateResult {
  const width = Math.max(0.5, end - start - (end - start > 3 ? 1 : 0));
  const glyph = width > GLYPH + 6 ? `translate(${start + (width - GLYPH) / 2} ${middle - GLYPH / 2})` : '';
  return svg`<g class="bar-segment budget-${budget}">
    <rect x=${start} y=${middle - BAR / 2} width=${width} height=${BAR}></rect>
    ${glyph ? svg`<path class="bar-glyph" transform=${glyph} d=${GLYPH_PATHS[budget]}></path>` : nothing}
    <title>${text}</title>
  </g>`;
}
