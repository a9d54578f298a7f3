import type { GraphBox } from '../../../src/protocol';

/** Pixels at zoom 1. */
export const TITLE_SIZE = 12;
/** Size of a box's second line, in scene units. */
export const DETAIL_SIZE = 11;
/** Width of a closed group's box, in scene units. */
export const GROUP_WIDTH = 260;
const NODE_WIDTH = 200;
const TALL = 50;
const SHORT = 30;
const PILL_HEIGHT = 26;
const PILL_MAX = 260;
/** Each sheet of a stack shows this much below the one before. */
export const SHEET = 4;
const MAX_SHEETS = 2;
/** Room inside an opened group, and for its title. */
export const FRAME_PADDING = 20;
/** Height of the title of an opened group, in scene units. */
export const FRAME_HEADER = 28;

/** Width of a text in a font of ordinary proportions, without asking a canvas: layouts must not depend on the machine. */
export function estimateWidth(text: string, size: number): number {
  return Math.ceil(text.length * size * 0.58);
}

/** Sheets that show under the card of a stack. */
export function sheetsOf(box: GraphBox): number {
  return Math.min(MAX_SHEETS, Math.max(0, box.repeat - 1));
}

/** What an input's or output's pill says. */
export function pillText(box: GraphBox): string {
  return box.subtitle === '' ? box.title : `${box.title}  ${box.subtitle}`;
}

/** Size of a closed box, sheets included. */
export function closedSize(box: GraphBox): { readonly width: number; readonly height: number } {
  switch (box.kind) {
    case 'portIn':
    case 'portOut':
      return { width: 12, height: 4 };
    case 'input':
    case 'output':
      return { width: Math.min(PILL_MAX, estimateWidth(pillText(box), DETAIL_SIZE) + 28), height: PILL_HEIGHT };
    case 'group':
      return { width: GROUP_WIDTH, height: TALL + sheetsOf(box) * SHEET };
    case 'node':
      return { width: NODE_WIDTH, height: box.subtitle === '' ? SHORT : TALL };
    default:
      return box.kind satisfies never;
  }
}
