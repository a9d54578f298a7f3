import { nothing, type SVGTemplateResult, svg } from 'lit';
import { BUDGETS, type Budget, type Figures } from '../../src/protocol';
import { formatShare } from '../common/format';
import { budgetName, GLYPH_PATHS } from '../common/glyphs';
import { splitFigure } from './columns';
import { t } from './strings';
import type { Split } from './viewState';

/** Pixels. */
const GLYPH = 10;

/** A bar of budgets, one behind the other. */
export interface StackOptions {
  /** Whose figures they are, for tooltips. */
  readonly name: string;
  readonly budget: Readonly<Record<Budget, Figures>>;
  readonly split: Split;
  readonly left: number;
  readonly top: number;
  readonly height: number;
  /** Of the whole bar. */
  readonly length: number;
  /** Wraps the rectangle of one budget. */
  readonly part: (budget: Budget, text: string, drawn: SVGTemplateResult) => SVGTemplateResult;
}

/** A bar cut into the four budgets; what is 0 is left out. */
export function stack({ name, budget, split, left, top, height, length, part }: StackOptions): readonly SVGTemplateResult[] {
  const whole = BUDGETS.reduce((sum, one) => sum + Number(budget[one][split]), 0);
  let x = left;
  return BUDGETS.flatMap((one) => {
    const figure = budget[one][split];
    const share = whole === 0 ? 0 : Number(figure) / whole;
    if (share === 0) return [];
    const start = x;
    x += length * share;
    const text = t.segment(name, budgetName(one), formatShare(share), splitFigure(figure, split));
    return [part(one, text, rectangle(one, { start, end: x, top, height }))];
  });
}

interface Extent {
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly height: number;
}

/** At least a hair wide, with a gap to its neighbour where there is room for one. */
function rectangle(budget: Budget, { start, end, top, height }: Extent): SVGTemplateResult {
  const width = Math.max(0.5, end - start - (end - start > 3 ? 1 : 0));
  const glyph = width > GLYPH + 6 ? `translate(${start + (width - GLYPH) / 2} ${top + (height - GLYPH) / 2})` : '';
  return svg`<rect x=${start} y=${top} width=${width} height=${height}></rect>
    ${glyph ? svg`<path class="bar-glyph" transform=${glyph} d=${GLYPH_PATHS[budget]}></path>` : nothing}`;
}
