import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { maximumOf, minimumOf } from '../../../src/data';
import { fitText, textWidth } from '../text';
import { type Axis, axis, linearTicks, logTicks, roomyTicks } from './axis';
import { smooth } from './crossings';
import { spreadLabels } from './labels';
import { lookOf } from './look';
import type { MeasureLook } from './measures';
import type { DrawnCurve } from './series';
import { t } from './strings';
import type { Crossing, CurvePoint } from './types';

/** Pixels. */
const HEIGHT = 320;
const TOP = 12;
const BOTTOM = 48;
const RIGHT = 8;
const LABEL_HEIGHT = 16;
const LABEL_GAP = 22;
const MARKER = 8;
const RING = 5;
/** Factor between the outermost points and the ends of a logarithmic axis. */
const LOG_ROOM = 1.1;
/** Steps of the drawn line between two counted sizes. */
const SMOOTHNESS = 12;

/** What the chart of curves is drawn from. */
export interface CurvesChart {
  readonly label: string;
  readonly curves: readonly DrawnCurve[];
  readonly crossings: readonly { readonly at: Crossing; readonly text: string }[];
  readonly look: MeasureLook;
  readonly logarithmic: boolean;
  /** Ticks of the size axis. */
  readonly sizes: readonly number[];
  readonly axisTitle: string;
  readonly width: number;
}

/** Lines over the size, each named at its end, with a ring where two cross. */
export function curvesChart(options: CurvesChart): TemplateResult {
  const { curves, crossings, width, look, label, axisTitle } = options;
  const height = Math.max(HEIGHT, TOP + BOTTOM + curves.length * LABEL_HEIGHT);
  const frame = layout(options, height);
  const { x, y, left, right, bottom } = frame;
  return html`<svg class="chart curves-chart" role="img" aria-label=${label} width=${width} height=${height} viewBox="0 0 ${width} ${height}">
    ${y.ticks.map(
      (tick) => svg`<line class="grid" x1=${left} x2=${right} y1=${y.at(tick)} y2=${y.at(tick)}></line>
        <text class="tick" x=${left - 8} y=${y.at(tick)} text-anchor="end" dominant-baseline="central">${tickText(tick, look)}</text>`,
    )}
    ${x.ticks.map((tick) => svg`<text class="tick" x=${x.at(tick)} y=${bottom + 22} text-anchor="middle">${tick}</text>`)}
    <text class="tick" x=${(left + right) / 2} y=${height - 6} text-anchor="middle">${axisTitle}</text>
    ${curves.map((curve, index) => line(curve, frame, look, frame.labels[index] ?? 0))}
    ${crossings.map(
      ({ at, text }) => svg`<circle class="crossing" cx=${x.at(at.x)} cy=${y.at(at.y)} r=${RING}><title>${text}</title></circle>`,
    )}
  </svg>`;
}

interface Frame {
  readonly x: Axis;
  readonly y: Axis;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** Middle of each curve's label. */
  readonly labels: readonly number[];
  readonly labelWidth: number;
}

function layout({ curves, look, logarithmic, sizes, width }: CurvesChart, height: number): Frame {
  const points = curves.flatMap(({ marks }) => marks);
  const values = points.map(({ y }) => y);
  const [least, most] = [minimumOf(values), maximumOf(values)];
  const log = logarithmic && !look.share;
  const yTicks = log ? logTicks(least / LOG_ROOM, most * LOG_ROOM) : linearTicks(most, 5);
  const yRange = log ? { from: least / LOG_ROOM, to: most * LOG_ROOM } : { from: 0, to: yTicks.at(-1) ?? 1 };
  const bottom = height - BOTTOM;
  const labelWidth = Math.min(
    width * 0.3,
    maximumOf(
      curves.map(({ name }) => textWidth(name)),
      0,
    ) + 2,
  );
  const left = maximumOf(yTicks.map((tick) => textWidth(tickText(tick, look)))) + 16;
  const right = width - RIGHT - labelWidth - LABEL_GAP;
  const y = axis({ ...yRange, low: bottom, high: TOP }, log, yTicks);
  const xs = points.map((point) => point.x);
  const range = { from: minimumOf(xs), to: maximumOf(xs), low: left + MARKER, high: right - MARKER };
  const x = axis(range, logarithmic, []);
  const inside = sizes.filter((size) => size >= range.from && size <= range.to);
  const ticks = roomyTicks(inside, x.at, (size) => textWidth(String(size)));
  const wished = curves.map(({ marks }) => y.at(marks.at(-1)?.y ?? 0));
  const labels = spreadLabels(wished, LABEL_HEIGHT, TOP - LABEL_HEIGHT / 2, bottom + LABEL_HEIGHT / 2);
  return { x: { at: x.at, ticks }, y, left, right, bottom, labels, labelWidth };
}

function line(curve: DrawnCurve, frame: Frame, look: MeasureLook, labelAt: number): SVGTemplateResult | typeof nothing {
  const { x, y, right, labelWidth } = frame;
  const end = curve.marks.at(-1);
  if (!end) return nothing;
  const { className, dash, marker } = lookOf(curve);
  const place = (point: CurvePoint) => `${x.at(point.x).toFixed(1)},${y.at(point.y).toFixed(1)}`;
  const text = right + LABEL_GAP;
  const far = right - x.at(end.x) > 2 * MARKER;
  return svg`<g class="curve ${className}" data-curve=${curve.name}>
    ${curve.pieces.map((piece) => svg`<polyline class="curve-line" stroke-dasharray=${dash || nothing} points=${smooth(piece, SMOOTHNESS).map(place).join(' ')}></polyline>`)}
    ${curve.marks.map(
      (
        mark,
      ) => svg`<path class="curve-mark" transform="translate(${x.at(mark.x) - MARKER / 2} ${y.at(mark.y) - MARKER / 2}) scale(${MARKER / 10})" d=${marker}
        ><title>${t.point(curve.name, String(mark.x), look.format(mark.y))}</title></path>`,
    )}
    <line class="leader ${far ? 'far' : ''}" x1=${x.at(end.x) + MARKER} x2=${text - 4} y1=${y.at(end.y)} y2=${labelAt}></line>
    <text class="curve-name" x=${text} y=${labelAt} dominant-baseline="central">${fitText(curve.name, labelWidth)}<title>${curve.name}</title></text>
  </g>`;
}

/** `2.5 G` rather than `2.50 GMACs`: the unit stands in the title. */
function tickText(value: number, { format }: MeasureLook): string {
  if (value === 0) return '0';
  const text = format(value).replace(/(MACs|FLOPs)$/, '');
  return text.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');
}
