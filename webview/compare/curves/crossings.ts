import type { Crossing, Curve, CurvePoint } from './types';

/** Halvings of an interval: enough for a thousandth of any distance between two sizes. */
const HALVINGS = 40;

/**
 * Value between two counted points. Costs grow as powers of the size, so a
 * power of it goes through both points; a straight line where one is zero.
 */
function between(a: CurvePoint, b: CurvePoint, x: number): number {
  if (a.y <= 0 || b.y <= 0 || a.x <= 0) return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
  return a.y * (x / a.x) ** (Math.log(b.y / a.y) / Math.log(b.x / a.x));
}

/** Value of one piece of a curve at `x`, or `null` outside of it. */
function valueAt(piece: readonly CurvePoint[], x: number): number | null {
  for (const [index, point] of piece.entries()) {
    if (point.x === x) return point.y;
    const before = piece[index - 1];
    if (point.x > x) return before ? between(before, point, x) : null;
  }
  return null;
}

/** Every place where one curve gives way to another, from the smallest size up. */
export function crossings(curves: readonly Curve[]): readonly Crossing[] {
  const found = curves.flatMap((a, index) => curves.slice(index + 1).flatMap((b) => crossingsOf(a, b)));
  return found.sort((left, right) => left.x - right.x);
}

/** Where two curves change places; a touch, or running together, is no crossing. */
export function crossingsOf(a: Curve, b: Curve): readonly Crossing[] {
  return a.pieces.flatMap((left) => b.pieces.flatMap((right) => ofPieces({ a, b, left, right })));
}

interface Pair {
  readonly a: Curve;
  readonly b: Curve;
  readonly left: readonly CurvePoint[];
  readonly right: readonly CurvePoint[];
}

function ofPieces(pair: Pair): readonly Crossing[] {
  const { left, right } = pair;
  const xs = [...new Set([...left, ...right].map(({ x }) => x))].sort((one, other) => one - other);
  const differences = xs.flatMap((x) => {
    const [first, second] = [valueAt(left, x), valueAt(right, x)];
    return first === null || second === null ? [] : [{ x, difference: first - second }];
  });
  const found: Crossing[] = [];
  let last: { x: number; sign: number } | null = null;
  for (const { x, difference } of differences) {
    const sign = Math.sign(difference);
    if (sign === 0) continue;
    if (last && last.sign !== sign) found.push(crossing(pair, last.sign, [last.x, x]));
    last = { x, sign };
  }
  return found;
}

function crossing({ a, b, left, right }: Pair, sign: number, bracket: readonly [number, number]): Crossing {
  let [low, high] = bracket;
  for (let turn = 0; turn < HALVINGS; turn++) {
    const middle = (low + high) / 2;
    const difference = (valueAt(left, middle) ?? 0) - (valueAt(right, middle) ?? 0);
    if (difference === 0) [low, high] = [middle, middle];
    else if (Math.sign(difference) === sign) low = middle;
    else high = middle;
  }
  const x = (low + high) / 2;
  const [below, above] = sign < 0 ? [a, b] : [b, a];
  return { below, above, x, y: valueAt(left, x) ?? 0, between: bracket };
}

/**
 * The size to count next to find a crossing more exactly: a multiple of `step` strictly inside its
 * bracket, near to where it seems to be; `null` where there is none that was not tried.
 */
export function nextSize({ x, between: [low, high] }: Crossing, step: number, tried: (size: number) => boolean): number | null {
  const first = Math.floor(low / step) * step + step;
  const candidates: number[] = [];
  for (let size = first; size < high && candidates.length < 4096; size += step) candidates.push(size);
  const near = candidates.filter((size) => !tried(size)).sort((a, b) => Math.abs(a - x) - Math.abs(b - x));
  return near[0] ?? null;
}

/** Points along a piece, close enough for a smooth line. */
export function smooth(piece: readonly CurvePoint[], steps: number): readonly CurvePoint[] {
  return piece.flatMap((point, index) => {
    const next = piece[index + 1];
    if (!next) return [point];
    return Array.from({ length: steps }, (_, step) => {
      const x = point.x + ((next.x - point.x) * step) / steps;
      return { x, y: step === 0 ? point.y : between(point, next, x) };
    });
  });
}
