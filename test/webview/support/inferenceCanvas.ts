import type { Page } from 'playwright-core';

/** The pixel of the stage's canvas closest to a colour, and its distance in RGB; coordinates in parts of the canvas. */
export function closestPixel(page: Page, color: readonly [number, number, number]): Promise<{ x: number; y: number; difference: number }> {
  return page.evaluate(([red, green, blue]) => {
    const canvas = document.querySelector<HTMLCanvasElement>('inference-stage canvas');
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
    if (!pixels) throw new Error('the stage has drawn nothing');
    let best = Number.POSITIVE_INFINITY;
    const at: number[] = [];
    for (let index = 0; index < pixels.data.length; index += 4) {
      const [r = 0, g = 0, b = 0] = pixels.data.subarray(index, index + 3);
      const difference = Math.hypot(r - red, g - green, b - blue);
      if (difference < best - 0.5) at.length = 0;
      if (difference <= best + 0.5) at.push(index / 4);
      best = Math.min(best, difference);
    }
    // The middle of all equally close ones: a cell of one colour counts by its centre.
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const { width, height } = pixels;
    return {
      x: (mean(at.map((pixel) => pixel % width)) + 0.5) / width,
      y: (mean(at.map((pixel) => Math.floor(pixel / width))) + 0.5) / height,
      difference: best,
    };
  }, color);
}

/** Colour of the stage's canvas at a point given in parts of it. */
export function pixelAt(page: Page, x: number, y: number): Promise<number[]> {
  return page.evaluate(
    ([px, py]) => {
      const canvas = document.querySelector<HTMLCanvasElement>('inference-stage canvas');
      const data = canvas?.getContext('2d')?.getImageData(Math.floor(canvas.width * px), Math.floor(canvas.height * py), 1, 1).data;
      return [...(data ?? [])];
    },
    [x, y] as const,
  );
}

/** Where a point of the stage's canvas lies on the page. */
export async function pointOnStage(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  const box = await page.locator('inference-stage canvas').boundingBox();
  if (!box) throw new Error('the stage is not shown');
  return { x: box.x + x * box.width, y: box.y + y * box.height };
}

/** What two animation frames need: Lit has rendered and the canvas is drawn. */
export function settled(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));
}
