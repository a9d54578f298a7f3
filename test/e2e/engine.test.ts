import { describe, expect, test } from 'vitest';
import { InferencePage } from './inferencePage';
import { PATIENCE, UNAVAILABLE, useWorkbench, type Workbench } from './support';

describe.skipIf(UNAVAILABLE !== '')('the engine process', () => {
  let workbench: Workbench;
  useWorkbench((started) => {
    workbench = started;
  });

  test('does not run before a person asks for something', () => {
    expect(workbench.engines()).toEqual([]);
  });

  test('is started again after a crash, which is told', async () => {
    const page = await InferencePage.run(workbench, 'circle_01.png', 'hybrid.onnx');
    await page.settled();
    const [first] = workbench.engines();
    expect(first).toBeDefined();
    if (first !== undefined) process.kill(first, 'SIGKILL');
    await workbench.page.locator('.notification-toast', { hasText: 'stopped unexpectedly' }).waitFor();
    await workbench.shot('engine-crash');
    await page.frame.getByRole('button', { name: 'Run again' }).click();
    await expect.poll(() => workbench.engines().length, { timeout: PATIENCE }).toBe(1);
    expect(workbench.engines()).not.toContain(first);
    // The session is made anew, in the new process, and the heat comes from it.
    await expect.poll(async () => (await page.times())['session'], { timeout: PATIENCE }).toMatch(/\d/);
    await expect.poll(() => page.frame.locator('.error-state').count(), { timeout: PATIENCE }).toBe(0);
    await page.settled();
    expect((await page.answers())[0]?.label).toBe('circle');
  });

  test('is replaced by the restart command, and a model opens then', async () => {
    const before = workbench.engines();
    await workbench.command('Model Loupe: Restart Engine');
    // What the panel in front was asking for is asked again, so another engine may be there at once.
    await expect.poll(() => workbench.engines().filter((pid) => before.includes(pid)), { timeout: PATIENCE }).toEqual([]);
    await workbench.openFile('vit.onnx');
    const view = await workbench.view('model-view');
    await view.getByText('Profile', { exact: true }).waitFor();
    await expect.poll(() => workbench.engines().length, { timeout: PATIENCE }).toBe(1);
    expect(before).not.toContain(workbench.engines()[0]);
  });

  test('ends with VS Code, as everything else that was started', async () => {
    const pids = workbench.processes().map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThan(2);
    await workbench.stop();
    await expect.poll(() => pids.filter(isAlive), { timeout: PATIENCE }).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
