/** Glyphs of 3 x 5 pixels, one row per number, the leftmost pixel being 4. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 7, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 1, 2, 2],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  A: [7, 5, 7, 5, 5],
  E: [7, 4, 7, 4, 7],
  H: [5, 5, 7, 5, 5],
  L: [4, 4, 4, 4, 7],
  M: [5, 7, 7, 5, 5],
  N: [7, 5, 5, 5, 5],
  S: [3, 4, 2, 1, 6],
  '.': [0, 0, 0, 0, 2],
};
const ADVANCE = 4;
/** Height of a letter in pixels at a scale of 1. */
export const GLYPH_HEIGHT = 5;

/** Width in pixels at a scale of 1. */
export function textWidth(text: string): number {
  return text.length * ADVANCE - 1;
}

/** True when every character has a glyph. */
export function canDraw(text: string): boolean {
  return [...text].every((char) => Object.hasOwn(GLYPHS, char));
}

/** Calls `plot` for every pixel of a short text of digits and the few capitals that contact sheets need. */
export function drawText(text: string, x: number, y: number, scale: number, plot: (x: number, y: number) => void): void {
  for (const [index, char] of [...text].entries()) {
    const left = x + index * ADVANCE * scale;
    for (const [row, bits] of (GLYPHS[char] ?? []).entries()) {
      for (let column = 0; column < 3; column++) {
        if ((bits & (4 >> column)) === 0) continue;
        for (let i = 0; i < scale * scale; i++) plot(left + column * scale + (i % scale), y + row * scale + Math.floor(i / scale));
      }
    }
  }
}
