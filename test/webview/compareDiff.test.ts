import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CompareHost, sample, variant } from './support/compareHost';
import { DRAWN } from './support/themes';
import { useView } from './support/useView';

const tested = useView('compare');

const SIZES = { wide: [1400, 900], narrow: [700, 600] } as const;

const section = (page: Page) => page.locator('.diff-section');
const changed = (page: Page) => section(page).locator('tbody tr');

async function showDiff(page: Page): Promise<void> {
  await section(page).scrollIntoViewIfNeeded();
  await changed(page).first().waitFor();
}

const waitForCounts = (page: Page) => expect.poll(() => page.locator('.counting, .waiting').count(), { timeout: 60_000 }).toBe(0);
const textOf = async (locator: Locator) => ((await locator.textContent()) ?? '').replace(/\s+/g, ' ').trim();
const exact = async (row: Locator, column: string) =>
  Number((await row.locator(`[data-column=${column}]`).getAttribute('title'))?.replaceAll(',', '').match(/^[+-]?\d+/)?.[0]);
/** Chooses an entry of one of the toolkit's drop-downs. */
async function choose(page: Page, list: string, entry: string): Promise<void> {
  await page.locator(`vscode-dropdown[aria-label="${list}"]`).click();
  await page.getByRole('option', { name: entry, exact: true }).click();
}

const RESNETS = [variant('ResNet-50'), variant('ResNet-101'), variant('AA-ResNet-50')];

