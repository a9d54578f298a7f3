import type { Rect } from './camera';
import { chevronArea } from './drawBoxes';
import type { Scene, SceneBox } from './scene';

/** True for a point within the rectangle or on its edge. */
export function contains({ x, y, width, height }: Rect, px: number, py: number): boolean {
  return px >= x && px <= x + width && py >= y && py <= y + height;
}

/** Ports are small: they are hit a little beside them too. */
const SLACK = 4;

/** The innermost box under a point of the scene. Frames come before their contents, so the last hit counts. */
export function boxAt(scene: Scene, x: number, y: number): SceneBox | null {
  for (let index = scene.boxes.length - 1; index >= 0; index--) {
    const placed = scene.boxes[index];
    if (!placed) continue;
    const port = placed.box.kind === 'portIn' || placed.box.kind === 'portOut';
    const slack = port ? SLACK : 0;
    const area = { x: placed.x - slack, y: placed.y - slack, width: placed.width + 2 * slack, height: placed.height + 2 * slack };
    if (contains(area, x, y)) return placed;
  }
  return null;
}

/** True where the point is on the box's chevron, which opens and closes it with a single click. */
export function onChevron(placed: SceneBox, x: number, y: number): boolean {
  const area = chevronArea(placed);
  return area !== null && contains(area, x, y);
}
