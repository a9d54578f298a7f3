/** What of the scene is seen: screen = (world - (x, y)) * zoom. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** In pixels of the screen, or in the scene's units. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle by its upper left corner. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

const MIN_ZOOM = 0.01;
const MAX_ZOOM = 4;
const MARGIN = 24;
/** Below this zoom titles are hard to read. */
const READABLE = 0.7;

/** A zoom within what the buttons and the wheel allow. */
export function clampZoom(zoom: number): number {
  return Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));
}

/** Everything in sight and in the middle, never larger than life; a tall graph starts at its top. */
export function fitScene(scene: Size, view: Size): Camera {
  const zoom = clampZoom(
    Math.min(1, (view.width - 2 * MARGIN) / Math.max(1, scene.width), (view.height - 2 * MARGIN) / Math.max(1, scene.height)),
  );
  return centerOn({ x: 0, y: 0, width: scene.width, height: scene.height }, view, zoom);
}

/** How a model is first seen: its top in the middle, all of it where that is readable, else as wide as fits. */
export function firstLook(scene: Size, view: Size): Camera {
  const whole = fitScene(scene, view).zoom;
  const wide = (view.width - 2 * MARGIN) / Math.max(1, scene.width);
  const zoom = whole >= READABLE ? whole : Math.min(1, Math.max(READABLE, wide));
  return { zoom, x: scene.width / 2 - view.width / 2 / zoom, y: -MARGIN / zoom };
}

/** The camera that has the middle of `rect` in the middle of the view. */
export function centerOn(rect: Rect, view: Size, zoom: number): Camera {
  return { zoom, x: rect.x + rect.width / 2 - view.width / 2 / zoom, y: rect.y + rect.height / 2 - view.height / 2 / zoom };
}

/** The same camera in a view of another width: what was in the middle stays there, what was at the top too. */
export function keepMiddle(camera: Camera, before: Size, after: Size): Camera {
  return { ...camera, x: camera.x + (before.width - after.width) / 2 / camera.zoom };
}

/** Zooms so that the point of the screen stays over the same place of the scene. */
export function zoomAt(camera: Camera, screenX: number, screenY: number, factor: number): Camera {
  const zoom = clampZoom(camera.zoom * factor);
  return { zoom, x: camera.x + screenX / camera.zoom - screenX / zoom, y: camera.y + screenY / camera.zoom - screenY / zoom };
}

/** The camera moved by pixels of the screen. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom };
}

/** The part of the scene in sight. */
export function visible(camera: Camera, view: Size): Rect {
  return { x: camera.x, y: camera.y, width: view.width / camera.zoom, height: view.height / camera.zoom };
}

/** The least move that brings the rectangle into sight with a margin; none when it is there already. */
export function bringIntoView(camera: Camera, rect: Rect, view: Size): Camera {
  const seen = visible(camera, view);
  const margin = MARGIN / camera.zoom;
  const along = (at: number, length: number, from: number, room: number) => {
    if (at >= from + margin && at + length <= from + room - margin) return from;
    if (length + 2 * margin > room) return at - margin;
    return at < from + margin ? at - margin : at + length + margin - room;
  };
  return { ...camera, x: along(rect.x, rect.width, seen.x, seen.width), y: along(rect.y, rect.height, seen.y, seen.height) };
}
