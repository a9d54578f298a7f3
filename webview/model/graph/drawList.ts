import { shortened, visible } from '../../../src/text';
import type { Rect } from './camera';

/** Path steps: `['M', x, y]`, `['L', x, y]`, `['C', x1, y1, x2, y2, x, y]`, `['Z']`, as in SVG. */
export type PathStep = readonly [command: 'M' | 'L' | 'C' | 'Z', ...numbers: number[]];

/** A colour with the share of it that covers what is below. */
export interface Paint {
  readonly color: string;
  readonly alpha?: number;
}

interface ItemBase {
  /** What the item covers, for leaving out what is not in sight. */
  readonly bounds: Rect;
  /** Not drawn below this zoom, where it would be a smudge. */
  readonly minZoom: number;
}

/** A rectangle to fill and stroke. */
export interface RectItem extends ItemBase {
  readonly kind: 'rect';
  readonly radius: number;
  readonly fill?: Paint;
  readonly stroke?: Paint;
  readonly lineWidth: number;
}

/** A line, open or filled. */
export interface PathItem extends ItemBase {
  readonly kind: 'path';
  readonly steps: readonly PathStep[];
  readonly fill?: Paint;
  readonly stroke?: Paint;
  readonly lineWidth: number;
}

/** A line of text; its bounds are where it may stand. */
export interface TextItem extends ItemBase {
  readonly kind: 'text';
  readonly text: string;
  /** Anchor on the baseline. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly align: 'left' | 'center' | 'right';
  readonly fill: Paint;
  /** Longer texts are cut with an ellipsis. */
  readonly maxWidth: number;
  /** Drawn behind the text so that lines do not run through it. */
  readonly halo?: Paint;
}

/** Characters of a text that is drawn; no box is as wide. */
const LONGEST = 300;

/** Something that canvas and SVG draw alike. */
export type Item = RectItem | PathItem | TextItem;

/** A rectangle, with square corners and lines 1 wide unless `style` says otherwise; without a fill or stroke it draws nothing. */
export function rect(bounds: Rect, style: Partial<Omit<RectItem, 'kind' | 'bounds'>>): RectItem {
  return { kind: 'rect', bounds, radius: 0, lineWidth: 1, minZoom: 0, ...style };
}

/** A path, with lines 1 wide unless `style` says otherwise; `bounds` decide whether it is in sight. */
export function path(bounds: Rect, steps: readonly PathStep[], style: Partial<Omit<PathItem, 'kind' | 'bounds' | 'steps'>>): PathItem {
  return { kind: 'path', bounds, steps, lineWidth: 1, minZoom: 0, ...style };
}

/** A text on the baseline `at.y`, made visible and cut; it takes `at.maxWidth` at most. */
export function text(
  content: string,
  at: { readonly x: number; readonly y: number; readonly size: number; readonly maxWidth: number; readonly align?: TextItem['align'] },
  fill: Paint,
  style: { readonly minZoom?: number; readonly halo?: Paint } = {},
): TextItem {
  const align = at.align ?? 'left';
  const left = align === 'left' ? at.x : align === 'right' ? at.x - at.maxWidth : at.x - at.maxWidth / 2;
  const bounds = { x: left, y: at.y - at.size, width: at.maxWidth, height: at.size * 1.4 };
  return { kind: 'text', text: shortened(visible(content), LONGEST), bounds, minZoom: 0, ...at, align, fill, ...style };
}

/** True where two rectangles share a point. */
export function intersects(a: Rect, b: Rect): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}
