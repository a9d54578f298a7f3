import { beforeEach, describe, expect, test } from 'vitest';
import { objectOf, objects, topProbability } from './figures';
import { InferencePage } from './inferencePage';
import { listing, PATIENCE, UNAVAILABLE, useWorkbench, type Workbench } from './support';

describe.skipIf(UNAVAILABLE !== '')('inference in VS Code', () => {
  let workbench: Workbench;
  let before: string[];
  useWorkbench((started) => {
    workbench = started;
    before = listing(workbench.workspace);
  });
  beforeEach(() => workbench.closeEditors());

  test("the Explorer's menu runs the hybrid on an image: label, time, provider and a heat maximum on the object", async () => {
    const image = 'star_01.png';
    const page = await InferencePage.run(workbench, image, 'hybrid.onnx');
    const [best] = await page.answers();
    expect(best?.label).toBe('star');
    expect(best?.probability).toBeCloseTo(topProbability(image, 'hybrid'), 3);
    const times = await page.times();
    expect(times['provider']).toBe('CPU');
    for (const stage of ['decode', 'preprocess', 'session', 'run']) expect(times[stage], stage).toMatch(/^\d+(\.\d+)?\u2009(µs|ms|s)$/);
    expectOnObject(image, await page.hottest());
    await workbench.shot('inference-hybrid');
  });

  test('a photo that is stored turned is shown and read upright', async () => {
    const image = 'star_02.jpg';
    const page = await InferencePage.run(workbench, image, 'hybrid.onnx');
    const [best] = await page.answers();
    expect(best?.label).toBe('star');
    expect(best?.probability).toBeCloseTo(topProbability(image, 'hybrid'), 2);
    expectOnObject(image, await page.hottest());
  });

  test('the ViT offers every layer and head, and its class token looks at the object', async () => {
    const image = 'heart_01.png';
    const page = await InferencePage.run(workbench, image, 'vit.onnx');
    expect((await page.answers())[0]?.label).toBe('heart');
    expect((await page.answers())[0]?.probability).toBeCloseTo(topProbability(image, 'vit'), 3);
    expectOnObject(image, await page.hottest());
    const layers = page.frame.getByRole('listbox', { name: 'Layers' }).getByRole('option');
    expect(await layers.count()).toBe(4);
    const heads = page.frame.getByRole('listbox', { name: /^Heads of/ }).getByRole('option');
    expect(await heads.allTextContents()).toEqual(
      ['mean', 'head 1', 'head 2', 'head 3', 'head 4'].map((text) => expect.stringContaining(text)),
    );

    const ofMean = await page.picture();
    await heads.nth(2).click();
    await expect.poll(() => heads.nth(2).getAttribute('aria-selected'), { timeout: PATIENCE }).toBe('true');
    await expect.poll(() => page.picture(), { timeout: PATIENCE }).not.toBe(ofMean);
    const ofHead = await page.picture();
    await layers.first().click();
    await expect.poll(() => page.picture(), { timeout: PATIENCE }).not.toBe(ofHead);
    await page.settled();
    await workbench.shot('inference-vit-head');
  });

  test('the convolutional network answers, and says that it has no attention', async () => {
    const page = await InferencePage.run(workbench, 'ring_01.png', 'conv.onnx');
    expect((await page.answers())[0]?.label).toBe('ring');
    await page.frame.getByText('This model has no attention layers that can be shown.').waitFor();
  });

  test('the command palette asks for image and model, the last used model first', async () => {
    await workbench.command('Model Loupe: Run Inference on Image');
    await workbench.pick('arrow_01.png');
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'hybrid.onnx' }).waitFor();
    expect(await rows.first().textContent()).toContain('conv.onnx');
    await workbench.pick('hybrid.onnx');
    const page = await InferencePage.shown(workbench, 'arrow_01.png');
    expect((await page.answers())[0]?.label).toBe('arrow');
  });

  test('every sample image is named rightly', async () => {
    for (const [image, { label }] of Object.entries(objects)) {
      const page = await InferencePage.run(workbench, image, 'hybrid.onnx');
      expect((await page.answers())[0]?.label, image).toBe(label);
      await workbench.closeEditors();
    }
  });

  test("nothing was written beside the person's files", () => {
    expect(listing(workbench.workspace)).toEqual(before);
  });
});

function expectOnObject(image: string, point: { readonly x: number; readonly y: number }): void {
  const { box, width, height } = objectOf(image);
  expect(point.x * width, `heat maximum of ${image} from left to right`).toBeGreaterThan(box[0]);
  expect(point.x * width).toBeLessThan(box[2]);
  expect(point.y * height, `heat maximum of ${image} from top to bottom`).toBeGreaterThan(box[1]);
  expect(point.y * height).toBeLessThan(box[3]);
}
