import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { pointOnStage, settled } from './support/inferenceCanvas';
import { layer, result, scenePng } from './support/inferenceData';
import { type Host, host, hybridHost, vitHost } from './support/inferenceHost';
import { DRAWN } from './support/themes';
import { useView } from './support/useView';
import type { ViewOptions } from './support/viewPage';

const tested = useView('inference');

/** Opens the view, lets `act` bring it where it is to be seen, checks that nothing is cut, and keeps a picture. */
async function picture(name: string, shown: Host, options: ViewOptions, act: (page: Page) => Promise<unknown>): Promise<void> {
  const { page, errors } = await tested.open(shown, { ...options });
  await act(page);
  await settled(page);
  await tested.screenshot(page, name);
  expect(errors).toEqual([]);
  expect(await cut(page)).toEqual([]);
  await page.close();
}

/** Texts that are wider than their place without an ellipsis, and anything that makes the panel scroll sideways. */
function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const view = document.querySelector('inference-view');
    if (view && view.scrollWidth > view.clientWidth) found.push(`the panel is ${view.scrollWidth - view.clientWidth} px too wide`);
    for (const element of document.querySelectorAll<HTMLElement>('inference-view *:not(canvas)')) {
      const style = getComputedStyle(element);
      const mayScroll = style.textOverflow === 'ellipsis' || style.overflowX === 'auto' || element.classList.contains('offscreen');
      if (!mayScroll && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
        found.push(`${element.localName}.${element.className}`);
    }
    return found;
  });
}

const drawn = async (page: Page) => {
  await page.locator('.strip-item').first().waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.strip heat-thumbnail')].every((item) => {
      const { left, right, top } = item.getBoundingClientRect();
      return item.hasAttribute('loaded') || right < 32 || left > innerWidth - 32 || top > innerHeight - 8;
    }),
  );
};

for (const theme of DRAWN) {
  test(`${theme}, wide`, () =>
    picture(`${theme}-wide`, hybridHost(), { theme, width: 1280, height: 960 }, async (page) => {
      await drawn(page);
      const at = await pointOnStage(page, 0.69, 0.31);
      await page.mouse.move(at.x, at.y);
    }));

  test(`${theme}, narrow`, () => picture(`${theme}-narrow`, vitHost(), { theme, width: 420, height: 1640 }, drawn));

  test(`${theme}, recipe form and menu`, () =>
    picture(`${theme}-form`, vitHost(), { theme, width: 1000, height: 960 }, async (page) => {
      await drawn(page);
      await page.getByRole('button', { name: 'Edit the recipe' }).click();
      await page.locator('[data-field=size] input').fill('x');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.getByRole('button', { name: 'Export and more' }).click();
    }));

  test(`${theme}, error`, () => {
    const message = 'vit.onnx takes an input of 224 x 224 pixels, the recipe makes 64 x 64. Edit the recipe, or choose another model.';
    const failing = host({ result: result(), run: () => Promise.reject(Object.assign(new Error(message), { name: 'UserError' })) });
    return picture(`${theme}-error`, failing, { theme, width: 800, height: 300 }, (page) => page.getByRole('alert').waitFor());
  });
}

test('first run', () => {
  const waiting = host({
    result: result(),
    run: (context) => {
      context.progress({ stage: 'session', fraction: 0.4 });
      return new Promise(() => {});
    },
  });
  return picture('dark-running', waiting, { width: 1000, height: 640 }, (page) => page.getByText('Making the session').waitFor());
});

test('a second run over the first answer, then cancelled', async () => {
  const first = vitHost();
  const waiting: Host['handlers']['run'] = (params, context) => {
    if (first.asked.runs.length === 0) return first.handlers.run(params, context);
    context.progress({ stage: 'run', fraction: null });
    return new Promise(() => {});
  };
  const shown = { ...first, handlers: { ...first.handlers, run: waiting } };
  const again = async (page: Page) => {
    await drawn(page);
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByText('Running the model').waitFor();
  };
  await picture('dark-rerun', shown, { width: 1000, height: 700 }, again);
  first.asked.runs.length = 0;
  await picture('dark-cancelled', shown, { width: 1000, height: 700 }, async (page) => {
    await again(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
  });
});

test('a cropped photograph-like image, many layers and heads, notes', async () => {
  const tokens = { leading: 0, rows: 8, columns: 8 };
  const attention = Array.from({ length: 16 }, (_, index) => layer(`s3.${index}`, `Transformer stage ${index}`, tokens, 12));
  const labels = [
    ['a rather long label of a class that nobody would shorten', 0.51],
    ['Egyptian cat', 0.2],
    ['tabby', 0.1],
  ] as const;
  const shown = hybridHost({
    attention,
    image: { name: 'a_very_long_file_name_of_an_image_from_a_camera_20240501_123456.jpg', width: 960, height: 640 },
    seen: { x: 160, y: 0, width: 640, height: 640 },
    providerNote: 'WebGPU was skipped: no adapter was found. CPU ran instead.',
    warnings: ['The model names no classes; indices are shown.'],
    labels: labels.map(([label, probability], index) => ({ index, label, probability })),
    timings: { decode: 67, preprocess: 21.4, session: 0, run: 1342 },
  });
  const image: Host['handlers']['image'] = async ({ which }) => scenePng(which === 'seen' ? {} : { pad: 16, scale: 10 });
  const both = { ...shown, handlers: { ...shown.handlers, image } };
  await picture('light-crop', both, { theme: 'light', width: 900, height: 1000 }, drawn);
  await picture('light-crop-narrow', both, { theme: 'light', width: 340, height: 1400 }, drawn);
});

test('no attention, no classes', () => {
  const outputs = [{ name: 'segmentation_logits', dtype: 'float32', shape: [1, 21, 512, 512] }];
  return picture('dark-outputs', host({ result: result({ labels: [], outputs }) }), { width: 900, height: 760 }, (page) =>
    page.locator('.no-attention').waitFor(),
  );
});

test('tokens without a place', () => {
  const one = { block: 'x', label: 'Cross-attention', heads: 3, queries: 12, keys: 40, windows: 1, queryGrid: null, keyGrid: null };
  const shown = host({
    result: result({ attention: [one] }),
    map: (block) => ({
      block,
      queries: 12,
      keys: 40,
      values: Float32Array.from({ length: 480 }, (_, index) => Math.exp(-(((index % 40) - Math.floor(index / 40) * 3) ** 2) / 20) / 8),
    }),
  });
  return picture('dark-matrix', shown, { width: 1000, height: 900 }, drawn);
});
