import { describe, expect, it } from 'vitest';
import { engineHost } from './support/modelEngine';
import { useView } from './support/useView';

const tested = useView('model');

describe('the figures of another tool', () => {
  it('stand beside ours with a line for each difference, and stay chosen', async () => {
    const host = engineHost('samples/vit.onnx');
    const { page, errors, close } = await tested.open({ handlers: host.handlers }, { state: { model: { tab: 'profile' } } });
    await page.locator('.table-total').waitFor();
    await page.locator('[data-counted-as] vscode-dropdown').click();
    await page.locator('[data-counted-as] vscode-option[value=fvcore]').click();
    const table = page.locator('counted-as table');
    await table.waitFor();
    const cells = await table.locator('tbody td:not(:last-child)').allTextContents();
    expect(cells).toEqual([
      ...['LayerNorm', '0', '234,000', '+234,000'],
      ...['total', '16,999,840', '17,233,840', '+234,000'],
      ...['parameters', '230,010', '230,010', '0'],
    ]);
    expect(await page.locator('counted-as').textContent()).toContain('fvcore 0.1.5 would print 17,233,840 FLOPs');
    await tested.screenshot(page, 'dark-wide-counted-as');
    expect(errors).toEqual([]);
    await close();
  });
});
