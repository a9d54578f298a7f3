import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vitHost } from './inferenceHost';
import { bundle, launch, openView, screenshot } from './inferenceSupport';

let browser: Browser;
let script: string;
beforeAll(async () => {
  [browser, script] = await Promise.all([launch(), bundle()]);
});
afterAll(() => browser.close());

for (const theme of ['dark', 'light', 'hc'] as const)
  for (const [name, width] of [
    ['wide', 1280],
    ['narrow', 480],
  ] as const)
    test(`${theme} ${name}`, async () => {
      const { handlers } = vitHost();
      const { page, errors } = await openView({ browser, script, handlers, theme, width, height: name === 'wide' ? 960 : 1800 });
      await page
        .locator('heat-thumbnail[loaded]')
        .nth(8)
        .waitFor({ timeout: 8000 })
        .catch(() => {});
      await screenshot(page, `${theme}-${name}`);
      expect(errors).toEqual([]);
      await page.close();
    });
