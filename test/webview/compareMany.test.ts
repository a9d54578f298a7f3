import { expect, it } from 'vitest';
import type { ComparedFigures } from '../../src/protocol';
import { CompareHost, sample } from './support/compareHost';
import { useView } from './support/useView';

const tested = useView('compare');

/** 200 models that differ in every figure that is drawn. */
function many(count: number): CompareHost {
  const host = new CompareHost(Array.from({ length: count }, (_, index) => ({ ...sample('hybrid.onnx'), name: `model ${index}.onnx` })));
  const { figures } = host.handlers;
  let base: Promise<ComparedFigures> | null = null;
  const of = async (model: string, size: number): Promise<ComparedFigures> => {
    base ??= figures({ model: 'model 0.onnx' }, { signal: new AbortController().signal, progress: () => {} });
    const place = Number(model.match(/\d+/)?.[0]) + 1;
    const counted = await base;
    return { ...counted, macs: place * 1e6 * size ** 2, parameters: place * 1000, top1: 70 + (place % 23) };
  };
  return Object.assign(host, {
    handlers: {
      ...host.handlers,
      figures: async ({ model }: { readonly model: string }) => of(model, 64),
      figuresAt: async ({ model, sizes }: { readonly model: string; readonly sizes: readonly number[] }) => {
        host.asked.sized.push({ model, sizes });
        return Promise.all(sizes.map(async (size) => ({ size, figures: await of(model, size), error: '' })));
      },
    },
  });
}

it('two hundred models stay usable: the table holds all, charts as many as can be told apart', async () => {
  const host = many(200);
  const { page, errors, close } = await tested.open(host, { width: 1400, height: 900 });
  await expect.poll(() => page.locator('tbody tr:has(.figure)').count(), { timeout: 50_000 }).toBe(200);
  expect(await page.locator('.bar-row').count()).toBe(40);
  await page.getByText('Drawn are the first 40 of 200 models, in the table\u2019s order.').waitFor();
  expect(await page.locator('.scatter-point').count()).toBe(200);
  await page.locator('th[data-column=macs] .head-button').click();
  const names = () => page.locator('tbody .model-name').evaluateAll((all) => all.slice(0, 3).map((one) => one.textContent));
  await expect.poll(names).toEqual(['model 0.onnx', 'model 199.onnx', 'model 198.onnx']);
  const bottom = await page.locator('compare-view').evaluate((view) => {
    view.scrollTo(0, view.scrollHeight);
    return view.scrollTop;
  });
  expect(bottom).toBeGreaterThan(200 * 30);
  await page.locator('compare-curves').evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await expect.poll(() => page.locator('.curve').count(), { timeout: 30_000 }).toBe(20);
  await page.getByText('Drawn are the first 20 of 200 models').waitFor();
  expect(new Set(host.asked.sized.map(({ model }) => model)).size).toBe(20);
  await tested.screenshot(page, 'many-curves');
  await page.locator('.scatter-chart').evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await tested.screenshot(page, 'many-scatter');
  expect(errors).toEqual([]);
  await close();
});
