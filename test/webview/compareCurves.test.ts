import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CompareHost, sample, variant } from './support/compareHost';
import { hostOfLaws, type Law } from './support/curveHost';
import { DRAWN } from './support/themes';
import { useView } from './support/useView';

const tested = useView('compare');

const settled = async (page: Page) => {
  await expect.poll(() => page.locator('.counting, .waiting').count(), { timeout: 30_000 }).toBe(0);
  await page.locator('compare-curves').evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await page.locator('.curves-chart').first().waitFor();
  await expect.poll(() => page.locator('.curves-counting').count(), { timeout: 30_000 }).toBe(0);
  await page.locator('compare-curves').evaluate((element) => element.scrollIntoView({ block: 'end' }));
};
const texts = (page: Page, selector: string) => page.locator(selector).allInnerTexts();
const choose = async (page: Page, list: string, option: string) => {
  await page.locator(`vscode-dropdown[aria-label="${list}"]`).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};
const writeSizes = async (page: Page, text: string, label = 'Image sizes') => {
  const field = page.locator(`vscode-text-field[aria-label="${label}"] input`);
  await field.fill(text);
  await field.press('Enter');
};

/** 9 x^2 and x^4 / 10,000 meet where x^2 = 90,000. */
const LINEAR: Law = (x) => ({ convolution: 9 * x ** 2, attention: 0 });
const SQUARE: Law = (x) => ({ convolution: 0, attention: x ** 4 / 10_000 });
const SIZES = '128, 192, 256, 320, 384';

describe('curves of closed forms', () => {
  it('mark where two models cross, found among multiples of 32 and told in words', async () => {
    const host = hostOfLaws({ 'a.onnx': LINEAR, 'b.onnx': SQUARE });
    const { page, errors, close } = await tested.open(host, { width: 1400, height: 900 });
    await settled(page);
    await writeSizes(page, SIZES);
    await expect
      .poll(() => texts(page, '.crossings li'))
      .toEqual(['b.onnx has fewer MACs than a.onnx below about 300 pixels, and more above.']);
    expect(await page.locator('.crossing').count()).toBe(1);
    expect(await page.locator('.crossing title').textContent()).toContain('below about 300 pixels');
    const asked = (name: string) => host.asked.sized.filter(({ model }) => model === name).flatMap(({ sizes }) => sizes);
    await expect.poll(() => asked('a.onnx')).toContain(288);
    await expect.poll(() => asked('b.onnx')).toContain(288);
    expect(new Set(asked('a.onnx')).size).toBe(asked('a.onnx').length);
    await page.locator('.compare-header').getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Save the curves as CSV' }).click();
    await expect.poll(() => host.asked.saved.map(({ name }) => name)).toEqual(['variants.curves.csv']);
    const [head = '', first = ''] = new TextDecoder().decode(host.asked.saved[0]?.bytes).split('\r\n');
    const column = (name: string) => first.split(',')[head.split(',').indexOf(name)];
    expect(['model', 'kind', 'size', 'macs', 'error'].map(column)).toEqual(['a.onnx', 'image', '128', String(9 * 128 ** 2), '']);
    expect(await page.locator('[data-curve="a.onnx"] .curve-mark').first().locator('title').textContent()).toContain('a.onnx at 128: 147');
    expect(errors).toEqual([]);
    await close();
  });

  it('show where attention overtakes convolution in one model', async () => {
    const both: Law = (x) => ({ convolution: LINEAR(x).convolution, attention: SQUARE(x).attention });
    const { page, close } = await tested.open(hostOfLaws({ 'a.onnx': both, 'b.onnx': LINEAR }));
    await settled(page);
    await writeSizes(page, SIZES);
    await choose(page, 'Lines', 'parts of a.onnx');
    await expect.poll(() => texts(page, '.crossings li')).toEqual(['Attention overtakes convolution at 300 pixels.']);
    expect(await page.locator('.curves-chart .curve').count()).toBe(4);
    await choose(page, 'Lines', 'parts of b.onnx');
    await expect.poll(() => texts(page, '.curves-answer')).toEqual(['This model has no attention.']);
    await page.getByRole('button', { name: 'Remove b.onnx' }).click();
    await expect.poll(() => page.locator('.curve').count()).toBe(1);
    expect(await page.locator('[data-curve="a.onnx"]').count()).toBe(1);
    await close();
  });

  it('are drawn on logarithmic axes, where a square is a straight line', async () => {
    const { page, close } = await tested.open(hostOfLaws({ 'a.onnx': LINEAR, 'b.onnx': SQUARE }));
    await settled(page);
    await page.getByRole('button', { name: 'Logarithmic' }).click();
    const bend = () =>
      page.locator('[data-curve="a.onnx"] polyline').evaluate((line) => {
        const points = (line.getAttribute('points') ?? '').split(' ').map((pair) => pair.split(',').map(Number));
        const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = []] = [points[0], points.at(-1)];
        return Math.max(...points.map(([x = 0, y = 0]) => Math.abs(y - y0 - ((y1 - y0) * (x - x0)) / (x1 - x0))));
      });
    await expect.poll(bend).toBeLessThan(0.5);
    await page.getByRole('button', { name: 'Linear' }).click();
    await expect.poll(bend).toBeGreaterThan(10);
    await close();
  });
});

