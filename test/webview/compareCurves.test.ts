import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CompareHost, sample, variant } from './support/compareHost';
import { bundleCompareView, openCompareView, screenshot } from './support/comparePage';
import { launch } from './support/viewPage';

let browser: Browser;
let script = '';
beforeAll(async () => {
  [browser, script] = await Promise.all([launch(), bundleCompareView()]);
});
afterAll(() => browser?.close());

describe.each(['dark', 'light', 'hc'] as const)('%s', (theme) => {
  it.each([
    [1400, 900],
    [700, 600],
  ] as const)('draws curves, %d wide', async (width, height) => {
    const models = [
      variant('ResNet-50'),
      variant('AA-ResNet-50'),
      variant('CoAtNet-0 @224, stride in first 1x1'),
      variant('ViT-S/16 @224'),
      variant('Swin-T'),
      sample('hybrid.onnx'),
    ];
    const { page, errors, close } = await openCompareView(browser, script, new CompareHost(models), { theme, width, height });
    await expect.poll(() => page.locator('.counting, .waiting').count(), { timeout: 20_000 }).toBe(0);
    await page.locator('compare-curves').evaluate((element) => element.scrollIntoView({ block: 'end' }));
    await expect.poll(() => page.locator('.crossing').count(), { timeout: 20_000 }).toBeGreaterThan(0);
    await expect.poll(() => page.locator('.curves-counting').count(), { timeout: 20_000 }).toBe(0);
    await page.locator('compare-curves').evaluate((element) => element.scrollIntoView({ block: 'end' }));
    await screenshot(page, `curves-${theme}-${width}`);
    expect(errors).toEqual([]);
    await close();
  });
});
