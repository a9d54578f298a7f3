import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { CheckpointPage } from './checkpointPage';
import { figures, MODELS } from './figures';
import { listing, UNAVAILABLE, useWorkbench, type Workbench } from './support';

const thousands = (count: number) => count.toLocaleString('en-US');

describe.skipIf(UNAVAILABLE !== '')('the checkpoint editor in VS Code', () => {
  let workbench: Workbench;
  let before: string[];
  useWorkbench((started) => {
    workbench = started;
    const { workspace } = workbench;
    copyFileSync(join(workspace, 'vit.safetensors'), join(workspace, 'vit.bin'));
    writeFileSync(join(workspace, 'cut.safetensors'), readFileSync(join(workspace, 'vit.safetensors')).subarray(0, 200));
    before = listing(workspace);
  });
  beforeEach(() => workbench.closeEditors());

  for (const name of MODELS) {
    test(`a double click opens ${name}.safetensors with PyTorch's count`, async () => {
      const page = await CheckpointPage.open(workbench, `${name}.safetensors`);
      const [parameters = ''] = await page.headerFigures();
      expect(parameters).toContain(thousands(figures.models[name].parameters));
      await workbench.shot(`checkpoint-${name}`);
    });
  }

  test('a tensor shows its values, which are read then', async () => {
    const page = await CheckpointPage.open(workbench, 'vit.safetensors');
    await page.tab('Tensors');
    await page.select('patch_embedding.weight');
    await page.frame.locator('checkpoint-details .histogram').waitFor();
    expect(await page.details()).toContain('[80, 3, 8, 8]');
    await workbench.shot('checkpoint-tensor');
  });

  for (const name of MODELS) {
    test(`a double click opens ${name}.pt, which is safe to load`, async () => {
      const page = await CheckpointPage.open(workbench, `${name}.pt`);
      expect((await page.headerFigures())[0]).toContain(thousands(figures.models[name].parameters));
      expect(await page.tabs()).toEqual(['Modules', 'Tensors', 'Health', 'Trust']);
      await page.tab('Trust');
      await page.frame.getByText('Safe to load').waitFor();
    });
  }

  test('a file that may be anything is opened from the menu', async () => {
    await workbench.contextMenu('vit.bin', 'Model Loupe: Open Model');
    const view = await workbench.view('checkpoint-view', { selector: 'checkpoint-header .model-name', text: 'vit.bin' });
    expect(await view.locator('checkpoint-header').textContent()).toContain('safetensors');
  });

  test('a file that was cut off says so in one sentence', async () => {
    await workbench.openFile('cut.safetensors');
    const view = await workbench.view('checkpoint-view');
    const message = view.locator('.error-state p');
    await message.waitFor();
    expect(await message.allTextContents()).toHaveLength(1);
    expect(await message.textContent()).toMatch(/cut\.safetensors .*\.$/);
  });

  test("nothing was written beside the person's files", () => {
    expect(listing(workbench.workspace)).toEqual(before);
  });
});
