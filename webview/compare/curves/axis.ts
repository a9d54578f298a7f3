/** From values to pixels, with the values that get a tick. */
export interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Where an axis begins and ends, in the measure's own unit. */
export interface AxisRange {
  readonly from: number;
  readonly to: number;
  /** Of the lowest and highest value, in pixels. */
  readonly low: number;
  readonly high: number;
}

/** A straight or logarithmic axis through a range; `ticks` are chosen by the caller. */
export function axis({ from, to, low, high }: AxisRange, logarithmic: boolean, ticks: readonly number[]): Axis {
  const place = logarithmic ? Math.log : (value: number) => value;
  const [start, end] = [place(from), place(to)];
  const length = end - start || 1;
  return { at: (value) => low + ((place(value) - start) / length) * (high - low), ticks };
}

/** From zero to a round step above the highest value. */
export function linearTicks(highest: number, count: number): readonly number[] {
  if (!(highest > 0)) return [0, 1];
  const raw = highest / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  const last = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: last + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Powers of ten, with 2 and 5 times them where the range is short, inside and next to the range. */
export function logTicks(lowest: number, highest: number): readonly number[] {
  const [from, to] = [Math.floor(Math.log10(lowest)), Math.ceil(Math.log10(highest))];
  const factors = to - from > 4 ? [1] : to - from > 2 ? [1, 3] : [1, 2, 5];
  const all: number[] = [];
  for (let power = from; power <= to; power++) for (const factor of factors) all.push(Number((factor * 10 ** power).toPrecision(12)));
  return all.filter((tick) => tick >= lowest && tick <= highest);
}

/** Those of the places that a label of this width can stand at without touching the one before. */
export function roomyTicks(ticks: readonly number[], at: (value: number) => number, width: (value: number) => number): readonly number[] {
  const kept: number[] = [];
  let taken = Number.NEGATIVE_INFINITY;
  for (const tick of ticks) {
    const half = width(tick) / 2;
    if (at(tick) - half < taken) continue;
    kept.push(tick);
    taken = at(tick) + half + 8;
  }
  return kept;
}
