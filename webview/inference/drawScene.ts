import type { Rectangle, Size } from './geometry';
import { type ColorTable, heatPixels } from './heatPixels';
import type { Heat } from './query';

/** How heat is laid over a picture. */
export interface HeatStyle {
  readonly colors: ColorTable;
  /** 0 to 1. */
  readonly opacity: number;
  /** Bilinear between the cells' centres instead of one colour per cell. */
  readonly smooth: boolean;
}

/** Everything one picture shows. Rectangles and sizes in CSS pixels. */
export interface Scene {
  readonly size: Size;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  /** Fills the picture; `null` for heat on its own, which is then drawn opaque. */
  readonly image: ImageBitmap | null;
  /** Where the heat lies: what the network saw of the image. */
  readonly seen: Rectangle;
  /** Colour of the veil over the rest of the image, 0.6 opaque. */
  readonly veil: string;
  readonly heat: Heat | null;
  readonly style: HeatStyle;
  /** Outlined cell and its inner colour. */
  readonly cell: { readonly area: Rectangle; readonly color: string } | null;
}

/** An image enlarged this much shows its pixels instead of a blur. */
const SHOW_PIXELS_FROM = 3;
/** Smooth heat is computed for at most so many pixels a side and enlarged from there. */
const SMOOTH_EDGE = 384;

/** Sets the canvas's size and draws the scene. */
export function drawScene(canvas: HTMLCanvasElement | OffscreenCanvas, scene: Scene): void {
  canvas.width = Math.max(1, Math.round(scene.size.width * scene.ratio));
  canvas.height = Math.max(1, Math.round(scene.size.height * scene.ratio));
  // Both kinds of canvas answer `2d` with the same drawing interface; their types share no name for it.
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | null;
  if (!context) return;
  context.scale(canvas.width / scene.size.width, canvas.height / scene.size.height);
  if (scene.image) drawImage(context, scene.image, scene.size);
  if (scene.image && scene.heat) fadeColors(context, scene);
  if (scene.image) drawVeil(context, scene);
  if (scene.heat) drawHeat(context, scene, scene.heat);
  if (scene.cell) drawCell(context, scene.cell.area, scene.cell.color);
}

function drawImage(context: CanvasRenderingContext2D, image: ImageBitmap, size: Size): void {
  context.imageSmoothingEnabled = size.width / image.width < SHOW_PIXELS_FROM;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, size.width, size.height);
}

/** Takes half of the image's own colour away under the heat, so that the heat's colours can be read; what is bright stays bright. */
function fadeColors(context: CanvasRenderingContext2D, { seen, style }: Scene): void {
  context.save();
  context.globalCompositeOperation = 'saturation';
  context.globalAlpha = 0.5 * style.opacity;
  context.fillStyle = '#808080';
  context.fillRect(seen.x, seen.y, seen.width, seen.height);
  context.restore();
}

/** Dims what the network did not see. */
function drawVeil(context: CanvasRenderingContext2D, { size, seen, veil }: Scene): void {
  context.save();
  context.beginPath();
  context.rect(0, 0, size.width, size.height);
  context.rect(seen.x, seen.y, seen.width, seen.height);
  context.globalAlpha = 0.6;
  context.fillStyle = veil;
  context.fill('evenodd');
  context.restore();
}

function drawHeat(context: CanvasRenderingContext2D, scene: Scene, heat: Heat): void {
  const { seen, style, ratio } = scene;
  const shown = { width: Math.max(1, Math.round(seen.width * ratio)), height: Math.max(1, Math.round(seen.height * ratio)) };
  const cells = !style.smooth && heat.columns <= shown.width && heat.rows <= shown.height;
  const shrink = Math.min(1, SMOOTH_EDGE / Math.max(shown.width, shown.height));
  const size = cells
    ? { width: heat.columns, height: heat.rows }
    : { width: Math.max(1, Math.round(shown.width * shrink)), height: Math.max(1, Math.round(shown.height * shrink)) };
  const pixels = heatPixels(heat, size, style.colors, !cells, scene.image !== null);
  const layer = new OffscreenCanvas(size.width, size.height);
  layer.getContext('2d')?.putImageData(new ImageData(pixels, size.width, size.height), 0, 0);
  context.save();
  context.globalAlpha = scene.image ? style.opacity : 1;
  context.imageSmoothingEnabled = !cells;
  context.drawImage(layer, seen.x, seen.y, seen.width, seen.height);
  context.restore();
}

/** A light and a dark line together stand out on any image. */
function drawCell(context: CanvasRenderingContext2D, area: Rectangle, color: string): void {
  const inset = (by: number) => [area.x + by, area.y + by, area.width - 2 * by, area.height - 2 * by] as const;
  context.lineWidth = 1;
  context.strokeStyle = 'rgb(0 0 0 / 80%)';
  context.strokeRect(...inset(-0.5));
  context.lineWidth = 2;
  context.strokeStyle = color;
  context.strokeRect(...inset(1));
}
