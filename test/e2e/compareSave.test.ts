import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { ModelPage } from './modelPage';
import { PATIENCE, UNAVAILABLE, until, useWorkbench, type Workbench } from './support';

describe.skipIf(UNAVAILABLE !== '')('a comparison without a file', () => {
  let workbench: Workbench;
  useWorkbench((started) => {
    workbench = started;
  });
  beforeEach(() => workbench.closeEditors());

  test("is begun and widened by the editor's title menu, and saved where the person says", async () => {
    await ModelPage.open(workbench, 'conv.onnx');
    await workbench.titleMenu('Model Loupe: Add to Comparison');
    await row('conv.onnx');
    await ModelPage.open(workbench, 'vit.onnx');
    await workbench.titleMenu('Model Loupe: Add to Comparison');
    const view = await row('vit.onnx');
    expect(await view.locator('.compare-table tbody tr').count()).toBe(2);

    await view.getByRole('button', { name: 'Save as' }).click();
    const path = join(workbench.workspace, 'images', 'kept.loupe.json');
    await workbench.answerDialog(path);
    await until('the file is there', async () => read(path) !== null);
    // Paths are relative to the file, which lies a folder deeper.
    expect(JSON.parse(read(path) ?? '')).toEqual({ models: ['../conv.onnx', '../vit.onnx'] });
    await workbench.page.locator('.tab.active', { hasText: 'kept.loupe.json' }).waitFor();
    const saved = await row('vit.onnx');
    expect(await saved.locator('.compare-table tbody tr').count()).toBe(2);
    expect(await saved.getByRole('button', { name: 'Save as' }).count()).toBe(0);
    await workbench.shot('compare-saved');
  });

  test('completes a name so that the file opens as a comparison', async () => {
    await ModelPage.open(workbench, 'conv.onnx');
    await workbench.titleMenu('Model Loupe: Add to Comparison');
    await (await row('conv.onnx')).getByRole('button', { name: 'Save as' }).click();
    await workbench.answerDialog(join(workbench.workspace, 'short'));
    const path = join(workbench.workspace, 'short.loupe.json');
    await until('the file is there', async () => read(path) !== null);
    await workbench.page.locator('.tab.active', { hasText: 'short.loupe.json' }).waitFor();
    await row('conv.onnx');
  });

  test('asks before it writes over a file, and keeps it when told so', async () => {
    const path = join(workbench.workspace, 'mine.loupe.json');
    writeFileSync(path, '{ "models": [] }\n');
    await ModelPage.open(workbench, 'conv.onnx');
    await workbench.titleMenu('Model Loupe: Add to Comparison');
    const view = await row('conv.onnx');
    await view.getByRole('button', { name: 'Save as' }).click();
    await workbench.answerDialog(path);
    await workbench.page.locator('.quick-input-widget', { hasText: 'already exists' }).waitFor();
    // The first Escape answers no, the next closes the dialog.
    await until('the dialog is closed', async () => {
      await workbench.page.keyboard.press('Escape');
      return workbench.page.locator('.quick-input-widget').isHidden();
    });
    await expect.poll(() => view.locator('.compare-table tbody tr').count(), { timeout: PATIENCE }).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe('{ "models": [] }\n');
  });

  /** The comparison in front, once it has counted this model, whose MACs are millions. */
  async function row(model: string) {
    const selector = `tr[data-model="${model}"] [data-column=macs]`;
    return workbench.view('compare-view', { selector, text: 'M' });
  }
});

function read(path: string): string | null {
  try {
    // A file is there for a moment before its text is.
    return readFileSync(path, 'utf8') || null;
  } catch {
    return null; // not written yet
  }
}
