/** Size of the text in charts, pixels. */
export const CHART_TEXT = 12;

let context: CanvasRenderingContext2D | null = null;

/** Width of a chart's text, pixels. */
export function textWidth(text: string): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) return text.length * CHART_TEXT * 0.6;
  context.font = `${CHART_TEXT}px ${getComputedStyle(document.body).fontFamily}`;
  return context.measureText(text).width;
}

/** The text, cut with an ellipsis where it is wider than there is room. */
export function fitText(text: string, room: number): string {
  if (textWidth(text) <= room) return text;
  let end = text.length;
  while (end > 1 && textWidth(`${text.slice(0, end)}\u2026`) > room) end -= 1;
  return `${text.slice(0, end)}\u2026`;
}
