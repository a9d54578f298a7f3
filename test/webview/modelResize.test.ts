import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { dataHost } from './support/modelHost';
import { useView } from './support/useView';
import { drawn, type ViewPage } from './support/viewPage';

const tested = useView('model');

async function opened(width: number, height: number): Promise<ViewPage> {
  const view = await tested.open(dataHost(), { width, height });
  await view.page.locator('.graph-footer').getByText('operators').waitFor();
  await drawn(view.page);
  return view;
}

/** Resizes the window and waits until the graph has its new size and is drawn in it. */
async function resize(page: Page, width: number, height: number): Promise<void> {
  const before = await page.locator('.graph-canvas').boundingBox();
  await page.setViewportSize({ width, height });
  await expect.poll(() => page.locator('.graph-canvas').boundingBox()).not.toEqual(before);
  await drawn(page);
}

/** How far right of the canvas' middle lies the middle of what is drawn in a band across it, CSS pixels. */
function offMiddle(page: Page): Promise<number> {
  return page.locator('.graph-canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data, width } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, 200) ?? new ImageData(1, 1);
    const inked: number[] = [];
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < 200; y++) {
        if (data[(y * width + x) * 4 + 3] !== 0) {
          inked.push(x);
          break;
        }
      }
    }
    return ((inked[0] ?? Number.NaN) + (inked.at(-1) ?? Number.NaN) + 1 - width) / 2;
  });
}

const picture = async (page: Page) => (await page.locator('.graph-canvas').screenshot()).toString('base64');

describe('the graph in a window that changes its size', () => {
  it('looks as if it had been opened at that size while nobody has moved it', async () => {
    const resized = await opened(1280, 760);
    const fresh = await opened(900, 700);
    await resize(resized.page, 900, 700);
    expect(await picture(resized.page)).toBe(await picture(fresh.page));
    await resize(resized.page, 1400, 900);
    await tested.screenshot(resized.page, 'resized');
    await resized.close();
    await fresh.close();
  });

  it('keeps in the middle what was there once it was moved', async () => {
    const { page, close } = await opened(1280, 760);
    await page.locator('.graph-canvas').focus();
    await page.keyboard.press('-');
    await drawn(page);
    const before = await offMiddle(page);
    await resize(page, 960, 700);
    expect(await offMiddle(page)).toBeCloseTo(before, -0.5);
    await resize(page, 1400, 700);
    expect(await offMiddle(page)).toBeCloseTo(before, -0.5);
    await close();
  });
});

describe('the table of tensors beside the details', () => {
  it('shows every column where a window of 1400 pixels leaves room, and where not leaves out who reads a tensor', async () => {
    // VS Code's own side bar and activity bar take 350 of 1400 pixels.
    const { page, close } = await opened(1050, 760);
    await page.getByRole('tab', { name: 'Tensors' }).click();
    await page.locator('data-table .table-body').first().click();
    const list = page.locator('virtual-list');
    const last = page.getByRole('columnheader', { name: 'Read by' });
    const hidden = async () => {
      const [area, cell] = [await list.boundingBox(), await last.boundingBox()];
      return (cell?.x ?? 0) + (cell?.width ?? 0) - (area?.x ?? 0) - (area?.width ?? 0);
    };
    await tested.screenshot(page, 'tensors-beside-details');
    expect(await hidden()).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 800, height: 760 });
    await drawn(page);
    await expect.poll(() => last.count()).toBe(0);
    const names = await page.locator('.table-head [role=columnheader]').allTextContents();
    expect(names.slice(0, 1)).toEqual(['Name']);
    expect(names).toEqual(expect.arrayContaining(['Shape', 'Elements', 'Bytes']));
    await close();
  });
});
