import { describe, expect, it } from 'vitest';
import { engineHost } from './support/modelEngine';
import { useView } from './support/useView';

const tested = useView('model');
const open = () => tested.open({ handlers: engineHost('samples/hybrid.onnx').handlers }, { width: 900, height: 650 });

describe('the graph', () => {
  it('opens a level at a time and closes whole, by button and by key', async () => {
    const { page, state, errors, close } = await open();
    await page.locator('.graph-canvas').waitFor();
    const groups = async () => ((await state())['model']?.['open'] as readonly string[] | undefined)?.length ?? 0;
    await page.getByRole('button', { name: 'Unfold every group in sight (])' }).click();
    await expect.poll(groups).toBeGreaterThan(3);
    const first = await groups();
    await page.locator('.graph-canvas').focus();
    await page.keyboard.press(']');
    await expect.poll(groups).toBeGreaterThan(first);
    await page.keyboard.press('[');
    await expect.poll(groups).toBe(0);
    expect(errors).toEqual([]);
    await close();
  });

  it('shows its keys to whoever asks', async () => {
    const { page, close } = await open();
    await page.locator('.graph-canvas').focus();
    await page.keyboard.press('?');
    const help = page.locator('.graph-keys');
    await help.waitFor();
    expect(await help.textContent()).toContain('unfold every group in sight');
    await tested.screenshot(page, 'dark-narrow-keys');
    await help.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => help.count()).toBe(0);
    await page.getByRole('button', { name: 'Keys of the graph (?)' }).click();
    await help.waitFor();
    await close();
  });
});
