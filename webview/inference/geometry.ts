import type { Place } from './query';

/** In image pixels unless said otherwise. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Width and height in the same unit. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest size with `image`'s aspect ratio that fits `room`, in whole pixels, at least 1. */
export function fitInto(image: Size, room: Size): Size {
  const scale = Math.min(room.width / image.width, room.height / image.height);
  return { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) };
}

/** A rectangle of the image (image pixels) in the pixels of a canvas of size `shown` that shows the whole image. */
export function toCanvas(part: Rectangle, image: Size, shown: Size): Rectangle {
  const sx = shown.width / image.width;
  const sy = shown.height / image.height;
  return { x: part.x * sx, y: part.y * sy, width: part.width * sx, height: part.height * sy };
}

/** Where `point` lies in `area`, in parts of it; `null` outside. */
export function placeIn(area: Rectangle, point: { readonly x: number; readonly y: number }): Place | null {
  const x = (point.x - area.x) / area.width;
  const y = (point.y - area.y) / area.height;
  return x >= 0 && y >= 0 && x < 1 && y < 1 ? { x, y } : null;
}

/** The rectangle of one cell of a grid that covers `area`. */
export function cellOf(area: Rectangle, rows: number, columns: number, row: number, column: number): Rectangle {
  const width = area.width / columns;
  const height = area.height / rows;
  return { x: area.x + column * width, y: area.y + row * height, width, height };
}

/** The centre of a cell as a place, the inverse of looking up the cell at a place. */
export function centreOf(rows: number, columns: number, row: number, column: number): Place {
  return { x: (column + 0.5) / columns, y: (row + 0.5) / rows };
}
