import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { BUDGETS } from '../../src/protocol';
import { GLYPH_PATHS } from '../common/glyphs';
import { shareOf } from './columns';
import { type Box, LABEL_HEIGHT, placeLabels } from './placeLabels';
import { linearScale, paretoFront } from './scale';
import { type ScatterState, scatterAxis } from './scatterAxes';
import type { Row } from './store';
import { t } from './strings';
import { textWidth } from './text';

const HEIGHT = 320;
const MARGIN = { left: 44, right: 28, top: 12, bottom: 48 };
const MARKER = 10;
const MAX_NAMED = 60;

interface Plotted {
  readonly row: Row;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Where most of the multiply-adds go. */
  readonly budget: (typeof BUDGETS)[number];
}

/** The models of which both figures are known. */
export function plotted(rows: readonly Row[], { of, by }: ScatterState): readonly Plotted[] {
  const [up, right] = [scatterAxis(of), scatterAxis(by)];
  return rows.flatMap((row) => {
    if (row.counted.status !== 'ready') return [];
    const { figures } = row.counted;
    const [x, y] = [right.value(figures), up.value(figures)];
    if (x === null || y === null) return [];
    const [largest = 'other'] = [...BUDGETS].sort((a, b) => shareOf(figures, b, 'macs') - shareOf(figures, a, 'macs'));
    return [{ row, x, y, text: `${row.model.name}: ${up.format(y)}, ${right.format(x)}`, budget: largest }];
  });
}

/** What the scatter chart is drawn from. */
export interface ScatterOptions {
  readonly points: readonly Plotted[];
  readonly axes: ScatterState;
  readonly width: number;
  readonly onOpen: (row: Row) => void;
}

/** One figure against another; a dashed line joins the Pareto front. */
export function scatterChart({ points, axes, width, onOpen }: ScatterOptions): TemplateResult {
  const [upwards, rightwards] = [scatterAxis(axes.of), scatterAxis(axes.by)];
  const right = width - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = linearScale(
    points.map((point) => point.x),
    MARGIN.left,
    right,
    Math.max(2, width / 120),
  );
  const y = linearScale(
    points.map((point) => point.y),
    bottom,
    MARGIN.top,
    5,
  );
  const placed = points.map((point) => ({ point, x: x.at(point.x), y: y.at(point.y), width: textWidth(point.row.model.name) }));
  const bounds = { left: MARGIN.left, top: 0, width: width - MARGIN.left, height: bottom };
  const best = paretoFront(points, upwards.higherIsBetter);
  const front = best.map((point) => `${x.at(point.x)},${y.at(point.y)}`);
  // Of very many only those on the front are named; the others' names are their tooltips.
  const named = placed.filter(({ point }) => placed.length <= MAX_NAMED || best.includes(point));
  const labels = new Map(placeLabels(named, bounds).map((label, index) => [named[index], label]));
  const title = t.scatter(upwards.label, rightwards.label);
  return html`<svg class="chart scatter-chart" role="img" aria-label=${title} width=${width} height=${HEIGHT}
    viewBox="0 0 ${width} ${HEIGHT}">
    ${y.ticks.map(
      (tick) => svg`<line class="grid" x1=${MARGIN.left} x2=${right} y1=${y.at(tick)} y2=${y.at(tick)}></line>
        <text class="tick" x=${MARGIN.left - 8} y=${y.at(tick)} text-anchor="end" dominant-baseline="central">${upwards.tick(tick)}</text>`,
    )}
    ${x.ticks.map((tick) => svg`<text class="tick" x=${x.at(tick)} y=${bottom + 22} text-anchor="middle">${rightwards.tick(tick)}</text>`)}
    <text class="tick" x=${(MARGIN.left + right) / 2} y=${HEIGHT - 6} text-anchor="middle">${rightwards.label}</text>
    <polyline class="front" points=${front.join(' ')}></polyline>
    ${placed.map((at) => marker(at, labels.get(at) ?? null, onOpen))}
  </svg>`;
}

interface Placed {
  readonly point: Plotted;
  readonly x: number;
  readonly y: number;
}

function marker({ point, x, y }: Placed, label: Box | null, onOpen: (row: Row) => void): SVGTemplateResult {
  const far = label && Math.abs(label.top + LABEL_HEIGHT / 2 - y) > LABEL_HEIGHT + 4;
  const nearest = label ? Math.min(Math.max(x, label.left), label.left + label.width) : x;
  return svg`<g class="scatter-point budget-${point.budget}" data-model=${point.row.model.name} @click=${() => onOpen(point.row)}>
    ${far && label ? svg`<line class="leader" x1=${x} y1=${y} x2=${nearest} y2=${label.top + (label.top > y ? 0 : LABEL_HEIGHT)}></line>` : nothing}
    <path transform="translate(${x - MARKER / 2} ${y - MARKER / 2})" d=${GLYPH_PATHS[point.budget]}></path>
    ${
      label
        ? svg`<text class="point-name" x=${label.left} y=${label.top + LABEL_HEIGHT / 2} dominant-baseline="central">${point.row.model.name}</text>`
        : nothing
    }
    <title>${point.text}</title>
  </g>`;
}
