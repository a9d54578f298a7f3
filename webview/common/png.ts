/**
 * A canvas as PNG. The asynchronous ways (toBlob, convertToBlob) encode in the page's idle time, so that a busy page
 * keeps a person waiting for seconds; toDataURL encodes at once.
 */
export function pngOf(canvas: HTMLCanvasElement): Uint8Array {
  const text = atob(canvas.toDataURL('image/png').replace(/^[^,]*,/, ''));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A canvas that is not in the page, sizes in pixels. */
export function newCanvas(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}
