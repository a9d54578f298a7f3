import { beforeEach, describe, expect, test } from 'vitest';
import { ModelPage } from './modelPage';
import { UNAVAILABLE, useWorkbench, type Workbench } from './support';

describe.skipIf(UNAVAILABLE !== '')('the status bar', () => {
  let workbench: Workbench;
  useWorkbench((started) => {
    workbench = started;
  });
  beforeEach(() => workbench.closeEditors());

  test('has the figures of the model in front, and of no other', async () => {
    const item = workbench.page.locator('.statusbar-item', { hasText: 'MMACs' });
    await ModelPage.open(workbench, 'vit.onnx');
    await item.waitFor();
    expect((await item.textContent())?.replace(/\s+/g, ' ')).toContain('17.0 MMACs, 230 k');
    await ModelPage.open(workbench, 'conv.onnx');
    await expect.poll(async () => (await item.textContent())?.replace(/\s+/g, ' ')).toContain('11.6 MMACs, 177 k');
    await workbench.shot('status-bar');
    await workbench.closeEditors();
    await expect.poll(() => item.count()).toBe(0);
  });
});
