import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { model, node, value } from '../fixtures/onnx';
import { ModelPage } from './modelPage';
import { PATIENCE, UNAVAILABLE, useWorkbench, type Workbench } from './support';

const inputs = [value('x', 'float32', [1, 3])];
const outputs = [value('y', 'float32', [1, 3])];
/** One healthy operator beside what is wrong. */
const healthy = node('Relu', ['x'], ['y'], {}, { name: 'healthy' });

const FILES = {
  // `first` reads what `second` makes of its output.
  'cycle.onnx': model({
    nodes: [node('Add', ['x', 'b'], ['a'], {}, { name: 'first' }), node('Relu', ['a'], ['b'], {}, { name: 'second' }), healthy],
    inputs,
    outputs,
  }),
  'missing.onnx': model({ nodes: [node('Add', ['x', 'nowhere'], ['z'], {}, { name: 'sum' }), healthy], inputs, outputs }),
  // ONNX is at 28 in 2026.
  'opset.onnx': model({ opset: 99, nodes: [healthy], inputs, outputs }),
};

describe.skipIf(UNAVAILABLE !== '')('models that break the rules', () => {
  let workbench: Workbench;
  useWorkbench((started) => {
    workbench = started;
    for (const [name, bytes] of Object.entries(FILES)) writeFileSync(join(workbench.workspace, name), bytes);
  });
  beforeEach(async () => {
    // Wide enough for every column.
    await workbench.page.setViewportSize({ width: 2000, height: 900 });
    await workbench.closeEditors();
  });

  test('a cycle is an error that leads to one of its operators', async () => {
    const page = await ModelPage.open(workbench, 'cycle.onnx');
    const finding = page.frame.locator('findings-banner .finding').filter({ hasText: 'cycle' });
    await finding.waitFor();
    const name = /"(first|second)"/.exec((await finding.textContent()) ?? '')?.[1] ?? '';
    expect(name).not.toBe('');
    expect(await finding.locator('.codicon-error').count()).toBe(1);
    await finding.getByRole('button', { name: 'Show the node' }).click();
    await page.frame.locator('details-panel').getByText(name, { exact: true }).first().waitFor();
    await workbench.shot('findings-cycle');
    await showsTheRest(page, 3);
  });

  test('a value that nothing produces is an error that names it', async () => {
    const page = await ModelPage.open(workbench, 'missing.onnx');
    const finding = page.frame.locator('findings-banner .finding').filter({ hasText: '"nowhere"' });
    await finding.waitFor();
    expect(await finding.textContent()).toContain('"sum"');
    expect(await finding.locator('.codicon-error').count()).toBe(1);
    await workbench.shot('findings-missing');
    await showsTheRest(page, 2);
  });

  test('an operator set from the future is a warning that says both versions', async () => {
    const page = await ModelPage.open(workbench, 'opset.onnx');
    const finding = page.frame.locator('findings-banner .finding').filter({ hasText: 'opset 99' });
    await finding.waitFor();
    expect(await finding.textContent()).toMatch(/opset 99 of ai\.onnx; 28 /);
    expect(await finding.locator('.codicon-warning').count()).toBe(1);
    await workbench.shot('findings-opset');
    await showsTheRest(page, 1);
  });
});

/** Every operator is in the table, and the healthy one has its shape. */
async function showsTheRest(page: ModelPage, operators: number): Promise<void> {
  await page.tab('Profile');
  await page.choose('Group by', 'node');
  await expect.poll(async () => (await page.rows()).length, { timeout: PATIENCE }).toBe(operators);
  const relu = (await page.rows()).find((row) => row['name']?.text.includes('healthy'));
  expect(relu?.['shape']?.text).toBe('[1, 3]');
}
