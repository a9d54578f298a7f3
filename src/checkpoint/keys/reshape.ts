import type { Key, KeyPair } from './key';
import { sameShape } from './key';

/**
 * Why two tensors of one name differ in shape, and what makes the first fit. `exact` ones move or cut elements and change
 * none; the others compute new ones, or begin anew.
 */
export type ReshapeReason =
  | { readonly kind: 'classes'; readonly exact: false; readonly from: number; readonly to: number }
  | {
      readonly kind: 'positionGrid';
      readonly exact: false;
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly extra: number;
    }
  | { readonly kind: 'relativePositions'; readonly exact: false; readonly from: number; readonly to: number }
  | { readonly kind: 'patch'; readonly exact: false; readonly from: readonly number[]; readonly to: readonly number[] }
  | { readonly kind: 'channels'; readonly exact: false; readonly from: number; readonly to: number }
  | { readonly kind: 'vocabulary'; readonly exact: false; readonly from: number; readonly to: number }
  | { readonly kind: 'view'; readonly exact: true }
  | { readonly kind: 'transpose'; readonly exact: true; readonly axes: readonly number[] }
  | { readonly kind: 'width'; readonly exact: false };

/** What makes the first of a pair fit the second; `null` where their shapes are equal. */
export function reshapeReason({ from, to, turned }: Pick<KeyPair, 'from' | 'to' | 'turned'>): ReshapeReason | null {
  if (turned) return { kind: 'transpose', exact: true, axes: [1, 0] };
  if (sameShape(from, to)) return null;
  return (
    view(from, to) ??
    transpose(from, to) ??
    positions(from, to) ??
    convolution(from, to) ??
    rows(from, to) ?? { kind: 'width', exact: false }
  );
}

/** Extents of 1 more or fewer: a Linear layer and a convolution of one point. */
function view({ shape: a }: Key, { shape: b }: Key): ReshapeReason | null {
  const [c, d] = [a, b].map((shape) => shape.filter((extent) => extent !== 1).join());
  return c === d ? { kind: 'view', exact: true } : null;
}

/** Orders of axes between frameworks: [in, out] and [out, in], HWIO and OIHW. */
const ORDERS: readonly (readonly number[])[] = [
  [1, 0],
  [3, 2, 0, 1],
  [2, 3, 1, 0],
  [2, 1, 0],
];

function transpose({ shape: a }: Key, { shape: b }: Key): ReshapeReason | null {
  for (const axes of ORDERS) {
    if (axes.length === a.length && a.length === b.length && axes.every((axis, place) => a[axis] === b[place]))
      return { kind: 'transpose', exact: true, axes };
  }
  return null;
}

/** Tables of offsets between places, not of places. */
const RELATIVE = /relative_position|rel_pos|relative_bias/;

function positions(from: Key, to: Key): ReshapeReason | null {
  if (from.kind !== 'position' && to.kind !== 'position' && !/pos/i.test(from.name)) return null;
  if (RELATIVE.test(from.name)) return null;
  const [a, b] = [from.shape, to.shape];
  // [1, tokens, width] or [tokens, width]: a grid of patches behind class and register tokens.
  if (a.length === b.length && (a.length === 2 || (a.length === 3 && a[0] === 1)) && a.at(-1) === b.at(-1)) {
    const [n = 0, m = 0] = [a.at(-2), b.at(-2)];
    for (const extra of [0, 1, 2, 5]) {
      const [side, other] = [Math.sqrt(n - extra), Math.sqrt(m - extra)];
      if (Number.isInteger(side) && Number.isInteger(other))
        return { kind: 'positionGrid', exact: false, from: [side, side], to: [other, other], extra };
    }
  }
  // [1, width, height, width] or [1, height, width, channels].
  if (a.length === 4 && b.length === 4 && a[0] === b[0]) {
    if (a[1] === b[1]) return { kind: 'positionGrid', exact: false, from: a.slice(2), to: b.slice(2), extra: 0 };
    if (a[3] === b[3]) return { kind: 'positionGrid', exact: false, from: a.slice(1, 3), to: b.slice(1, 3), extra: 0 };
  }
  return null;
}

function convolution({ shape: a }: Key, { shape: b }: Key): ReshapeReason | null {
  if (a.length < 4 || a.length !== b.length || a[0] !== b[0]) return null;
  if (a[1] === b[1]) return { kind: 'patch', exact: false, from: a.slice(2), to: b.slice(2) };
  if (a.slice(2).join() === b.slice(2).join()) return { kind: 'channels', exact: false, from: a[1] ?? 0, to: b[1] ?? 0 };
  return null;
}

/** Another number of rows: of classes, of tokens, or of offsets between places of a window. */
function rows(from: Key, to: Key): ReshapeReason | null {
  const [a, b] = [from.shape, to.shape];
  if (a.length === 0 || a.length !== b.length || a.slice(1).join() !== b.slice(1).join()) return null;
  const [n = 0, m = 0] = [a[0], b[0]];
  if (RELATIVE.test(from.name)) return { kind: 'relativePositions', exact: false, from: n, to: m };
  if (from.kind === 'classifier' || to.kind === 'classifier') return { kind: 'classes', exact: false, from: n, to: m };
  if (from.kind === 'embedding') return { kind: 'vocabulary', exact: false, from: n, to: m };
  return null;
}
