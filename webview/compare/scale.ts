import { maximumOf, minimumOf } from '../../src/data';

/** A linear axis: from values to pixels, with round ticks. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** About `count` steps of 1, 2 or 5 times a power of ten that hold every value, laid over `from`..`to` pixels. */
export function linearScale(values: readonly number[], from: number, to: number, count: number): Scale {
  const [least, most] = [minimumOf(values), maximumOf(values)];
  const range = most - least || Math.abs(most) || 1;
  const raw = range / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5].find((factor) => factor * power >= raw) ?? 10) * power;
  const below = Math.floor((least - range * 0.05) / step);
  const first = least >= 0 ? Math.max(0, below) : below;
  const last = Math.ceil((most + range * 0.05) / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  const [low, high] = [first * step, last * step];
  return { at: (value) => from + ((value - low) / (high - low)) * (to - from), ticks };
}

/** A point in the chart's own pixels, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The points that no other is at once cheaper (x) and better (y) than, cheapest first. */
export function paretoFront<P extends Point>(points: readonly P[], higherIsBetter = true): readonly P[] {
  const sign = higherIsBetter ? 1 : -1;
  let best = Number.NEGATIVE_INFINITY;
  return [...points]
    .sort((a, b) => a.x - b.x || sign * (b.y - a.y))
    .filter(({ y }) => {
      if (sign * y <= best) return false;
      best = sign * y;
      return true;
    });
}
