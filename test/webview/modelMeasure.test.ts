import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/bytes';
import type { Handlers, LatencyReport, ModelViewApi } from '../../src/protocol';
import { formatMicroseconds } from '../../src/report/measured';
import { engineHost } from './support/modelEngine';
import { dataHost } from './support/modelHost';
import { useView } from './support/useView';

const tested = useView('model');

async function openProfile(handlers: Handlers<ModelViewApi>, state: Readonly<Record<string, unknown>> = {}) {
  const view = await tested.open({ handlers }, { state: { model: { tab: 'profile', ...state } } });
  await view.page.locator('.table-total').waitFor();
  return view;
}

const headings = (page: Page) => page.locator('.table-head').textContent();
/** Text with thin spaces as spaces. */
const text = async (page: Page, selector: string) =>
  (await page.locator(selector).first().textContent())?.replace(/\s+/g, ' ').trim() ?? '';

describe('measuring', () => {
  it('fills the columns with what the engine measured, to the microsecond of its report', async () => {
    const host = engineHost('samples/conv.onnx');
    let report: LatencyReport | null = null;
    const measure: Handlers<ModelViewApi>['measure'] = async (params, context) => {
      report = await host.handlers.measure(params, context);
      return report;
    };
    const { page, errors, close } = await openProfile({ ...host.handlers, measure }, { grouping: 'node' });
    expect(await headings(page)).not.toContain('Time');
    await page.locator('[data-measure] vscode-button').click();
    await page.locator('.table-total [data-column=time]').waitFor();
    const { nodes, kernels } = report as unknown as LatencyReport;
    const sum = kernels.reduce((total, { microseconds }) => total + microseconds, 0);
    const shown = await text(page, '.table-total [data-column=time]');
    expect(shown).toBe(formatMicroseconds(sum).replace(/\s/g, ' '));
    expect(await text(page, '[data-measure] .description')).toMatch(/ a run on CPU, median of 3; .* of it in operators$/);
    // The two figures are explained where they stand.
    expect(await page.locator('[data-measure] .description').getAttribute('title')).toContain('A run is timed as a whole.');
    await page.locator('.table-body', { hasText: 'Conv' }).first().click();
    await page.locator('details-panel').getByText('Of the roofline').waitFor();
    const details = await text(page, 'details-panel');
    expect(details).toContain('Measured, CPU');
    expect(details).toMatch(/[GM]MAC\/s/);
    expect(nodes.length).toBeGreaterThan(10);
    await tested.screenshot(page, 'dark-wide-measured');
    expect(errors).toEqual([]);
    await close();
  });

  it('colours the graph by time once it was measured, with shares of the measured whole', async () => {
    const { page, errors, close } = await openProfile(engineHost('samples/conv.onnx').handlers);
    await page.getByRole('tab', { name: 'Graph' }).click();
    const choices = () =>
      page.locator('.tab-row vscode-dropdown vscode-option').evaluateAll((all) => all.map((one) => one.getAttribute('value')));
    expect(await choices()).not.toContain('time');
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.locator('[data-measure] vscode-button').click();
    await page.locator('.table-total [data-column=time]').waitFor();
    await page.getByRole('tab', { name: 'Graph' }).click();
    expect(await choices()).toContain('time');
    await page.locator('.tab-row vscode-dropdown').click();
    await page.locator('.tab-row vscode-option[value=time]').click();
    await page.locator('.graph-legend').waitFor();
    expect((await page.locator('.graph-legend').textContent())?.replace(/\s+/g, ' ')).toMatch(/\d (\u00b5s|ms)/);
    await tested.screenshot(page, 'dark-wide-time');
    expect(errors).toEqual([]);
    await close();
  });

  it('forgets the times when the sizes change', async () => {
    const { page, close } = await openProfile(engineHost('samples/conv.onnx').handlers);
    await page.locator('[data-measure] vscode-button').click();
    await page.locator('.table-total [data-column=time]').waitFor();
    const field = page.locator('budget-bar input, budget-bar vscode-text-field').first();
    await field.click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    await expect.poll(() => headings(page)).not.toContain('Time');
    await close();
  });

  it('shows how far it is, and stops when told to', async () => {
    let stopped = false;
    const measure: Handlers<ModelViewApi>['measure'] = (_params, { signal, progress }) =>
      new Promise((_resolve, reject) => {
        progress({ stage: 'measure', fraction: 0.4 });
        signal.addEventListener('abort', () => {
          stopped = true;
          reject(new Error('stopped'));
        });
      });
    const { page, close } = await openProfile(dataHost({ measure }).handlers);
    await page.locator('[data-measure] vscode-button').click();
    await page.getByText('Running the model').waitFor();
    expect(await page.locator('profile-tab progress').getAttribute('value')).toBe('0.4');
    await page.locator('profile-tab busy-state vscode-button').click();
    await expect.poll(() => stopped).toBe(true);
    await page.locator('profile-tab busy-state').waitFor({ state: 'detached' });
    expect(await page.locator('profile-tab .error-state').count()).toBe(0);
    await close();
  });

  it('says in one sentence why it cannot', async () => {
    const measure = async () => {
      throw new UserError('The workspace is not trusted.');
    };
    const { page, close } = await openProfile(dataHost({ measure }).handlers);
    await page.locator('[data-measure] vscode-button').click();
    await page.getByText('The workspace is not trusted.').waitFor();
    await page.getByText('The model could not be measured').waitFor();
    await page.locator('profile-tab vscode-button', { hasText: 'Close' }).click();
    await page.getByText('The workspace is not trusted.').waitFor({ state: 'detached' });
    await close();
  });
});
