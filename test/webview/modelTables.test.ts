import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { columnsFor } from '../../webview/common/table/columnsFor';
import { engineHost } from './support/modelEngine';
import { dataHost } from './support/modelHost';
import { useView } from './support/useView';

const tested = useView('model');

const headings = (page: Page) => page.locator('.table-head [role=columnheader]').allTextContents();
const open = (width: number, height: number, tab: string, more: object = {}) =>
  tested.open({ handlers: engineHost('samples/hybrid.onnx').handlers }, { width, height, state: { model: { tab, ...more } } });

describe('columns', () => {
  const columns = [
    { id: 'name', width: 100 },
    { id: 'macs', width: 100 },
    { id: 'type', width: 100, gives: 2 },
    { id: 'share', width: 100, gives: 1 },
  ];
  const ids = (width: number, hidden: readonly string[] = []) => columnsFor(columns, width, hidden).map(({ id }) => id);

  it('give way from the least important on, and never the figures', () => {
    expect(ids(1000)).toEqual(['name', 'macs', 'type', 'share']);
    expect(ids(400)).toEqual(['name', 'macs', 'share']);
    expect(ids(250)).toEqual(['name', 'macs']);
    expect(ids(50)).toEqual(['name', 'macs']);
    expect(ids(1000, ['macs'])).toEqual(['name', 'type', 'share']);
  });

  it('show figures first where an editor is narrow', async () => {
    const narrow = await open(900, 650, 'profile');
    await narrow.page.locator('.table-total').waitFor();
    await expect.poll(() => headings(narrow.page)).toEqual(['Name', 'Parameters', 'MACs', 'Share of MACs']);
    await narrow.close();
    const wide = await open(1400, 900, 'profile');
    await wide.page.locator('.table-total').waitFor();
    await expect.poll(() => headings(wide.page)).toEqual(['Name', 'Parameters', 'MACs', 'Share of MACs', 'FLOPs', 'Type', 'Output shape']);
    await wide.close();
    const attention = await open(900, 650, 'attention');
    await expect.poll(() => headings(attention.page)).toEqual(['Name', 'MACs', 'Share of MACs', 'Heads', 'Queries']);
    await attention.close();
  });

  it('are chosen, and stay so', async () => {
    const { page, state, close } = await open(1400, 900, 'profile');
    await page.locator('.column-menu > summary').click();
    await page.locator('.column-menu vscode-checkbox', { hasText: 'FLOPs' }).click();
    await expect.poll(() => headings(page)).not.toContain('FLOPs');
    await page.keyboard.press('Escape');
    expect(await page.locator('.column-menu').getAttribute('open')).toBeNull();
    expect(await state()).toMatchObject({ model: { hiddenColumns: { profile: ['flops'], tensors: [], attention: [] } } });
    await close();
    const again = await open(1400, 900, 'profile', { hiddenColumns: { profile: ['flops'] } });
    await again.page.locator('.table-total').waitFor();
    expect(await headings(again.page)).not.toContain('FLOPs');
    await again.close();
  });

  it('leave the name in sight where the rest scrolls', async () => {
    const { page, close } = await open(420, 650, 'profile', { detailsShown: false });
    await page.locator('.table-total').waitFor();
    const list = page.locator('data-table virtual-list');
    await list.evaluate((element) => {
      element.scrollLeft = 200;
    });
    const left = await page
      .locator('.table-body [data-column=name]')
      .first()
      .evaluate((cell) => cell.getBoundingClientRect().left);
    expect(left).toBe(await list.evaluate((element) => element.getBoundingClientRect().left));
    await close();
  });
});

describe('fields of sizes', () => {
  it('stay in their places while one is changed, and say what is wrong', async () => {
    const { page, close } = await tested.open(dataHost());
    const names = () => page.locator('.dimension > span:first-child').allTextContents();
    await page.locator('.dimension').first().waitFor();
    const before = await names();
    const field = page.locator('.dimension input').last();
    await field.fill('0');
    await field.press('Enter');
    const alert = page.locator('.wrong-size');
    await alert.waitFor();
    expect(await alert.textContent()).toBe(`${before.at(-1)}: enter a whole number from 1.`);
    await field.fill('2');
    await field.press('Enter');
    await expect.poll(() => alert.count()).toBe(0);
    expect(await names()).toEqual(before);
    await close();
  });

  it('keep what is typed while figures arrive', async () => {
    const { page, tell, close } = await tested.open(dataHost());
    const field = page.locator('.dimension input').last();
    await field.waitFor();
    await field.fill('31');
    await tell({ type: 'changed' });
    await page.waitForTimeout(300);
    expect(await field.inputValue()).toBe('31');
    await close();
  });

  it('recount a model at another size than the file fixes', async () => {
    const { page, close } = await tested.open({ handlers: engineHost('samples/conv.onnx').handlers });
    const field = page.locator('.dimension', { hasText: 'image size' }).locator('input');
    await field.fill('128');
    await field.press('Enter');
    await expect.poll(async () => (await page.locator('model-header .figures').textContent())?.replace(/\s/g, ' ')).toContain('46.4 MMACs');
    expect(await field.inputValue()).toBe('128');
    await close();
    const rigid = await tested.open({ handlers: engineHost('samples/vit.onnx').handlers });
    const side = rigid.page.locator('.dimension', { hasText: 'image size' }).locator('input');
    await side.fill('128');
    await side.press('Enter');
    await rigid.page.getByText('has the size that it was exported at built in').first().waitFor();
    await rigid.close();
  });
});
