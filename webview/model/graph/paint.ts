import { type Camera, type Size, visible } from './camera';
import { type Item, intersects, type Paint, type PathItem, type RectItem, type TextItem } from './drawList';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Texts smaller than this on the screen are not drawn. */
const SMALLEST_TEXT = 4;
/** Boxes lower than this on the screen are plain blocks. */
const TINY = 4;

const fitted = new Map<string, string>();

/** The text, cut with an ellipsis to fit. Remembered, since measuring is slow. */
function fitText(context: Context, item: TextItem): string {
  const key = `${item.size}|${Math.round(item.maxWidth)}|${context.font}|${item.text}`;
  const known = fitted.get(key);
  if (known !== undefined) return known;
  const wide = (text: string) => context.measureText(text).width > item.maxWidth;
  let result = item.text;
  if (wide(result)) {
    let [low, high] = [0, result.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (wide(`${item.text.slice(0, middle)}\u2026`)) high = middle - 1;
      else low = middle;
    }
    result = `${item.text.slice(0, low).trimEnd()}\u2026`;
  }
  if (fitted.size > 20_000) fitted.clear();
  fitted.set(key, result);
  return result;
}

function fill(context: Context, paint: Paint): void {
  context.globalAlpha = paint.alpha ?? 1;
  context.fillStyle = paint.color;
}

function stroke(context: Context, paint: Paint, lineWidth: number): void {
  context.globalAlpha = paint.alpha ?? 1;
  context.strokeStyle = paint.color;
  context.lineWidth = lineWidth;
}

function paintRect(context: Context, item: RectItem, zoom: number): void {
  const { x, y, width, height } = item.bounds;
  const tiny = Math.min(width, height) * zoom < TINY;
  if (tiny || (item.radius * zoom <= 1 && !item.stroke)) {
    const paint = item.fill?.alpha === 0 ? item.stroke : (item.fill ?? item.stroke);
    if (!paint) return;
    fill(context, paint);
    context.fillRect(x, y, width, height);
    return;
  }
  context.beginPath();
  if (item.radius * zoom > 1) context.roundRect(x, y, width, height, item.radius);
  else context.rect(x, y, width, height);
  if (item.fill && item.fill.alpha !== 0) {
    fill(context, item.fill);
    context.fill();
  }
  if (item.stroke) {
    stroke(context, item.stroke, Math.max(item.lineWidth, item.lineWidth / zoom / 2));
    context.stroke();
  }
}

function trace(context: Context, item: PathItem): void {
  for (const [command, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] of item.steps) {
    if (command === 'M') context.moveTo(a, b);
    else if (command === 'L') context.lineTo(a, b);
    else if (command === 'C') context.bezierCurveTo(a, b, c, d, e, f);
    else context.closePath();
  }
}

/** Neighbouring lines of one style become one path: thousands of edges are then one call. */
class LineBatch {
  #style: { readonly paint: Paint; readonly width: number } | null = null;

  constructor(
    readonly context: Context,
    readonly zoom: number,
  ) {}

  add(item: PathItem, paint: Paint): void {
    const same =
      this.#style?.paint.color === paint.color && this.#style.paint.alpha === paint.alpha && this.#style.width === item.lineWidth;
    if (!same) {
      this.flush();
      this.#style = { paint, width: item.lineWidth };
      this.context.beginPath();
    }
    trace(this.context, item);
  }

  flush(): void {
    if (!this.#style) return;
    const { paint, width } = this.#style;
    stroke(this.context, paint, Math.max(width, width / this.zoom / 2));
    this.context.stroke();
    this.#style = null;
  }
}

function paintFilledPath(context: Context, item: PathItem, paint: Paint): void {
  context.beginPath();
  trace(context, item);
  fill(context, paint);
  context.fill();
}

function paintText(context: Context, item: TextItem, fontFamily: string): void {
  context.font = `${item.size}px ${fontFamily}`;
  context.textAlign = item.align;
  const shown = fitText(context, item);
  if (item.halo) {
    stroke(context, item.halo, 4);
    context.lineJoin = 'round';
    context.strokeText(shown, item.x, item.y);
  }
  fill(context, item.fill);
  context.fillText(shown, item.x, item.y);
}

/** Paints what is in sight; the context is in CSS pixels, `view` is its size. */
export function paint(context: Context, items: readonly Item[], camera: Camera, view: Size, fontFamily: string): void {
  const { zoom } = camera;
  const seen = visible(camera, view);
  context.save();
  context.scale(zoom, zoom);
  context.translate(-camera.x, -camera.y);
  const lines = new LineBatch(context, zoom);
  for (const item of items) {
    if (zoom < item.minZoom || !intersects(item.bounds, seen)) continue;
    if (item.kind === 'path' && !item.fill) {
      if (item.stroke) lines.add(item, item.stroke);
      continue;
    }
    lines.flush();
    if (item.kind === 'rect') paintRect(context, item, zoom);
    else if (item.kind === 'path' && item.fill) paintFilledPath(context, item, item.fill);
    else if (item.kind === 'text' && item.size * zoom >= SMALLEST_TEXT) paintText(context, item, fontFamily);
  }
  lines.flush();
  context.restore();
}
