import { beforeEach, describe, expect, test } from 'vitest';
import { figures, MODELS } from './figures';
import { ModelPage } from './modelPage';
import { listing, PATIENCE, UNAVAILABLE, useWorkbench, type Workbench } from './support';

const thousands = (count: number) => count.toLocaleString('en-US');

describe.skipIf(UNAVAILABLE !== '')('the model editor in VS Code', () => {
  let workbench: Workbench;
  let before: string[];
  useWorkbench((started) => {
    workbench = started;
    before = listing(workbench.workspace);
  });
  beforeEach(() => workbench.closeEditors());

  for (const name of MODELS) {
    test(`a double click opens ${name}.onnx with PyTorch's figures, its graph and its profile`, async () => {
      const model = figures.models[name];
      const page = await ModelPage.open(workbench, `${name}.onnx`);
      const shown = await page.headerFigures();
      expect(shown).toContain(`${thousands(model.parametersInOnnx)} parameters`);
      expect(shown).toContain(`${thousands(model.macs.total)} MACs`);
      const header = (await page.frame.locator('model-header').textContent()) ?? '';
      for (const part of ['opset 17', 'pytorch 1.13', 'image float32', '64, 64]', 'logits float32']) expect(header).toContain(part);
      await expect.poll(() => page.colours(), { timeout: PATIENCE }).toBeGreaterThan(8);
      await workbench.shot(`model-${name}-graph`);

      await page.tab('Profile');
      const macs = { convolution: await page.macsOf('convolution'), attention: await page.macsOf('attention') };
      expect(macs.convolution > 0).toBe(true);
      // Both products of attention and its four projections; the rest of the linear layers is feed-forward and head.
      if (name === 'conv') expect(macs.attention).toBe(0);
      else expect(macs.attention).toBeGreaterThan(model.macs['attention products'] ?? 0);
      expect(macs.convolution + macs.attention).toBeLessThanOrEqual(model.macs.total);
      await workbench.shot(`model-${name}-profile`);
    });
  }

  test('a row of the profile says type, output shape, parameters and MACs of its operator', async () => {
    // Wide enough for every column.
    await workbench.page.setViewportSize({ width: 2000, height: 900 });
    const page = await ModelPage.open(workbench, 'vit.onnx');
    await page.tab('Profile');
    await page.choose('Group by', 'node');
    await page.filter('patch_embedding');
    await expect.poll(async () => (await page.rows()).length, { timeout: PATIENCE }).toBe(1);
    const [row] = await page.rows();
    expect(row?.['type']?.text).toBe('Conv');
    expect(row?.['shape']?.text).toBe('[1, 80, 8, 8]');
    // 80 filters of 3 x 8 x 8 and a bias each; at 8 x 8 places.
    expect(row?.['parameters']?.title).toBe('15,440 parameters');
    expect(row?.['macs']?.title).toBe('983,040 MACs');
    await page.frame.locator('data-table .table-body').first().click();
    await expect.poll(() => page.detailsTitle(), { timeout: PATIENCE }).not.toBe('The whole model');
    await page.frame.locator('details-panel').getByText('patch_embedding.weight').first().waitFor();
  });

  test('a click on a box of the graph shows its details', async () => {
    const page = await ModelPage.open(workbench, 'hybrid.onnx');
    await expect.poll(() => page.colours(), { timeout: PATIENCE }).toBeGreaterThan(8);
    expect(await page.detailsTitle()).toBe('The whole model');
    const { x, y } = await page.findBox();
    await workbench.page.mouse.click(x, y);
    await expect.poll(() => page.detailsTitle(), { timeout: PATIENCE }).not.toBe('The whole model');
    await workbench.shot('model-details');
  });

  test("the editor's button runs the model on an image", async () => {
    const page = await ModelPage.open(workbench, 'hybrid.onnx');
    await page.frame.getByRole('button', { name: 'Run on image' }).first().click();
    await workbench.pick('cross_01.png');
    const view = await workbench.view('inference-view');
    const first = view.locator('.label-list li').first();
    await first.waitFor();
    expect(await first.textContent()).toContain('cross');
  });

  test("nothing was written beside the person's files", () => {
    expect(listing(workbench.workspace)).toEqual(before);
  });
});
