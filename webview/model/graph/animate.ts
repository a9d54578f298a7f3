import type { Scene, SceneBox } from './scene';

/** How long boxes take from their old places to their new ones. */
export const DURATION_MS = 120;
/** Larger scenes change at once: what cannot be followed by eye needs no animation. */
const MOST_BOXES = 2000;

/** True where both scenes are small enough for an eye to follow. */
export function canAnimate(before: Scene, after: Scene): boolean {
  return before.boxes.length > 0 && before.boxes.length + after.boxes.length < MOST_BOXES;
}

/** A scene between two: boxes that are in both move, new ones grow out of their group, edges wait for the end. */
export function between(before: Scene, after: Scene, part: number, shift: { readonly x: number; readonly y: number }): Scene {
  const eased = 1 - (1 - part) ** 3;
  const from = (placed: SceneBox): SceneBox | undefined => {
    const known = before.boxes[before.index.get(placed.key) ?? -1];
    if (known) return known;
    const group = before.boxes[before.index.get(placed.group) ?? -1];
    return group && { ...placed, x: group.x + group.width / 2 - placed.width / 2, y: group.y };
  };
  const mix = (a: number, b: number) => a + (b - a) * eased;
  const boxes = after.boxes.map((placed) => {
    const start = from(placed);
    if (!start) return placed;
    return {
      ...placed,
      x: mix(start.x + shift.x, placed.x),
      y: mix(start.y + shift.y, placed.y),
      width: mix(start.width, placed.width),
      height: mix(start.height, placed.height),
    };
  });
  return { ...after, boxes, edges: [] };
}
