import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CompareHost, sample, variant } from './support/compareHost';
import { DRAWN } from './support/themes';
import { useView } from './support/useView';
import { drawn } from './support/viewPage';

/** Counted by PyTorch when the samples were trained (samples/training/figures.py). */
interface Figures {
  readonly models: Readonly<Record<string, { readonly parametersInOnnx: number; readonly macs: Readonly<Record<string, number>> }>>;
}
const { models: PYTORCH } = JSON.parse(readFileSync('samples/figures.json', 'utf8')) as Figures;

const tested = useView('compare');

const FILES = ['conv.onnx', 'vit.onnx', 'hybrid.onnx'].map(sample);
const WIDTHS = { wide: [1280, 860], narrow: [480, 860] } as const;

const textOf = async (locator: Locator) => ((await locator.textContent()) ?? '').trim();
const row = (page: Page, name: string) => page.locator(`tr[data-model="${name}"]`);
const names = (page: Page) => page.locator('.compare-table .model-name').allInnerTexts();
const counted = (page: Page, count: number) =>
  expect.poll(() => page.locator('.compare-table tbody tr:has(.figure)').count(), { timeout: 15_000 }).toBe(count);
const exact = async (page: Page, name: string, column: string) =>
  Number((await row(page, name).locator(`[data-column=${column}]`).getAttribute('title'))?.replaceAll(',', '').match(/^\d+/)?.[0]);
const change = async (page: Page, name: string, column: string) => textOf(row(page, name).locator(`[data-column=${column}] .change`));

describe('three files through the real engine', () => {
  it('shows what PyTorch counted, and differences to the baseline', async () => {
    const host = new CompareHost(FILES);
    const { page, errors, close } = await tested.open(host);
    await counted(page, 3);
    for (const name of ['conv', 'vit', 'hybrid']) {
      expect(await exact(page, `${name}.onnx`, 'parameters')).toBe(PYTORCH[name]?.parametersInOnnx);
      expect(await exact(page, `${name}.onnx`, 'macs')).toBe(PYTORCH[name]?.macs['total']);
    }
    const macs = (name: string) => PYTORCH[name]?.macs['total'] ?? Number.NaN;
    const percent = Math.abs(macs('vit') / macs('conv') - 1) * 100;
    const digits = percent >= 9.95 ? 0 : 1;
    expect(await change(page, 'vit.onnx', 'macs')).toBe(`${macs('vit') > macs('conv') ? '+' : '-'}${percent.toFixed(digits)}%`);
    expect(await change(page, 'conv.onnx', 'macs')).toBe('');
    expect(await textOf(row(page, 'conv.onnx').locator('[data-column=attention]'))).toBe('0%');
    expect(await page.locator('.bars-chart .bar-row').count()).toBe(3);
    expect(errors).toEqual([]);
    await close();
  });

  it('takes another baseline, sorts under it, and removes a row', async () => {
    const host = new CompareHost(FILES);
    const { page, close } = await tested.open(host);
    await counted(page, 3);
    await row(page, 'hybrid.onnx').getByRole('button', { name: 'Measure the others against hybrid.onnx' }).click();
    await expect.poll(() => names(page)).toEqual(['hybrid.onnx', 'conv.onnx', 'vit.onnx']);
    expect(await change(page, 'hybrid.onnx', 'parameters')).toBe('');
    expect(await change(page, 'conv.onnx', 'parameters')).not.toBe('');
    const head = page.locator('th[data-column=parameters]');
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    const parameters = (name: string) => PYTORCH[name.replace('.onnx', '')]?.parametersInOnnx ?? 0;
    const rest = ['conv.onnx', 'vit.onnx'].sort((a, b) => parameters(b) - parameters(a));
    expect(await names(page)).toEqual(['hybrid.onnx', ...rest]);
    await head.getByRole('button').click();
    expect(await names(page)).toEqual(['hybrid.onnx', ...rest.reverse()]);
    await row(page, 'vit.onnx').getByRole('button', { name: 'Remove vit.onnx' }).click();
    await expect.poll(() => names(page)).toEqual(['hybrid.onnx', 'conv.onnx']);
    // Each model was counted once, whatever was clicked.
    expect([...host.asked.counted].sort()).toEqual(['conv.onnx', 'hybrid.onnx', 'vit.onnx']);
    await close();
  });

  it('splits by another measure, draws bars of one length, and shows other columns', async () => {
    const { page, close } = await tested.open(new CompareHost(FILES));
    await counted(page, 3);
    const lengths = async () =>
      page
        .locator('.bar-row')
        .evaluateAll((rows) =>
          rows.map((one) => Math.round([...one.querySelectorAll('rect')].reduce((sum, rect) => sum + rect.getBBox().width + 1, 0) / 8)),
        );
    expect(new Set(await lengths()).size).toBe(3);
    await page.getByRole('button', { name: '100%' }).click();
    await expect.poll(async () => new Set(await lengths()).size).toBe(1);
    await page.locator('vscode-dropdown[aria-label="Split by"]').click();
    await page.getByRole('option', { name: 'parameters' }).click();
    await expect.poll(() => textOf(page.locator('th[data-column=split]'))).toBe('Where the parameters go');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'FLOPs' }).click();
    await page.keyboard.press('Escape');
    expect(await page.locator('.drop-panel').count()).toBe(0);
    expect(await exact(page, 'conv.onnx', 'flops')).toBeGreaterThan(2 * (PYTORCH['conv']?.macs['total'] ?? 0));
    await close();
  });

  it('opens a model by its name and by its bar', async () => {
    const host = new CompareHost(FILES);
    const { page, close } = await tested.open(host);
    await counted(page, 3);
    await row(page, 'vit.onnx').locator('.model-name').click();
    await page.locator('.bar-row[data-model="hybrid.onnx"] rect').first().click();
    await expect.poll(() => host.asked.opened).toEqual(['vit.onnx', 'hybrid.onnx']);
    await close();
  });

  it('exports Markdown, CSV, JSON and SVG that hold the figures', async () => {
    const host = new CompareHost(FILES);
    const { page, close } = await tested.open(host);
    await counted(page, 3);
    for (const entry of ['Copy as Markdown', 'Save as CSV', 'Save as JSON', 'Save the bars as SVG']) {
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('button', { name: entry }).click();
    }
    await expect.poll(() => host.asked.saved.map(({ name }) => name)).toEqual(['variants.csv', 'variants.json', 'variants.svg']);
    const [csv = '', json = '', svg = ''] = host.asked.saved.map(({ bytes }) => new TextDecoder().decode(bytes));
    const total = String(PYTORCH['vit']?.macs['total']);
    expect(host.asked.copied[0]?.split('\n')[1]).toMatch(/^\| --- \| ---: \|/);
    expect(csv.split('\r\n')[2]?.split(',')).toEqual(expect.arrayContaining(['vit.onnx', total]));
    expect((JSON.parse(json) as { rows: { figures: { macs: number } }[] }).rows[1]?.figures.macs).toBe(Number(total));
    const read = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      return {
        broken: parsed.querySelector('parsererror') !== null,
        fills: new Set([...parsed.querySelectorAll('rect')].map((rect) => rect.getAttribute('fill'))).size,
      };
    }, svg);
    expect(read).toEqual({ broken: false, fills: 4 });
    await close();
  });
});

