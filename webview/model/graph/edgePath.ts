import type { Route } from '../layout/types';
import type { Rect } from './camera';
import type { PathStep } from './drawList';

const CORNER = 8;
/** In scene units. */
export const ARROW_LENGTH = 7;
const ARROW_HALF = 4;

/** Smooth where it changes its column, straight along boxes; ends where the arrow head begins. */
function curve(points: readonly number[]): PathStep[] {
  const steps: PathStep[] = [['M', points[0] ?? 0, points[1] ?? 0]];
  for (let index = 2; index < points.length; index += 2) {
    const [x0 = 0, y0 = 0, x = 0, y = 0] = points.slice(index - 2, index + 2);
    const middle = (y0 + y) / 2;
    if (x0 === x) steps.push(['L', x, y]);
    else steps.push(['C', x0, middle, x, middle, x, y]);
  }
  return steps;
}

/** Straight runs with rounded corners. */
function lane(points: readonly number[]): PathStep[] {
  const steps: PathStep[] = [['M', points[0] ?? 0, points[1] ?? 0]];
  for (let index = 2; index < points.length; index += 2) {
    const [x0 = 0, y0 = 0, x = 0, y = 0] = points.slice(index - 2, index + 2);
    const [x2, y2] = points.slice(index + 2, index + 4);
    if (x2 === undefined || y2 === undefined) {
      steps.push(['L', x, y]);
      break;
    }
    const before = Math.hypot(x - x0, y - y0);
    const after = Math.hypot(x2 - x, y2 - y);
    const radius = Math.min(CORNER, before / 2, after / 2);
    const toward = (from: number, to: number, length: number) => (length === 0 ? to : to + ((from - to) * radius) / length);
    const [inX, inY] = [toward(x0, x, before), toward(y0, y, before)];
    const [outX, outY] = [toward(x2, x, after), toward(y2, y, after)];
    steps.push(['L', inX, inY], ['C', x, y, x, y, outX, outY]);
  }
  return steps;
}

/** The line of a route, shortened by `gap` so that it does not show through its arrow head. */
export function edgeSteps(route: Route, gap: number): PathStep[] {
  const points = [...route.points];
  const last = points.length - 1;
  points[last] = (points[last] ?? 0) - gap;
  return route.kind === 'lane' ? lane(points) : curve(points);
}

/** A filled triangle whose tip touches the top of the box. */
export function arrowSteps(route: Route): PathStep[] {
  const [x = 0, y = 0] = route.points.slice(-2);
  return [['M', x, y], ['L', x - ARROW_HALF, y - ARROW_LENGTH], ['L', x + ARROW_HALF, y - ARROW_LENGTH], ['Z']];
}

/** The rectangle around a route, with room for its arrow. */
export function routeBounds(route: Route): Rect {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < route.points.length; index += 2) {
    const x = route.points[index] ?? 0;
    const y = route.points[index + 1] ?? 0;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left - ARROW_HALF, y: top, width: right - left + 2 * ARROW_HALF, height: bottom - top };
}
