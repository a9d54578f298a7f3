import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, UNAVAILABLE, until, useWorkbench, type Workbench } from './support';

/** torchvision prints 11,689,512 parameters and 1.814 G multiply-adds of its resnet18. */
const RESNET_18 = { parameters: 11_689_512, macs: 1.814e9 };

describe.skipIf(UNAVAILABLE !== '')('a reference system as a file', () => {
  let workbench: Workbench;
  useWorkbench((started) => {
    workbench = started;
  });

  test('is written by "Export ONNX..." where the person says, and read by the command line', async () => {
    const { page, workspace } = workbench;
    await page.locator('.activitybar').getByRole('tab', { name: 'Model Loupe' }).click();
    const rows = page.locator('.pane-body .monaco-list-row');
    await rows
      .filter({ hasText: /^resnet$/i })
      .locator('.monaco-tl-twistie')
      .click();
    const variant = rows.filter({ hasText: /^ResNet-18/ }).first();
    await variant.waitFor();
    await variant.click({ button: 'right' });
    await workbench.menuEntry('Export ONNX...');
    await workbench.pick('With seeded weights');
    const path = join(workspace, 'exported.onnx');
    await workbench.answerDialog(path);
    // Every parameter is stored as a float32.
    await until('the file is written', async () => existsSync(path) && statSync(path).size > 4 * RESNET_18.parameters);
    const reports: Report[] = [];
    await until('the command line reads the file', async () => reports.push(...readByCommandLine(path)) > 0);
    expect(reports[0]?.totals.parameters).toBe(RESNET_18.parameters);
    expect((reports[0]?.totals.macs ?? 0) / RESNET_18.macs).toBeCloseTo(1, 3);
    await workbench.shot('gallery-exported');
  });
});

interface Report {
  readonly totals: { readonly parameters: number; readonly macs: number };
}

/** One report; none while the file's end is not written yet. */
function readByCommandLine(path: string): Report[] {
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'dist', 'cli.cjs'), 'profile', path, '--json'], { encoding: 'utf8' });
  return status === 0 ? [JSON.parse(stdout) as Report] : [];
}