describe('rows that fail or take long', () => {
  it('names every model before one is counted, and fills rows in as they are ready', async () => {
    const open = new Map<string, () => void>();
    const { figures } = new CompareHost([...FILES]).handlers;
    const slow = new CompareHost(FILES, {
      figures: async (params, context) => {
        await new Promise<void>((resolve) => open.set(params.model, resolve));
        return figures(params, context);
      },
    });
    const { page, close } = await tested.open(slow);
    await expect.poll(() => page.locator('tbody .waiting').count()).toBe(3);
    for (const [index, { name }] of FILES.entries()) {
      await page.getByText(`Counting ${name}`).waitFor();
      await expect.poll(() => [...open.keys()].at(-1)).toBe(name);
      open.get(name)?.();
      await counted(page, index + 1);
    }
    await close();
  });

  it('says what is wrong at the row; the rest compares', async () => {
    const host = new CompareHost([
      ...FILES,
      { ...sample('gone.onnx'), error: 'models/gone.onnx cannot be found or read.' },
      variant('No-Such-Net'),
      { name: 'README.md', reference: { kind: 'file', path: 'samples/README.md' } },
    ]);
    const { page, errors, close } = await tested.open(host);
    await counted(page, 3);
    await expect.poll(() => page.locator('.failed').count()).toBe(3);
    expect(await textOf(row(page, 'gone.onnx').locator('.failed'))).toContain('cannot be found');
    expect(await textOf(row(page, 'No-Such-Net').locator('.failed'))).toContain('There is no reference system "No-Such-Net"');
    expect(await textOf(row(page, 'README.md').locator('.failed'))).toMatch(/README\.md.*\.$/);
    await tested.screenshot(page, 'dark-wide-failures');
    expect(errors).toEqual([]);
    await close();
  });

  it('says what is wrong with the file as a whole, with a way to its text', async () => {
    const host = new CompareHost([]);
    const broken = new CompareHost([], {
      load: async () => ({ ...host.set(), error: 'The file is not valid JSON.' }),
      openText: host.handlers.openText,
    });
    const { page, close } = await tested.open(broken);
    await page.getByText('The file is not valid JSON.').waitFor();
    await page.getByRole('button', { name: 'Open as text' }).click();
    await expect.poll(() => host.asked.other).toEqual(['openText']);
    await close();
  });

  it('offers to add models and to save where there is no file yet', async () => {
    const host = new CompareHost([], {}, 'Comparison');
    const { page, close } = await tested.open(host);
    await page.getByText('Nothing to compare yet').waitFor();
    await page.getByRole('button', { name: 'Add models' }).click();
    await page.getByRole('button', { name: 'Save as' }).click();
    await expect.poll(() => host.asked.other).toEqual(['addModels', 'saveAs']);
    await close();
  });
});

describe.each(DRAWN)('%s', (theme) => {
  it.each(['wide', 'narrow'] as const)('draws files and reference systems, %s', async (size) => {
    const [width, height] = WIDTHS[size];
    const models = [
      variant('ResNet-50'),
      variant('AA-ResNet-50'),
      variant('CoAtNet-0 @224, stride in first 1x1'),
      variant('ViT-S/16 @224'),
      sample('hybrid.onnx'),
    ];
    const { page, errors, close } = await tested.open(new CompareHost(models), { theme, width, height });
    await expect.poll(() => page.locator('.counting, .waiting').count(), { timeout: 60_000 }).toBe(0);
    await drawn(page);
    await tested.screenshot(page, `${theme}-${size}`);
    expect(await page.locator('.failed').count()).toBe(0);
    expect(await page.locator('.scatter-point').count()).toBe(3);
    await page.locator('.scatter-chart').scrollIntoViewIfNeeded();
    await tested.screenshot(page, `${theme}-${size}-scatter`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
    expect(errors).toEqual([]);
    await close();
  });
});