describe('what changed between two models', () => {
  it('is compared when it is looked at, and not before', async () => {
    const host = new CompareHost([sample('conv.onnx'), sample('hybrid.onnx')]);
    const { page, errors, close } = await tested.open(host, { height: 300 });
    await waitForCounts(page);
    expect(host.asked.diffed).toEqual([]);
    await showDiff(page);
    expect(host.asked.diffed).toEqual(['conv.onnx -> hybrid.onnx']);
    // The four residual blocks of the one, and the head that both have.
    expect(await section(page).locator('tr[data-change=removed]').count()).toBe(4);
    expect(await textOf(section(page).locator('tr[data-change=changed]'))).toContain('Head');
    expect(errors).toEqual([]);
    await close();
  });

  it('names the 17 bottlenecks that ResNet-101 has more than ResNet-50, and what they cost', async () => {
    const host = new CompareHost(RESNETS);
    const { page, errors, close } = await tested.open(host, { width: 1400, height: 900 });
    await waitForCounts(page);
    await page.getByRole('button', { name: 'Show what changed from ResNet-50 to ResNet-101' }).click();
    await changed(page).first().waitFor();
    const added = section(page).locator('tr[data-change=added]');
    // In sight, and nothing but the view was scrolled.
    await expect.poll(() => added.evaluate((row) => row.getBoundingClientRect().bottom < window.innerHeight)).toBe(true);
    expect((await page.locator('.compare-header').boundingBox())?.y).toBe(0);
    expect(await textOf(added.locator('[data-column=block]'))).toBe('added Bottleneck \u00d717');
    // torchvision's counts of both.
    expect(await exact(added, 'parameters')).toBe(44_549_160 - 25_557_032);
    expect(await exact(changed(page).last(), 'macs')).toBe(7_801_405_440 - 4_089_184_256);
    // Stem, 3 + 4 + 6 + 3 bottlenecks, head.
    expect(await textOf(section(page).locator('.diff-summary'))).toContain('18 blocks equal, 17 added, 0 removed, 0 changed.');
    await added.locator('.block-name').click();
    await expect.poll(() => host.asked.opened).toEqual(['ResNet-101']);
    expect(host.asked.shown[0]).toMatch(/^b/);
    expect(errors).toEqual([]);
    await close();
  });

  it('takes other models, filters and folds its rows', async () => {
    const host = new CompareHost(RESNETS);
    const { page, close } = await tested.open(host, { width: 1400, height: 900 });
    await waitForCounts(page);
    await showDiff(page);
    await choose(page, 'Compare to', 'AA-ResNet-50');
    await section(page).getByText('Attention-augmented convolution').first().waitFor();
    expect(await section(page).locator('[data-column=details]', { hasText: 'without Conv 512x512x3x3' }).count()).toBe(1);
    await choose(page, 'Changes to show', 'added');
    // Three kinds of added blocks, each in its stage and its bottleneck.
    expect(await section(page).locator('tr[data-change=added]').count()).toBe(3);
    expect(await section(page).locator('tr.diff-context').count()).toBe(6);
    await section(page).getByRole('button', { name: 'Hide what changed inside Bottleneck stage 2' }).click();
    expect(await section(page).locator('tr[data-change=added]').count()).toBe(2);
    await choose(page, 'Changes to show', 'removed');
    await section(page).getByText('No block was changed in this way.').waitFor();
    // The other way round, what was added was removed.
    await choose(page, 'Compare from', 'AA-ResNet-50');
    await section(page).getByText('These are the same model.').waitFor();
    await choose(page, 'Compare to', 'ResNet-50');
    await expect.poll(() => section(page).locator('tr[data-change=removed]').count()).toBe(3);
    await close();
  });

  it('copies Markdown and CSV of every row', async () => {
    const host = new CompareHost(RESNETS.slice(0, 2));
    const { page, close } = await tested.open(host);
    await waitForCounts(page);
    await showDiff(page);
    for (const entry of ['Copy as Markdown', 'Copy as CSV']) {
      await section(page).getByRole('button', { name: 'Export the changes' }).click();
      await section(page).getByRole('button', { name: entry }).click();
    }
    await expect.poll(() => host.asked.copied.length).toBe(2);
    const [markdown = '', csv = ''] = host.asked.copied;
    expect(markdown.split('\n').map((line) => line.split('|')[2]?.trim())).toEqual(
      expect.arrayContaining(['Bottleneck stage 3', 'Bottleneck \u00d717', 'Total']),
    );
    const lines = csv.split('\r\n').map((line) => line.split(','));
    const at = lines[0]?.indexOf('parameters') ?? -1;
    expect(Number(lines.at(-1)?.[at])).toBe(44_549_160 - 25_557_032);
    await close();
  });

  it('says so where nothing changed, where a model failed, and where it was cancelled', async () => {
    const twin = { name: 'the same again', reference: { kind: 'file', path: 'samples/conv.onnx' } } as const;
    const host = new CompareHost([sample('conv.onnx'), twin, variant('No-Such-Net')]);
    const real = host.handlers.diff;
    let asked = 0;
    const slow = new CompareHost(host.models, {
      diff: async (params, context) => {
        asked += 1;
        if (asked > 1) return real(params, context);
        return new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(new Error('stopped'))));
      },
    });
    const { page, close } = await tested.open(slow);
    await waitForCounts(page);
    await section(page).scrollIntoViewIfNeeded();
    await section(page).getByText('Comparing the blocks').waitFor();
    await section(page).getByRole('button', { name: 'Cancel' }).click();
    await section(page).getByText('Comparing was cancelled.').waitFor();
    await section(page).getByRole('button', { name: 'Try again' }).click();
    await section(page).getByText('are the same block by block').waitFor();
    await choose(page, 'Compare to', 'No-Such-Net');
    await section(page).getByText('could not be counted').waitFor();
    expect(asked).toBe(2);
    await close();
  });
});