describe('counting', () => {
  it('begins when the curves come into sight', async () => {
    const host = new CompareHost([variant('ResNet-18'), variant('ResNet-34')]);
    const { page, close } = await tested.open(host, { height: 240 });
    await expect.poll(() => page.locator('tbody tr:has(.figure)').count(), { timeout: 30_000 }).toBe(2);
    expect(host.asked.sized).toEqual([]);
    await settled(page);
    expect(host.asked.sized.map(({ model }) => model).slice(0, 2)).toEqual(['ResNet-18', 'ResNet-34']);
    // torchvision prints 1.814 GMACs of its resnet18.
    const mark = page.locator('[data-curve="ResNet-18"] .curve-mark title').filter({ hasText: ' at 224:' });
    expect(await mark.textContent()).toContain('1.81');
    await close();
  });

  it('is cancelled, says so, and goes on when asked', async () => {
    let held = true;
    const host = new CompareHost([variant('ResNet-18')]);
    const { figuresAt } = host.handlers;
    const slow = new CompareHost([variant('ResNet-18')], {
      figuresAt: async (params, context) => {
        if (held) await new Promise((_, reject) => context.signal.addEventListener('abort', reject));
        return figuresAt(params, context);
      },
    });
    const { page, close } = await tested.open(slow, { height: 900 });
    await page.locator('.curves-counting').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Counting was cancelled.').waitFor();
    held = false;
    await page.getByRole('button', { name: 'Count the rest' }).click();
    await page.locator('[data-curve="ResNet-18"]').waitFor();
    await close();
  });

  it('takes sizes as text, keeps them, and refuses what is none in one sentence', async () => {
    const host = hostOfLaws({ 'a.onnx': LINEAR, 'b.onnx': SQUARE });
    const { page, state, close } = await tested.open(host);
    await settled(page);
    await writeSizes(page, '96, wide');
    await expect
      .poll(() => texts(page, '.curve-error'))
      .toEqual(['\u201cwide\u201d is not a size: write whole numbers from 1 to 4,096, such as 128, 224, 384.']);
    expect(await page.locator('.curve').count()).toBe(2);
    await writeSizes(page, '96, 160, 600');
    await expect.poll(() => page.locator('.curve-error').count()).toBe(0);
    await expect.poll(() => page.locator('[data-curve="a.onnx"] .curve-mark').count()).toBe(3);
    expect(await state()).toMatchObject({ compare: { curves: { imageSizes: '96, 160, 600' } } });
    await page.getByRole('button', { name: 'Sizes that suit the models' }).click();
    await expect.poll(() => page.locator('[data-curve="a.onnx"] .curve-mark').count()).toBeGreaterThan(5);
    await close();
  });
});

describe('models that do not work everywhere', () => {
  it('are drawn where they do, with one sentence each', async () => {
    const { page, close } = await tested.open(new CompareHost([variant('Swin-T'), variant('ResNet-18'), sample('vit.onnx')]));
    await settled(page);
    // Windows of 7 tile maps of 56 and 112: images of 224 and 448, with nothing between them to join.
    expect(await page.locator('[data-curve="Swin-T"] .curve-mark').count()).toBe(2);
    expect(await page.locator('[data-curve="Swin-T"] polyline').count()).toBe(2);
    const sentences = await texts(page, '.curves-failed li');
    expect(sentences).toHaveLength(2);
    expect(sentences[0]).toMatch(/^Swin-T, not at .*128.*: Swin: windows of 7 do not tile .*\.$/);
    expect(sentences[1]).toMatch(/^vit\.onnx.*: The graph has the size that it was exported at built in: Reshape "\/Reshape" is the first/);
    expect(await page.locator('[data-curve="vit.onnx"] .curve-mark').count()).toBe(1);
    await close();
  });

  it('leave a sentence where none changes its size', async () => {
    const { page, close } = await tested.open(new CompareHost([sample('hybrid.onnx'), sample('vit.onnx')]), {
      height: 1200,
    });
    await page.getByText('None of these models can be counted at another size.').waitFor();
    expect(await page.locator('.curves-chart').count()).toBe(0);
    expect(await texts(page, '.curves-failed li')).toHaveLength(2);
    await close();
  });

  it('of images and of sequences have an axis each', async () => {
    const models = [variant('ResNet-18'), variant('Transformer base, V=37000'), variant('ViT-B/16 @224')];
    const { page, close } = await tested.open(new CompareHost(models), { height: 1200 });
    await settled(page);
    await expect.poll(() => page.locator('.curves-chart').count(), { timeout: 30_000 }).toBe(2);
    expect(await page.locator('.curves[data-kind=image] .curve').count()).toBe(2);
    expect(await page.locator('.curves[data-kind=sequence] .curve').count()).toBe(1);
    await tested.screenshot(page, 'curves-mixed');
    await close();
  });
});

describe.each(DRAWN)('%s', (theme) => {
  it.each([
    [1400, 900],
    [700, 600],
  ] as const)('draws curves, %d wide', async (width, height) => {
    const names = ['ResNet-50', 'AA-ResNet-50', 'CoAtNet-0 @224, stride in first 1x1', 'ViT-S/16 @224', 'Swin-T'];
    const host = new CompareHost([...names.map(variant), sample('hybrid.onnx')]);
    const { page, errors, close } = await tested.open(host, { theme, width, height });
    await settled(page);
    const boxes = await page.locator('.curve-name').evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect().toJSON()));
    expect(boxes).toHaveLength(6);
    boxes.forEach((box, index) => {
      for (const other of boxes.slice(index + 1)) expect(Math.abs(box.y - other.y)).toBeGreaterThanOrEqual(14);
    });
    await tested.screenshot(page, `curves-${theme}-${width}`);
    await choose(page, 'Lines', 'parts of CoAtNet-0 @224, stride in first 1x1');
    await expect.poll(() => page.locator('.curves-chart .curve').count()).toBe(4);
    await expect.poll(() => page.locator('.curves-counting').count()).toBe(0);
    await tested.screenshot(page, `curves-parts-${theme}-${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
    expect(errors).toEqual([]);
    await close();
  });
});
