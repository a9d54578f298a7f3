import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { FamilyPage, galleryRow, showGallery } from './familyPage';
import { PATIENCE, UNAVAILABLE, until, useWorkbench, type Workbench } from './support';

/** Printed by torchvision: parameters of its resnets. */
const RESNET = { 18: 11_689_512, 50: 25_557_032, 101: 44_549_160 };
/** MACs of ResNet-50 with the stride in the 3x3 convolution, and in the first 1x1 as first published. */
const MACS = { '3x3': 4_089_184_256, '1x1': 3_857_973_248 };

describe.skipIf(UNAVAILABLE !== '')('the page of a family of reference systems', () => {
  let workbench: Workbench;
  useWorkbench((started) => {
    workbench = started;
  });
  beforeEach(() => workbench.closeEditors());

  test('opens by a click on the family, while the twistie shows its variants with their figures', async () => {
    const family = await FamilyPage.open(workbench, 'ResNet');
    await family.counted();
    expect(await family.row('ResNet-50').locator('[data-column=parameters]').getAttribute('title')).toContain('25,557,032');
    expect(await galleryRow(workbench, 'ResNet').getAttribute('aria-expanded')).toBe('false');
    await galleryRow(workbench, 'ResNet').locator('.monaco-tl-twistie').click();
    await workbench.page
      .locator('.pane-body .monaco-list-row')
      .filter({ hasText: /ResNet-101.*44\.5\s?M, 7\.80/ })
      .waitFor();
    // Asked for again, the same tab comes to the front.
    await galleryRow(workbench, 'ResNet').click();
    await FamilyPage.shown(workbench, 'ResNet');
    expect(await workbench.page.locator('.editor-group-container .tab').count()).toBe(1);
    await workbench.shot('gallery-page');
  });

  test('its budget follows the knobs to published figures, and says which do not fit', async () => {
    const family = await FamilyPage.open(workbench, 'ResNet');
    await family.row('ResNet-50').click();
    await expect.poll(() => family.budget('macs'), { timeout: PATIENCE }).toBe(MACS['3x3']);
    await family.frame.locator('[data-knob=strideIn] vscode-dropdown').click();
    await family.frame.getByRole('option', { name: '1x1' }).click();
    await expect.poll(() => family.budget('macs'), { timeout: PATIENCE }).toBe(MACS['1x1']);
    await family.button('Reset strideIn to 3x3').click();
    await family.knob('layers').fill('3, 4, 23, 3');
    await expect.poll(() => family.budget('parameters'), { timeout: PATIENCE }).toBe(RESNET[101]);
    await family.knob('layers').fill('3, 4');
    const misfit = family.frame.locator('.misfit');
    await expect.poll(() => misfit.textContent(), { timeout: PATIENCE }).toContain('"layers" takes 4 numbers, not 2');
    expect(await family.budget('parameters')).toBe(RESNET[101]);
    await workbench.shot('gallery-misfit');
    await family.button('Reset all').click();
    await expect.poll(() => family.budget('parameters'), { timeout: PATIENCE }).toBe(RESNET[50]);
  });

  test('what the knobs say is compared, opened as a model and written to a file', async () => {
    const family = await FamilyPage.open(workbench, 'ResNet');
    await family.row('ResNet-50').click();
    await family.knob('layers').fill('3, 4, 23, 3');
    await expect.poll(() => family.budget('parameters'), { timeout: PATIENCE }).toBe(RESNET[101]);
    await family.button('Add to comparison').click();
    const label = 'ResNet-50 (layers 3-4-23-3)';
    const comparison = await workbench.view('compare-view');
    const compared = comparison.locator(`tr[data-model="${label}"] [data-column=parameters]`);
    await compared.waitFor();
    expect(await compared.getAttribute('title')).toContain('44,549,160');

    await showGallery(workbench);
    await galleryRow(workbench, 'ResNet').click();
    const again = await FamilyPage.shown(workbench, 'ResNet');
    await again.button('Open as model').click();
    const model = await workbench.view('model-view');
    const parameters = model.locator('model-header .figures .copyable').first();
    await expect.poll(() => parameters.getAttribute('title'), { timeout: PATIENCE }).toContain('44,549,160 parameters');

    await galleryRow(workbench, 'ResNet').click();
    const third = await FamilyPage.shown(workbench, 'ResNet');
    await third.button('Export ONNX…').click();
    await workbench.pick('Structure only');
    const input = workbench.page.locator('.quick-input-widget input[type="text"]').first();
    await expect.poll(() => input.inputValue(), { timeout: PATIENCE }).toContain('ResNet-50 layers 3-4-23-3.onnx');
    const path = join(workbench.workspace, 'exported.onnx');
    await workbench.answerDialog(path);
    await until('the file is written', async () => existsSync(path) && readFileSync(path).includes('conv1.weight'));
  });

  test('is there again after the window was loaded anew, knobs and all', async () => {
    const family = await FamilyPage.open(workbench, 'ResNet');
    await family.row('ResNet-50').click();
    await family.knob('layers').fill('3, 4, 23, 3');
    await expect.poll(() => family.budget('parameters'), { timeout: PATIENCE }).toBe(RESNET[101]);
    await until('VS Code has kept the page', () => isKept(workbench.page, '3, 4, 23, 3'));
    await workbench.page.reload();
    const restored = await FamilyPage.shown(workbench, 'ResNet');
    await expect.poll(() => restored.budget('parameters'), { timeout: PATIENCE }).toBe(RESNET[101]);
    expect(await restored.row('ResNet-50').getAttribute('class')).toContain('is-chosen');
  });

  test('is found in the palette too, for every family', async () => {
    await workbench.command('Model Loupe: Open Reference Systems');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'AA-MnasNet' }).waitFor();
    await workbench.page.locator('.quick-input-widget input[type="text"]').first().fill('SequenceLayer');
    await workbench.pick('SequenceLayer');
    const family = await FamilyPage.shown(workbench, 'SequenceLayer');
    await family.row('LSTM').click();
    // n sequential steps, as table 1 of "Attention Is All You Need" has it.
    await expect.poll(() => family.frame.locator('.budget .facts').textContent(), { timeout: PATIENCE }).toContain('128: O(n)');
    await workbench.shot('gallery-sequence');
  });
});

/** A workbench in the browser writes its state every few seconds, and not when it is closed. */
function isKept(page: Page, text: string): Promise<boolean> {
  return page.evaluate(async (wanted) => {
    const done = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith('vscode-web-state-db')) continue;
      const database = await done(indexedDB.open(name));
      const values = database.objectStoreNames.contains('ItemTable')
        ? await done(database.transaction('ItemTable').objectStore('ItemTable').getAll())
        : [];
      database.close();
      if (values.some((value) => String(value).includes(wanted))) return true;
    }
    return false;
  }, text);
}
