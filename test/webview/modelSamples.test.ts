import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { engineHost } from './support/modelEngine';
import { DRAWN } from './support/themes';
import { useView } from './support/useView';
import { drawn } from './support/viewPage';

/** Counted by PyTorch when the samples were trained (samples/training/figures.py). */
interface Figures {
  readonly models: Readonly<Record<string, { readonly parametersInOnnx: number; readonly macs: Readonly<Record<string, number>> }>>;
}
const figures = JSON.parse(readFileSync('samples/figures.json', 'utf8')) as Figures;

const tested = useView('model');

describe.each(['conv', 'vit', 'hybrid'])('%s through the real engine', (name) => {
  it('shows the parameters and MACs that PyTorch counted', async () => {
    const { page, errors, close } = await tested.open(engineHost(`samples/${name}.onnx`));
    await page.locator('.graph-footer').getByText('operators').waitFor();
    const titles = await page
      .locator('model-header .figures .copyable')
      .evaluateAll((all) => all.map((button) => button.getAttribute('title')));
    const expected = figures.models[name];
    expect(titles[0]).toContain(`${expected?.parametersInOnnx.toLocaleString('en-US')} parameters`);
    expect(titles[1]).toContain(`${expected?.macs['total']?.toLocaleString('en-US')} MACs`);
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.locator('.table-total').waitFor();
    // PyTorch counted convolutions apart too; in the hybrid those of squeeze-excite gates belong to the gates.
    const share = await page.locator('[data-share=convolution]').getAttribute('title');
    if (name !== 'hybrid') expect(share).toBe(`${expected?.macs['convolution']?.toLocaleString('en-US')} MACs`);
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(
      name === 'conv' ? ['Graph', 'Profile', 'Tensors'] : ['Graph', 'Profile', 'Tensors', 'Attention'],
    );
    expect(errors).toEqual([]);
    await close();
  });
});

describe('hybrid, looked into', () => {
  it.each(DRAWN)('opens a transformer block down to its operators, %s', async (theme) => {
    const host = engineHost('samples/hybrid.onnx');
    const view = await tested.open(host, { theme, height: 900 });
    const { page } = view;
    await page.locator('.graph-footer').getByText('operators').waitFor();
    await page.getByRole('tab', { name: 'Attention' }).click();
    await page.locator('.table-body').first().dblclick();
    await page.locator('graph-view').waitFor();
    await expect.poll(async () => ((await view.state())['model']?.['open'] as readonly string[])?.length).toBeGreaterThanOrEqual(1);
    await page.locator('.graph-canvas').focus();
    await page.keyboard.press('Enter');
    const details = async () => (await page.locator('details-panel').textContent())?.replace(/\s+/g, ' ');
    await expect.poll(details).toContain('4 \u00d7 16');
    await expect.poll(details).toContain('64 \u00d7 64');
    await drawn(page);
    await tested.screenshot(page, `${theme}-wide-attention-block`);
    expect(view.errors).toEqual([]);
    await view.close();
  });

  it('explains a convolution: formula, attributes, weights with their distribution', async () => {
    const view = await tested.open(engineHost('samples/hybrid.onnx'), { height: 900 });
    const { page } = view;
    await page.locator('.graph-footer').getByText('operators').waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('op:Conv stem');
    await page.keyboard.press('Enter');
    const panel = page.locator('details-panel');
    await panel.getByText('kernel_shape').waitFor();
    await panel.getByRole('button', { name: /Conv_/ }).first().click();
    await panel.locator('.histogram').waitFor();
    await drawn(page);
    await tested.screenshot(page, 'dark-wide-node');
    expect(view.errors).toEqual([]);
    await view.close();
  });

  it('shows the profile down to operators', async () => {
    const view = await tested.open(engineHost('samples/hybrid.onnx'), { theme: 'light', height: 900 });
    const { page } = view;
    await page.locator('.graph-footer').getByText('operators').waitFor();
    await page.getByRole('tab', { name: 'Profile' }).click();
    for (const label of ['Transformer stage 3', 'Transformer block', 'Attention']) {
      await page.locator('.table-body', { hasText: label }).first().locator('.twisty').click();
    }
    await page.locator('.table-body', { hasText: 'Softmax' }).first().click();
    await drawn(page);
    await tested.screenshot(page, 'light-wide-profile-open');
    await view.close();
  });
});
