import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UNAVAILABLE, useWorkbench, type Workbench } from './support';

describe.skipIf(UNAVAILABLE !== '')('two checkpoints in VS Code', () => {
  let workbench: Workbench;
  useWorkbench((started) => {
    workbench = started;
    copyFileSync(join(workbench.workspace, 'vit.safetensors'), join(workbench.workspace, 'a.safetensors'));
  });

  test('are compared from the Explorer', async () => {
    await workbench.row('vit.pt').click();
    // The Explorer selects the file again when its editor is there, and would take the second one away.
    await workbench.view('checkpoint-view', { selector: 'checkpoint-header .model-name', text: 'vit.pt' });
    await workbench.row('vit.safetensors').click({ modifiers: ['ControlOrMeta'] });
    await workbench.row('vit.safetensors').click({ button: 'right' });
    await workbench.menuEntry('Model Loupe: Compare Checkpoints');
    const view = await workbench.view('checkpoint-diff-view');
    await view.getByText('Nothing differs.').waitFor();
    await view.getByRole('tab', { name: 'Will it load?' }).click();
    await view.getByText('It loads').waitFor();
    expect(await view.locator('.load-verdict').textContent()).toContain('vit.pt');
    await workbench.shot('checkpoint-diff');
  });
});
