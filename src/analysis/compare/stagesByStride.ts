import { maximumOf } from '../../data';
import { traitsOf } from '../blocks/kinds';
import type { StageKey } from './stageKey';
import type { ImagePositions, Unit } from './stageUnits';

/**
 * Keys of the units of an image model, or `null` where no feature map is seen.
 * Strides are followed from one map to the next, each step rounded to a whole
 * factor, so that 300, 150, 75, 38, 19, 10 pixels are strides 1 to 32 and a
 * class token more changes nothing.
 */
export function cutByStride(units: readonly Unit[], image: ImagePositions): readonly StageKey[] | null {
  const strides = followStrides(units, image);
  const known = strides.flatMap((stride, at) => (stride === null ? [] : [at]));
  const [last] = known.slice(-1);
  if (last === undefined) return null;
  const deepest = maximumOf(strides.map((stride) => stride ?? 0));
  const turn = strides.indexOf(deepest);
  const stem = stemEnd(units);
  let current: StageKey | null = null;
  const keys = units.map(({ block }, at): StageKey | null => {
    if (at <= stem) return { kind: 'stem', number: 0 };
    if (at > last || (block?.kind === 'head' && at >= turn)) return { kind: 'head', number: 0 };
    const stride = strides[at] ?? null;
    if (stride !== null) current = { kind: at > turn && stride < deepest ? 'upsampled' : 'stride', number: stride };
    return current;
  });
  // What stands before the first map belongs to it.
  const first = keys.find((key) => key !== null) ?? { kind: 'head', number: 0 };
  return keys.map((key) => key ?? first);
}

/** Place of the stem's or patch embedding's block, where the model begins with one; else -1. */
function stemEnd(units: readonly Unit[]): number {
  const first = units.findIndex(({ block }) => block !== null);
  return traitsOf(units[first]?.block?.kind ?? '').begins ? first : -1;
}

/** Stride after each unit; `null` where its output is no feature map. A pooled vector is none. */
function followStrides(units: readonly Unit[], { pixels, of }: ImagePositions): readonly (number | null)[] {
  let stride = 1;
  let positions = pixels;
  return units.map((unit) => {
    const now = of(unit);
    if (now === null || now <= 1) return null;
    const [down, up] = [Math.round(Math.sqrt(positions / now)), Math.round(Math.sqrt(now / positions))];
    if (down > 1) stride *= down;
    else if (up > 1) stride = Math.max(1, Math.round(stride / up));
    positions = now;
    return stride;
  });
}
