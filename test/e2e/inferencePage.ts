import type { Frame } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE, type Workbench } from './support';

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
    await workbench.row(image).click({ button: 'right' });
    await workbench.page.getByRole('menuitem', { name: 'Run Inference on Image' }).click();
    await workbench.pick(model);
    return InferencePage.shown(workbench, image);
  }

  /** The visible panel, once it shows an answer for this image. */
  static async shown(workbench: Workbench, image: string): Promise<InferencePage> {
    const page = new InferencePage(await workbench.view('inference-view'));
    await page.frame.locator('h1', { hasText: image }).waitFor();
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

  /** Waits until every thumbnail in sight is drawn, so that nothing is still to come. */
  async settled(): Promise<void> {
    const waiting = () => this.frame.locator('thumbnail-strip heat-thumbnail:not([loaded])').count();
    await expect.poll(waiting, { timeout: PATIENCE }).toBe(0);
  }

  /** The brightest point of the opaque heat, in parts of the picture's width and height. */
  async brightest(): Promise<{ x: number; y: number }> {
    await this.setOpacity(100);
    await this.settled();
    return this.frame.locator('inference-stage canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { width, height, data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? new ImageData(1, 1);
      // viridis grows lighter from end to end, so the lightest colour is the most attention.
      let best = -1;
      let sumX = 0;
      let sumY = 0;
      let count = 0;
      for (let index = 0; index < width * height; index++) {
        const light = 0.2126 * (data[index * 4] ?? 0) + 0.7152 * (data[index * 4 + 1] ?? 0) + 0.0722 * (data[index * 4 + 2] ?? 0);
        if (light > best) [best, sumX, sumY, count] = [light, 0, 0, 0];
        if (light < best) continue;
        sumX += (index % width) + 0.5;
        sumY += Math.floor(index / width) + 0.5;
        count += 1;
      }
      return { x: sumX / count / width, y: sumY / count / height };
    });
  }

  /** A checksum of the picture, to see whether it changed. */
  picture(): Promise<string> {
    return this.frame.locator('inference-stage canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }
}
