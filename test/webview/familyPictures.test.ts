import { describe, expect, it } from 'vitest';
import { familyHost } from './support/familyHost';
import { DRAWN, type ThemeName } from './support/themes';
import { useView } from './support/useView';

const tested = useView('family');

/** Others on request, to look at. */
const FAMILIES = (process.env['FAMILIES'] ?? 'AA-ResNet,SequenceLayer').split(',');
const WIDTHS = { wide: [1400, 900], medium: [1060, 860], narrow: [700, 800] } as const;

describe.each(DRAWN)('%s', (theme: ThemeName) => {
  it.each(FAMILIES.flatMap((family) => (['wide', 'medium', 'narrow'] as const).map((size) => [family, size] as const)))(
    'shows %s, %s',
    async (family, size) => {
      const [width, height] = WIDTHS[size];
      const view = await tested.open(familyHost(family), { theme, width, height });
      const { page, errors } = view;
      await page.locator('.variant-table').waitFor();
      await expect.poll(() => page.locator('.variant-table .blank').count(), { timeout: 30_000 }).toBe(0);
      const first = page.locator('.knob-input[type=number]').first();
      await first.fill(String(Number(await first.inputValue()) * 2));
      await expect.poll(() => page.locator('.budget .change').allInnerTexts()).toContainEqual(expect.stringMatching(/%/));
      await page.locator('tbody tr').nth(1).hover();
      await tested.screenshot(page, `${theme}-${size}-${family}`);
      // Only the table may scroll sideways, within its own frame.
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
      await view.close();
    },
  );
});
