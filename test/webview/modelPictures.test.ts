import { describe, expect, it } from 'vitest';
import { dataHost } from './support/modelHost';
import { DRAWN, type ThemeName } from './support/themes';
import { useView } from './support/useView';
import { drawn } from './support/viewPage';

const tested = useView('model');

const WIDTHS = { wide: [1280, 760], narrow: [480, 860] } as const;

describe.each(DRAWN)('%s', (theme: ThemeName) => {
  it.each(['wide', 'narrow'] as const)('draws every tab, %s', async (size) => {
    const [width, height] = WIDTHS[size];
    const view = await tested.open(dataHost(), { theme, width, height });
    const { page } = view;
    await page.getByText('operators in').waitFor();
    await drawn(page);
    await tested.screenshot(page, `${theme}-${size}-graph`);
    for (const tab of ['Profile', 'Tensors', 'Attention']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('data-table .table-body').first().waitFor();
      await page
        .locator('data-table .table-body')
        .nth(2 % (tab === 'Attention' ? 1 : 3))
        .click();
      await drawn(page);
      await tested.screenshot(page, `${theme}-${size}-${tab.toLowerCase()}`);
    }
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wider).toBe(false);
    expect(view.errors).toEqual([]);
    await view.close();
  });

  it('leaves room for the picture in a small editor, and shows details once something is selected', async () => {
    const view = await tested.open(dataHost(), { theme, width: 540, height: 520 });
    const { page } = view;
    await page.getByText('operators in').waitFor();
    const canvas = page.locator('.graph-canvas');
    expect((await canvas.boundingBox())?.height).toBeGreaterThan(220);
    expect(await page.locator('details-panel').count()).toBe(0);
    await drawn(page);
    await tested.screenshot(page, `${theme}-small-graph`);
    await canvas.focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('details-panel h2').waitFor();
    await tested.screenshot(page, `${theme}-small-details`);
    await view.close();
  });
});