describe('stages and bars', () => {
  it('show what each depth spends, and open the block that spends most', async () => {
    const host = new CompareHost([variant('ResNet-18'), variant('ViT-S/16 @224')]);
    const { page, errors, close } = await tested.open(host, { width: 1400, height: 900 });
    await waitForCounts(page);
    const chart = page.locator('.stages-chart');
    expect(await chart.locator('text.tick').allTextContents()).toEqual(['Stem', '1/4', '1/8', '1/16', '1/32', 'Head']);
    const cell = (model: string, stage: string) => chart.locator(`[data-model="${model}"] [data-stage="${stage}"]`);
    // Four 3 x 3 convolutions of 64 to 64 channels at 56 x 56.
    expect(await textOf(cell('ResNet-18', '1/4').locator('.stage-figure'))).toBe(`${((4 * 9 * 64 * 64 * 56 * 56) / 1e6).toFixed(0)} MMACs`);
    expect(await textOf(cell('ResNet-18', '1/4').locator('title'))).toContain('Residual block \u00d72');
    expect(await cell('ViT-S/16 @224', '1/4').count()).toBe(0);
    const lengths = await Promise.all(
      [cell('ResNet-18', '1/4'), cell('ViT-S/16 @224', '1/16')].map((one) =>
        one.locator('.bar-segment rect').evaluateAll((rects) => rects.reduce((sum, rect) => sum + Number(rect.getAttribute('width')), 0)),
      ),
    );
    const vit = 12 * (197 * 12 * 384 * 384 + 2 * 197 * 197 * 384);
    expect((lengths[0] ?? 0) / (lengths[1] ?? 0)).toBeCloseTo((4 * 9 * 64 * 64 * 56 * 56) / vit, 1);
    await cell('ViT-S/16 @224', '1/16').click();
    await expect.poll(() => host.asked.opened).toEqual(['ViT-S/16 @224']);
    expect(host.asked.shown[0]).toMatch(/^b1/);
    for (const entry of ['Save the stages as CSV', 'Save the stages as SVG']) {
      await page.locator('.compare-actions').getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('button', { name: entry }).click();
    }
    await expect.poll(() => host.asked.saved.map(({ name }) => name)).toEqual(['variants.stages.csv', 'variants.stages.svg']);
    const [csv = '', drawn = ''] = host.asked.saved.map(({ bytes }) => new TextDecoder().decode(bytes));
    const lines = csv.split('\r\n').map((line) => line.split(','));
    const at = lines[0]?.indexOf('macs') ?? -1;
    const sum = lines.filter(([name]) => name === 'ResNet-18').reduce((whole, line) => whole + Number(line[at]), 0);
    // torchvision's count of its resnet18.
    expect(sum).toBe(1_814_073_344);
    expect(drawn).toMatch(/^<svg[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(errors).toEqual([]);
    await close();
  });

  it('have columns for models that go up again, for sequences and for one resolution', async () => {
    const models = ['ENet-SAD (as published)', 'Transformer base, V=37000', 'Conformer-S encoder', 'ViT-S/16 @224', 'MobileNetV2 x1.0'];
    const { page, errors, close } = await tested.open(new CompareHost(models.map(variant)), {
      width: 900,
      height: 700,
    });
    await waitForCounts(page);
    const chart = page.locator('.stages-chart');
    const strides = ['1/2', '1/4', '1/8', '1/16', '1/32', 'back to 1/4', 'back to 1/2'];
    const quarters = [1, 2, 3, 4].map((quarter) => `Layers, ${quarter}/4`);
    expect(await chart.locator('text.tick').evaluateAll((all) => all.map((one) => one.getAttribute('data-stage')))).toEqual([
      'Stem',
      'Embedding',
      ...strides,
      'Encoder',
      'Decoder',
      ...quarters,
      'Head',
    ]);
    // Wider than the view: scrolled by itself, not with the page.
    expect(await page.locator('.chart-scroll').evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
    await chart.locator('[data-part]').first().focus();
    await page.keyboard.press('ArrowRight');
    await tested.screenshot(page, 'dark-stages-kinds');
    expect(errors).toEqual([]);
    await close();
  });

  it('are walked with the keys', async () => {
    const host = new CompareHost([sample('conv.onnx'), sample('hybrid.onnx')]);
    const { page, close } = await tested.open(host);
    await waitForCounts(page);
    const parts = page.locator('.bars-chart [data-part]');
    // One stop of the Tab key.
    expect(await parts.evaluateAll((all) => all.filter((part) => part.getAttribute('tabindex') === '0').length)).toBe(1);
    await parts.first().focus();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    expect(await focused()).toMatch(/^conv\.onnx, Convolution: .*Open the block that spends most of it$/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toMatch(/^hybrid\.onnx, Attention: /);
    await page.keyboard.press('Enter');
    await expect.poll(() => host.asked.opened).toEqual(['hybrid.onnx']);
    expect(host.asked.shown[0]).toMatch(/^b/);
    await page.locator('.bar-name', { hasText: 'conv.onnx' }).first().click();
    await expect.poll(() => host.asked.shown.at(-1)).toBe('');
    await close();
  });
});

describe('one HTML file of everything', () => {
  it('needs neither script nor network, escapes what it is given, and follows light and dark', async () => {
    const odd = { name: '<img src=x onerror=alert(1)>&"', reference: { kind: 'file', path: 'samples/conv.onnx' } } as const;
    const host = new CompareHost([variant('ResNet-50'), variant('ViT-S/16 @224'), variant('AA-ResNet-50'), odd, variant('No-Such-Net')]);
    const { page, errors, close } = await tested.open(host, { theme: 'light', width: 1400, height: 900 });
    await waitForCounts(page);
    await showDiff(page);
    await page.locator('.compare-actions').getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Save everything as one HTML file' }).click();
    await expect.poll(() => host.asked.saved.map(({ name }) => name)).toEqual(['variants.html']);
    const text = new TextDecoder().decode(host.asked.saved[0]?.bytes);
    expect(errors).toEqual([]);
    await close();

    const context = await tested.browser.newContext({ javaScriptEnabled: false, viewport: { width: 1200, height: 2000 } });
    const read = await context.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    read.on('request', (request) => asked.push(request.url()));
    read.on('console', (message) => said.push(message.text()));
    await read.setContent(text);
    expect(asked).toEqual([]);
    expect(said).toEqual([]);
    expect(await read.locator('img, script, link, iframe, object').count()).toBe(0);
    expect(await read.locator('h2').allTextContents()).toEqual(
      expect.arrayContaining([
        'MACs by what they are spent on',
        'Where in the model the MACs go',
        'What changed from ResNet-50 to ViT-S/16 @224',
      ]),
    );
    expect(await read.locator('table').first().locator('tbody tr').count()).toBe(5);
    expect(await read.locator('tbody th').allTextContents()).toContain(odd.name);
    const colours = async (colorScheme: 'light' | 'dark') => {
      await read.emulateMedia({ colorScheme });
      return read
        .locator('svg rect')
        .first()
        .evaluate((rect) => getComputedStyle(rect).fill);
    };
    // The colours of convolution.
    expect(await colours('light')).toBe('rgb(0, 114, 178)');
    await read.screenshot({ path: 'out/screenshots/webview-compare-report-light.png', fullPage: true });
    expect(await colours('dark')).toBe('rgb(86, 180, 233)');
    await read.screenshot({ path: 'out/screenshots/webview-compare-report-dark.png', fullPage: true });
    await context.close();
  });
});

describe.each(DRAWN)('%s', (theme) => {
  it.each(['wide', 'narrow'] as const)('draws what changed and the stages, %s', async (size) => {
    const [width, height] = SIZES[size];
    const models = [
      variant('ResNet-50'),
      variant('AA-ResNet-50'),
      variant('ResNet-101'),
      variant('CoAtNet-0 @224, stride in first 1x1'),
      variant('ViT-S/16 @224'),
      sample('hybrid.onnx'),
    ];
    const { page, errors, close } = await tested.open(new CompareHost(models), { theme, width, height });
    await expect.poll(() => page.locator('.counting, .waiting').count(), { timeout: 60_000 }).toBe(0);
    await page.locator('.stages-chart').scrollIntoViewIfNeeded();
    await tested.screenshot(page, `${theme}-${size}-stages`);
    await showDiff(page);
    await tested.screenshot(page, `${theme}-${size}-diff`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
    expect(errors).toEqual([]);
    await close();
  });
});
