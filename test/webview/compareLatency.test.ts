import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/bytes';
import type { CompareViewApi, Handlers } from '../../src/protocol';
import { CompareHost, sample, variant } from './support/compareHost';
import { useView } from './support/useView';

const tested = useView('compare');

const cell = (page: Page, name: string) => page.locator(`tr[data-model="${name}"] [data-column=latency]`);
const showLatency = async (page: Page) => {
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Latency' }).click();
  await page.keyboard.press('Escape');
};
const choose = async (page: Page, list: string, option: string) => {
  await page.locator(`vscode-dropdown[aria-label="${list}"]`).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};
const counted = (page: Page, count: number) =>
  expect.poll(() => page.locator('tbody tr:has(.figure)').count(), { timeout: 30_000 }).toBe(count);

/** Times that are known, and for how many models at once they were asked. */
function timed(times: Readonly<Record<string, number>>): Partial<Handlers<CompareViewApi>> & { most: () => number } {
  let [running, most] = [0, 0];
  return {
    most: () => most,
    measure: async ({ model }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { milliseconds: times[model] ?? 1, minimum: 1, runs: 20, provider: 'cpu', note: '' };
    },
  };
}

describe('measured latency', () => {
  it('is measured by the real engine when a row asks for it', async () => {
    const host = new CompareHost([sample('conv.onnx'), sample('hybrid.onnx')]);
    const { page, errors, close } = await tested.open(host);
    await counted(page, 2);
    expect(await page.locator('[data-column=latency]').count()).toBe(0);
    await showLatency(page);
    await cell(page, 'hybrid.onnx').getByRole('button', { name: 'Measure' }).click();
    await expect
      .poll(() => cell(page, 'hybrid.onnx').getAttribute('title'), { timeout: 30_000 })
      .toMatch(/^[\d.]+ ms, median of 3 runs on cpu/);
    expect(await cell(page, 'hybrid.onnx').textContent()).toMatch(/[\d.]+\s(ms|\u00b5s)/);
    expect(host.asked.measured).toEqual(['hybrid.onnx']);
    expect(errors).toEqual([]);
    await close();
  });

  it('of all models is measured one after the other, with differences to the baseline', async () => {
    const times = timed({ 'conv.onnx': 4, 'vit.onnx': 6, 'hybrid.onnx': 3 });
    const host = new CompareHost(['conv.onnx', 'vit.onnx', 'hybrid.onnx'].map(sample), times);
    const { page, close } = await tested.open(host);
    await counted(page, 3);
    await showLatency(page);
    await page.locator('th[data-column=latency]').getByRole('button', { name: 'Measure all' }).click();
    await expect.poll(() => cell(page, 'hybrid.onnx').locator('.change').textContent()).toBe('-25%');
    expect(await cell(page, 'vit.onnx').locator('.change').textContent()).toBe('+50%');
    expect(await cell(page, 'conv.onnx').locator('.change').textContent()).toBe('');
    expect(times.most()).toBe(1);
    await page.locator('th[data-column=latency] .head-button').click();
    expect(await page.locator('tbody .model-name').allInnerTexts()).toEqual(['conv.onnx', 'vit.onnx', 'hybrid.onnx']);
    await page.locator('.compare-header').getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Save as CSV' }).click();
    await expect.poll(() => host.asked.saved.length).toBe(1);
    const [head = '', , vit = ''] = new TextDecoder().decode(host.asked.saved[0]?.bytes).split('\r\n');
    expect(vit.split(',')[head.split(',').indexOf('latency milliseconds')]).toBe('6');
    await page.locator('.compare-header').getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await expect.poll(() => host.asked.copied[0]).toContain('6.0 ms +50%');
    await close();
  });

  it('is cancelled with all that waited for it', async () => {
    const host = new CompareHost([sample('conv.onnx'), sample('vit.onnx')], {
      measure: (_params, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
    });
    const { page, close } = await tested.open(host);
    await counted(page, 2);
    await showLatency(page);
    await page.getByRole('button', { name: 'Measure all' }).click();
    await page.locator('.measuring').getByText('Measuring conv.onnx, 1 to come').waitFor();
    await page.locator('.measuring').getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.locator('.measuring').count()).toBe(0);
    expect(await page.locator('td[data-column=latency]').getByRole('button', { name: 'Measure' }).count()).toBe(2);
    await close();
  });

  it('that is refused says why once, whatever the number of rows', async () => {
    const why = 'Measuring is for trusted workspaces only.';
    const host = new CompareHost([sample('conv.onnx'), sample('vit.onnx')], {
      measure: async () => {
        throw new UserError(why);
      },
    });
    const { page, close } = await tested.open(host);
    await counted(page, 2);
    await showLatency(page);
    await page.getByRole('button', { name: 'Measure all' }).click();
    await expect.poll(() => page.locator('.latency-failed').count()).toBe(2);
    expect(await page.locator('.failure').allInnerTexts()).toEqual([`Not measured: ${why}`]);
    await tested.screenshot(page, 'latency-refused');
    await close();
  });
});

describe('the scatter', () => {
  // Published: ResNet-18 69.8%, ResNet-50 76%, Swin-T 81.3% (their papers, and Microsoft's repository).
  const models = ['ResNet-18', 'ResNet-50', 'Swin-T'].map(variant);

  it('stands over measured latency, with the front of what is fast and accurate', async () => {
    const host = new CompareHost(models, timed({ 'ResNet-18': 10, 'ResNet-50': 40, 'Swin-T': 30 }));
    const { page, close } = await tested.open(host);
    await counted(page, 3);
    await choose(page, 'Against', 'Latency, ms');
    await page.getByText('both a published top-1 accuracy and a measured latency').waitFor();
    await page.locator('.chart-section').getByRole('button', { name: 'Measure all' }).click();
    await expect.poll(() => page.locator('.scatter-point').count()).toBe(3);
    // ResNet-50 is slower and less accurate than Swin-T.
    const front = async () => ((await page.locator('.front').getAttribute('points')) ?? '').split(' ').length;
    expect(await front()).toBe(2);
    await choose(page, 'Upwards', 'Latency, ms');
    // Less is better both ways: ResNet-18 has the fewest MACs and is the fastest.
    await expect.poll(front).toBe(1);
    expect(await page.locator('[data-model="Swin-T"].scatter-point title').textContent()).toMatch(/^Swin-T: 30\.0\sms, 4\.\d+\sGMACs$/);
    await tested.screenshot(page, 'scatter-latency');
    await close();
  });
});
