import { beforeEach, describe, expect, test } from 'vitest';
import { CheckpointPage } from './checkpointPage';
import { ModelPage } from './modelPage';
import { UNAVAILABLE, useWorkbench, type Workbench } from './support';

describe.skipIf(UNAVAILABLE !== '')('a folder in Restricted Mode', () => {
  let workbench: Workbench;
  useWorkbench(
    async (started) => {
      workbench = started;
      await workbench.page.locator('.statusbar').getByText('Restricted Mode').waitFor();
    },
    { restricted: true },
  );
  beforeEach(() => workbench.closeEditors());

  test('a model can be looked at, but measuring its latency is refused', async () => {
    const page = await ModelPage.open(workbench, 'hybrid.onnx');
    expect(await page.headerFigures()).not.toEqual([]);
    await page.tab('Profile');
    await page.frame.getByRole('button', { name: 'Measure', exact: true }).click();
    const message = page.frame.locator('profile-tab .error-state p');
    await message.waitFor();
    expect(await message.textContent()).toMatch(/native code.*trusted workspaces only/);
    await workbench.shot('restricted-measure');
  });

  test("the editor's button is disabled, and says why", async () => {
    const page = await ModelPage.open(workbench, 'hybrid.onnx');
    const run = page.frame.locator('model-header vscode-button', { hasText: 'Run on image' });
    expect(await run.getAttribute('disabled')).not.toBeNull();
    expect(await run.getAttribute('title')).toMatch(/native code.*trusted workspaces only/);
    await workbench.shot('restricted-run');
  });

  test('a checkpoint can be looked at, its values checked, and nothing of it is executed', async () => {
    const page = await CheckpointPage.open(workbench, 'vit.pt');
    await page.tab('Health');
    await page.frame.getByText('No problems').waitFor();
    await page.tab('Trust');
    await page.frame.getByText('Safe to load').waitFor();
    await workbench.shot('restricted-checkpoint');
  });

  test('a comparison counts, but does not measure', async () => {
    await workbench.contextMenu('hybrid.onnx', 'Model Loupe: Add to Comparison');
    const view = await workbench.view('compare-view');
    await view.locator('tr[data-model="hybrid.onnx"] [data-column=macs]').waitFor();
    await view.getByRole('button', { name: 'Columns' }).click();
    await view.getByRole('checkbox', { name: 'Latency' }).click();
    await workbench.page.keyboard.press('Escape');
    await view.locator('td[data-column=latency]').getByRole('button', { name: 'Measure' }).click();
    const message = view.locator('.failure');
    await message.waitFor();
    expect(await message.textContent()).toMatch(/native code.*trusted workspaces only/);
  });

  test("the Explorer's menu does not offer to run an image", async () => {
    await workbench.expand('images');
    await workbench.row('star_01.png').click({ button: 'right' });
    const item = workbench.page.getByRole('menuitem', { name: 'Run Inference on Image' });
    await item.waitFor();
    expect(await item.getAttribute('aria-disabled')).toBe('true');
  });
});
