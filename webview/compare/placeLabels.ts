/** A box in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A point in pixels with the width of the label that belongs to it. */
export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  /** Of the label's text. */
  readonly width: number;
}

/** Half of a marker, and least distance between two labels, pixels. */
const MARKER = 6;
const APART = 2;
/** In pixels. */
export const LABEL_HEIGHT = 14;
const RINGS = [0, 14, 28, 44, 62];

/**
 * Places for labels beside their points such that no label touches another, a
 * marker or the edge: right, left, above, below, then farther out. `null`
 * where there is no such place.
 */
export function placeLabels(points: readonly LabelledPoint[], bounds: Box): readonly (Box | null)[] {
  const taken: Box[] = points.map(({ x, y }) => ({ left: x - MARKER, top: y - MARKER, width: 2 * MARKER, height: 2 * MARKER }));
  return points.map((point) => {
    const free = candidates(point).find((box) => inside(box, bounds) && !taken.some((other) => touch(box, other)));
    if (free) taken.push(free);
    return free ?? null;
  });
}

function candidates({ x, y, width }: LabelledPoint): readonly Box[] {
  const box = (left: number, middle: number): Box => ({ left, top: middle - LABEL_HEIGHT / 2, width, height: LABEL_HEIGHT });
  const side = MARKER + APART + 1;
  return RINGS.flatMap((ring) => [
    box(x + side + ring / 2, y + ring),
    box(x + side + ring / 2, y - ring),
    box(x - side - ring / 2 - width, y + ring),
    box(x - side - ring / 2 - width, y - ring),
    box(x - width / 2, y - side - LABEL_HEIGHT / 2 - ring),
    box(x - width / 2, y + side + LABEL_HEIGHT / 2 + ring),
  ]);
}

function inside(box: Box, bounds: Box): boolean {
  return (
    box.left >= bounds.left &&
    box.top >= bounds.top &&
    box.left + box.width <= bounds.left + bounds.width &&
    box.top + box.height <= bounds.top + bounds.height
  );
}

/** True where two boxes overlap or stand closer than `APART`. */
export function touch(a: Box, b: Box): boolean {
  return (
    a.left < b.left + b.width + APART &&
    b.left < a.left + a.width + APART &&
    a.top < b.top + b.height + APART &&
    b.top < a.top + a.height + APART
  );
}
