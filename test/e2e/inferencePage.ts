import type { Frame } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE, type Workbench } from './support';

/** sRGB of the most attention, #fde725. */
const VIRIDIS_END = [253, 231, 37] as const;
/** Colours this close, of 441 from black to white, could be taken for each other. */
const NEAR = 40;

export interface Answer {
  readonly label: string;
  readonly probability: number;
}

/** The inference panel as a person reads it. */
export class InferencePage {
  constructor(readonly frame: Frame) {}

  /** Right-clicks an image of samples/images, chooses our entry of the menu and then the model. */
  static async run(workbench: Workbench, image: string, model: string): Promise<InferencePage> {
    await workbench.expand('images');
    await workbench.contextMenu(image, 'Run Inference on Image');
    await workbench.pick(model);
    return InferencePage.shown(workbench, image);
  }

  /** The visible panel, once it shows an answer for this image. */
  static async shown(workbench: Workbench, image: string): Promise<InferencePage> {
    const page = new InferencePage(await workbench.view('inference-view', { selector: 'h1', text: image }));
    await page.frame.locator('.label-list li').first().waitFor();
    return page;
  }

  /** The listed labels; probabilities with all digits, from the tooltip. */
  async answers(): Promise<Answer[]> {
    const tooltips = await this.frame
      .locator('.label-list li')
      .evaluateAll((items) => items.map((item) => item.getAttribute('title') ?? ''));
    return tooltips.map((text) => {
      const match = /^(.*): ([\d.e+-]+), class \d+$/.exec(text);
      if (!match) throw new Error(`Not a label's tooltip: ${text}`);
      return { label: match[1] ?? '', probability: Number(match[2]) };
    });
  }

  /** The figures under Time: stage to text. */
  async times(): Promise<Record<string, string>> {
    const rows = await this.frame
      .locator('section.time dl > div')
      .evaluateAll((items) =>
        items.map((item) => [item.querySelector('dt')?.textContent ?? '', item.querySelector('dd')?.textContent ?? '']),
      );
    return Object.fromEntries(rows);
  }

  async setOpacity(percent: number): Promise<void> {
    await this.frame.locator('input[type="range"]').fill(String(percent));
  }

  /** Waits until the heat lies on the image and every thumbnail in sight is drawn; those out of sight are not fetched. */
  async settled(): Promise<void> {
    await this.frame.locator('.stage-legend .color-legend').waitFor();
    const waiting = () =>
      this.frame.locator('thumbnail-strip heat-thumbnail:not([loaded])').evaluateAll(
        (items) =>
          items.filter((item) => {
            const { top, bottom } = item.getBoundingClientRect();
            return bottom > 0 && top < innerHeight;
          }).length,
      );
    await expect.poll(waiting, { timeout: PATIENCE }).toBe(0);
  }

  /**
   * Where the heat is highest, in parts of the picture's width and height: the middle of the pixels that come
   * nearest to the last colour of viridis once the heat is opaque, and are not of that colour without it.
   */
  async hottest(): Promise<{ x: number; y: number }> {
    await this.settled();
    await this.setOpacity(0);
    const plain = await this.pixels();
    await this.setOpacity(100);
    const heated = await this.pixels();
    const [red, green, blue] = VIRIDIS_END;
    const distance = (data: Buffer, index: number) =>
      Math.hypot((data[index * 4] ?? 0) - red, (data[index * 4 + 1] ?? 0) - green, (data[index * 4 + 2] ?? 0) - blue);
    let best = Number.POSITIVE_INFINITY;
    let [sumX, sumY, count] = [0, 0, 0];
    for (let index = 0; index < heated.width * heated.height; index++) {
      const now = distance(heated.data, index);
      if (now > best || distance(plain.data, index) < NEAR) continue;
      if (now < best) [best, sumX, sumY, count] = [now, 0, 0, 0];
      sumX += (index % heated.width) + 0.5;
      sumY += Math.floor(index / heated.width) + 0.5;
      count += 1;
    }
    expect(best, 'distance of the hottest colour from the end of viridis').toBeLessThan(NEAR);
    return { x: sumX / count / heated.width, y: sumY / count / heated.height };
  }

  private async pixels(): Promise<{ width: number; height: number; data: Buffer }> {
    const { width, height, text } = await this.frame.locator('inference-stage canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? new ImageData(1, 1);
      let binary = '';
      for (const byte of image.data) binary += String.fromCharCode(byte);
      return { width: image.width, height: image.height, text: btoa(binary) };
    });
    return { width, height, data: Buffer.from(text, 'base64') };
  }

  /** A checksum of the picture, to see whether it changed. */
  picture(): Promise<string> {
    return this.frame.locator('inference-stage canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }
}
