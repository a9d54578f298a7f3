import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { PATIENCE, ROOT, UNAVAILABLE, until, useWorkbench, type Workbench } from './support';

/** Counted by PyTorch when the samples were trained. */
const { models: PYTORCH } = JSON.parse(readFileSync(join(ROOT, 'samples', 'figures.json'), 'utf8')) as {
  readonly models: Readonly<Record<string, { readonly macs: Readonly<Record<string, number>> }>>;
};

const macs = async (view: Frame, model: string) => {
  const cell = view.locator(`tr[data-model="${model}"] [data-column=macs]`);
  await cell.waitFor();
  return Number(((await cell.getAttribute('title')) ?? '').match(/^[\d,]+/)?.[0].replaceAll(',', ''));
};

describe.skipIf(UNAVAILABLE !== '')('comparing models', () => {
  let workbench: Workbench;
  useWorkbench((started) => {
    workbench = started;
  });
  beforeEach(() => workbench.closeEditors());

  test('files selected in the Explorer are compared', async () => {
    await workbench.row('conv.onnx').click();
    // The Explorer selects what was opened once it is: only then is there something to add to.
    const opened = await workbench.view('model-view');
    await opened.locator('model-header .model-name', { hasText: 'conv.onnx' }).waitFor();
    await workbench.row('vit.onnx').click({ modifiers: ['Control'] });
    await until(
      'two rows are selected',
      async () => (await workbench.page.locator('.explorer-folders-view .monaco-list-row.selected').count()) === 2,
    );
    await workbench.contextMenu('vit.onnx', 'Model Loupe: Compare Budgets');
    const view = await workbench.view('compare-view');
    expect(await macs(view, 'conv.onnx')).toBe(PYTORCH['conv']?.macs['total']);
    expect(await macs(view, 'vit.onnx')).toBe(PYTORCH['vit']?.macs['total']);
    await workbench.contextMenu('hybrid.onnx', 'Model Loupe: Add to Comparison');
    expect(await macs(view, 'hybrid.onnx')).toBe(PYTORCH['hybrid']?.macs['total']);
    await workbench.shot('compare-explorer');
    await view.locator('tr[data-model="vit.onnx"] .model-name').click();
    await until('the editor of vit.onnx is in front', async () => {
      const name = (await workbench.view('model-view')).locator('model-header .model-name', { hasText: 'vit.onnx' });
      return name.isVisible();
    });
  });

  test('the gallery lists reference systems with their figures, opens one and compares another', async () => {
    const { page } = workbench;
    await page.locator('.activitybar').getByRole('tab', { name: 'Model Loupe' }).click();
    const families = page.locator('.pane-body .monaco-list-row');
    await families.first().waitFor();
    await families
      .filter({ hasText: /^resnet$/i })
      .locator('.monaco-tl-twistie')
      .click();
    // torchvision prints 25,557,032 parameters of its resnet50.
    const resnet = families.filter({ hasText: /ResNet-50.*25\.6\s?M, 4\.09/ }).first();
    await resnet.waitFor();
    await workbench.shot('gallery');
    await resnet.click();
    const model = await workbench.view('model-view');
    expect(await model.locator('model-header .figures .copyable').first().getAttribute('title')).toContain('25,557,032 parameters');
    await resnet.hover();
    await resnet.getByRole('button', { name: 'Add to Comparison' }).click();
    const view = await workbench.view('compare-view');
    await view.locator('tr[data-model^="ResNet-50"] .figure').first().waitFor();
    await page
      .locator('.activitybar')
      .getByRole('tab', { name: /Explorer/ })
      .click();
  });

  test('a comparison file opens as the comparison, says what is missing, and is edited by the view', async () => {
    const path = join(workbench.workspace, 'variants.loupe.json');
    writeFileSync(path, JSON.stringify({ models: [{ architecture: 'ResNet-50' }, 'hybrid.onnx', 'gone.onnx', '../../outside.onnx'] }));
    await workbench.openFile('variants.loupe.json');
    const view = await workbench.view('compare-view');
    expect(await macs(view, 'ResNet-50')).toBeGreaterThan(4e9);
    expect(await macs(view, 'hybrid.onnx')).toBe(PYTORCH['hybrid']?.macs['total']);
    expect(await view.locator('tr[data-model="gone.onnx"] .failed').textContent()).toContain('cannot be found');
    expect(await view.locator('tr[data-model="outside.onnx"] .failed').textContent()).toContain('outside the workspace folder');
    await workbench.shot('compare-file');
    await view.locator('tr[data-model="gone.onnx"]').getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => view.locator('.compare-table tbody tr').count(), { timeout: PATIENCE }).toBe(3);
    await workbench.command('File: Save');
    const saved = () => (JSON.parse(readFileSync(path, 'utf8')) as { models: unknown[] }).models;
    await until('the file is saved', async () => saved().length === 3);
    expect(saved()).toEqual([{ architecture: 'ResNet-50' }, 'hybrid.onnx', '../../outside.onnx']);
  });

  test('a bar opens the block that it stands for, in a file and in a reference system', async () => {
    const models = ['conv.onnx', 'hybrid.onnx', { architecture: 'ViT-Ti/16 @224' }];
    writeFileSync(join(workbench.workspace, 'bars.loupe.json'), JSON.stringify({ models }));
    for (const model of ['hybrid.onnx', 'ViT-Ti/16 @224']) {
      await workbench.closeEditors();
      await workbench.openFile('bars.loupe.json');
      const view = await workbench.view('compare-view');
      const segment = view.locator(`.bar-row[data-model="${model}"] .budget-attention`);
      await segment.waitFor();
      // A page is not listening yet when its editor opens: the block is shown all the same.
      await segment.click();
      const opened = await workbench.view('model-view');
      await opened.locator('details-panel h2', { hasText: /^Attention/ }).waitFor();
      expect(await opened.getByRole('tab', { name: 'Graph', exact: true }).getAttribute('aria-selected')).toBe('true');
      await workbench.shot(`compare-bar-${model.startsWith('ViT') ? 'reference' : 'file'}`);
      // The editor is open by now, and shows the next one too.
      await workbench.openFile('bars.loupe.json');
      await view.locator(`.bar-row[data-model="${model}"] .budget-feedForward`).click();
      await opened.locator('details-panel h2', { hasText: /^Feed-forward/ }).waitFor();
    }
  });

  test('what changed between two models is listed block by block, and a row opens its block', async () => {
    writeFileSync(
      join(workbench.workspace, 'resnets.loupe.json'),
      JSON.stringify({ models: [{ architecture: 'ResNet-50' }, { architecture: 'ResNet-101' }] }),
    );
    await workbench.openFile('resnets.loupe.json');
    const view = await workbench.view('compare-view');
    await view.getByRole('button', { name: 'Show what changed from ResNet-50 to ResNet-101' }).click();
    const added = view.locator('.diff-section tr[data-change=added]');
    await added.waitFor();
    expect(await added.locator('.block-name').textContent()).toBe('Bottleneck \u00d717');
    // torchvision's counts of both models.
    expect(await added.locator('[data-column=parameters]').getAttribute('title')).toContain('+18,992,128');
    await workbench.shot('compare-diff');
    await added.locator('.block-name').click();
    const opened = await workbench.view('model-view');
    await opened.locator('details-panel h2', { hasText: 'Bottleneck' }).waitFor();
    expect(await opened.locator('model-header .model-name').textContent()).toContain('ResNet-101');
  });

  test('curves over image size are counted in sight, and latency is measured when a row asks for it', async () => {
    const models = [{ architecture: 'ResNet-50' }, { architecture: 'ViT-S/16 @224' }, 'hybrid.onnx'];
    writeFileSync(join(workbench.workspace, 'curves.loupe.json'), JSON.stringify({ models }));
    await workbench.openFile('curves.loupe.json');
    const view = await workbench.view('compare-view');
    await macs(view, 'hybrid.onnx');
    await view.locator('compare-curves').evaluate((element) => element.scrollIntoView({ block: 'end' }));
    // torchvision prints 4.09 GMACs of its resnet50.
    const mark = view.locator('[data-curve="ResNet-50"] .curve-mark title', { hasText: 'at 224:' });
    await mark.waitFor({ state: 'attached' });
    expect(await mark.textContent()).toMatch(/4\.09\sGMACs/);
    await view.locator('[data-curve="ViT-S/16 @224"]').waitFor();
    await until('every curve is counted', async () => (await view.locator('.curves-counting').count()) === 0);
    expect(await view.locator('.curves-failed').textContent()).toContain('has the size that it was exported at built in');
    await workbench.shot('compare-curves');
    await view.getByRole('button', { name: 'Columns' }).click();
    await view.getByRole('checkbox', { name: 'Latency' }).click();
    await workbench.page.keyboard.press('Escape');
    const cell = (name: string) => view.locator(`tr[data-model="${name}"] [data-column=latency]`);
    await cell('hybrid.onnx').getByRole('button', { name: 'Measure' }).click();
    await expect.poll(() => cell('hybrid.onnx').getAttribute('title'), { timeout: PATIENCE }).toMatch(/ ms, median of \d+ runs on /);
    expect(await cell('ResNet-50').getByRole('button', { name: 'Measure' }).count()).toBe(1);
    await workbench.shot('compare-latency');
  });
});
