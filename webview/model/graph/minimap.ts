import { type Camera, type Size, visible } from './camera';
import { boxColor, type Look } from './look';
import type { Scene } from './scene';

/** How the overview maps the scene to its own pixels: all of it, never larger than a fifth. */
export function minimapCamera(scene: Scene, size: Size): Camera {
  const inset = 6;
  const zoom = Math.min((size.width - 2 * inset) / Math.max(1, scene.width), (size.height - 2 * inset) / Math.max(1, scene.height), 0.2);
  return { zoom, x: scene.width / 2 - size.width / 2 / zoom, y: scene.height / 2 - size.height / 2 / zoom };
}

/** Boxes as plain blocks of their colour, and the part in sight as a frame. */
export function paintMinimap(context: CanvasRenderingContext2D, scene: Scene, look: Look, camera: Camera, view: Size, size: Size): void {
  const map = minimapCamera(scene, size);
  context.clearRect(0, 0, size.width, size.height);
  for (const placed of scene.boxes) {
    const { kind } = placed.box;
    if (kind === 'portIn' || kind === 'portOut') continue;
    context.globalAlpha = placed.open ? 0.15 : 0.65;
    context.fillStyle = kind === 'input' || kind === 'output' ? look.theme.description : boxColor(placed.box, look);
    const width = Math.max(1, placed.width * map.zoom);
    const height = Math.max(1, placed.height * map.zoom);
    context.fillRect((placed.x - map.x) * map.zoom, (placed.y - map.y) * map.zoom, width, height);
  }
  const seen = visible(camera, view);
  const left = Math.max(0.5, (seen.x - map.x) * map.zoom);
  const top = Math.max(0.5, (seen.y - map.y) * map.zoom);
  const right = Math.min(size.width - 0.5, (seen.x + seen.width - map.x) * map.zoom);
  const bottom = Math.min(size.height - 0.5, (seen.y + seen.height - map.y) * map.zoom);
  context.globalAlpha = 1;
  context.strokeStyle = look.theme.focus;
  context.lineWidth = 1;
  if (right > left && bottom > top) context.strokeRect(left, top, right - left, bottom - top);
}
