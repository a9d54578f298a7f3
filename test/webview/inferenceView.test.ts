import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import type { AttentionMap } from '../../src/protocol';
import { closestPixel, pixelAt, pointOnStage, settled } from './support/inferenceCanvas';
import { attentionMap, DISC, RECIPE, result, scenePng } from './support/inferenceData';
import { type Host, host, hybridHost, vitHost } from './support/inferenceHost';
import { useView } from './support/useView';
import type { ViewOptions, ViewPage } from './support/viewPage';

/** Matplotlib's viridis and cividis end in these. */
const VIRIDIS_HIGH = [253, 231, 37] as const;
const CIVIDIS_HIGH = [254, 232, 56] as const;
/** Heat that hides the image, one colour per cell. */
const OPAQUE = { look: { opacity: 1, smooth: false } };

const tested = useView('inference');
const views: ViewPage[] = [];
afterEach(async () => {
  const opened = views.splice(0);
  for (const view of opened) expect(view.errors).toEqual([]);
  for (const view of opened) await view.page.close();
});

async function open(shown: Host, options: ViewOptions = {}): Promise<ViewPage> {
  const view = await tested.open(shown, { height: 1000, ...options });
  views.push(view);
  return view;
}

/** Opens the view and waits until the picture and every thumbnail in sight are drawn. */
async function openDrawn(shown: Host, options: ViewOptions = {}): Promise<Page> {
  const { page } = await open(shown, options);
  await page.locator('.strip-item').first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('.strip heat-thumbnail')].every((item) => item.hasAttribute('loaded')));
  await settled(page);
  return page;
}

// biome-ignore lint/performance/useDomNodeTextContent: the text as a person sees it, with space between blocks
const text = async (page: Page, selector: string) => (await page.locator(selector).innerText()).replace(/[\u2009\s]+/g, ' ').trim();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

describe('answer', () => {
  test('shows the five best labels with their probabilities, then more', async () => {
    const { page } = await open(vitHost());
    await page.locator('.label-list > li').first().waitFor();
    expect(await page.locator('.label-name').allInnerTexts()).toEqual([
      'red circle',
      'red square',
      'orange circle',
      'red triangle',
      'magenta circle',
    ]);
    expect(await page.locator('.label-list .number').allInnerTexts()).toEqual(['94.2%', '3.1%', '1.4%', '0.8%', '0.3%']);
    expect(await page.locator('.label-list > li').first().getAttribute('title')).toContain('0.94217');
    const bars = await page
      .locator('.label-bar > span')
      .evaluateAll((spans) => spans.map((span) => span.clientWidth / (span.parentElement?.clientWidth ?? 1)));
    expect(bars[0]).toBeCloseTo(0.942, 2);
    await press(page, 'Show 5 more');
    expect(await page.locator('.label-name').count()).toBe(10);
    await press(page, 'Show fewer');
    expect(await page.locator('.label-name').count()).toBe(5);
  });

  test('shows time per stage, the provider and the recipe', async () => {
    const { page } = await open(vitHost({ provider: 'webgpu', timings: { decode: 0.42, preprocess: 0.31, session: 0, run: 2.13 } }));
    await page.locator('.time').waitFor();
    expect(await text(page, '.time dl')).toBe('decode 0.4 ms preprocess 0.3 ms session cached run 2.1 ms provider WebGPU');
    expect(await text(page, '.recipe .dotted')).toBe(
      'resize 64, bicubic, antialias, crop 64 \u00d7 64 \u00b7 mean 0.5, std 0.5 \u00b7 RGB, NCHW float32 \u00b7 from model metadata Edit',
    );
    expect(await text(page, '.panel-header')).toContain('shapes_07.png 64 \u00d7 64 vit.onnx WebGPU Run again');
  });

  test('says why another provider ran and what the engine warns of', async () => {
    const { page } = await open(
      vitHost({ providerNote: 'CUDA: libcudart.so.12 was not found.', warnings: ['The image has 16 bits a channel; 8 are used.'] }),
    );
    await page.locator('.notes').waitFor();
    expect(await page.locator('.notes > li').allInnerTexts()).toEqual([
      'CUDA: libcudart.so.12 was not found.',
      'The image has 16 bits a channel; 8 are used.',
    ]);
  });

  test('shows outputs where there are no classes, and says that there is no attention', async () => {
    const outputs = [
      { name: 'mask', dtype: 'float32', shape: [1, 21, 64, 64] },
      { name: 'aux', dtype: 'float16', shape: [1, 21, 8, 8] },
    ];
    const { page } = await open(host({ result: result({ model: 'segment.onnx', labels: [], outputs }) }));
    await page.locator('.answer').waitFor();
    expect(await text(page, '.answer dl')).toBe('mask float32 [1, 21, 64, 64] aux float16 [1, 21, 8, 8]');
    expect(await text(page, '.answer p')).toContain('no labels');
    expect(await text(page, '.no-attention')).toBe('This model has no attention layers that can be shown.');
    expect(await page.locator('.query').count()).toBe(0);
  });
});

describe('heat', () => {
  // The disc's centre (44, 20) lies at the centre of patch (2, 5) of 8 x 8.
  const disc = { x: DISC.x / 64, y: DISC.y / 64 };

  test('of the class token has its maximum on the object', async () => {
    const page = await openDrawn(vitHost(), { state: OPAQUE });
    const hottest = await closestPixel(page, VIRIDIS_HIGH);
    expect(hottest.difference).toBeLessThan(3);
    expect(hottest.x).toBeCloseTo(disc.x, 2);
    expect(hottest.y).toBeCloseTo(disc.y, 2);
    expect(await text(page, '.query .dotted >> nth=0')).toMatch(
      /^Class token · 8 × 8 tokens · entropy [\d.]+ bits · [\d.]+% goes to the class token$/,
    );
  });

  test('is smooth with its maximum where the strongest cell has its centre, at two device pixels', async () => {
    const page = await openDrawn(vitHost(), { state: { look: { opacity: 1, smooth: true, colorMap: 'cividis' } }, scale: 2 });
    const hottest = await closestPixel(page, CIVIDIS_HIGH);
    expect(hottest.difference).toBeLessThan(6);
    expect(Math.hypot(hottest.x - disc.x, hottest.y - disc.y)).toBeLessThan(0.01);
    const sizes = await page
      .locator('inference-stage canvas')
      .evaluate((canvas) => [(canvas as HTMLCanvasElement).width, canvas.clientWidth]);
    expect(sizes[0]).toBe(2 * (sizes[1] ?? 0));
  });

  test('has the legend of the largest value in the grid', async () => {
    const page = await openDrawn(vitHost(), { state: OPAQUE });
    const map = attentionMap('block.3', { leading: 1, rows: 8, columns: 8 }, 1, 'mean', 4);
    const maximum = Math.max(...map.values.subarray(1, 65));
    expect(await text(page, '.stage-legend')).toBe(`0 ${maximum.toPrecision(3)} of attention`);
  });

  test('lies on what the network saw of a wider image, the rest is dimmed', async () => {
    const change = { image: { name: 'wide.png', width: 96, height: 64 }, seen: { x: 16, y: 0, width: 64, height: 64 } };
    const shown = vitHost(change);
    const page = await openDrawn(
      { ...shown, handlers: { ...shown.handlers, image: async ({ which }) => scenePng(which === 'seen' ? {} : { pad: 16 }) } },
      { state: OPAQUE },
    );
    const hottest = await closestPixel(page, VIRIDIS_HIGH);
    expect(hottest.x).toBeCloseTo((16 + DISC.x) / 96, 2);
    expect(hottest.y).toBeCloseTo(disc.y, 2);
    // 60% of the dark theme's #1f1f1f over the image's (120, 150, 120).
    expect(await pixelAt(page, 0.05, 0.5)).toEqual([67, 79, 67, 255].map((value) => expect.closeTo(value, -0.5)));
    await page.getByText('As the network sees it').click();
    await settled(page);
    expect((await closestPixel(page, VIRIDIS_HIGH)).x).toBeCloseTo(disc.x, 2);
  });

  test('follows the pointer, stays at a clicked patch, and Escape lets go', async () => {
    const page = await openDrawn(vitHost(), { state: { look: { ...OPAQUE.look, block: 'block.0' } } });
    const at = await pointOnStage(page, 1.5 / 8, 6.5 / 8);
    await page.mouse.move(at.x, at.y);
    await settled(page);
    expect(await text(page, '.query .dotted >> nth=0')).toMatch(
      /^Patch \(6, 1\) under the pointer · 8 × 8 tokens · attention distance [\d.]+ px/,
    );
    // The outline covers the cell's edge, not its centre, and the first layer looks where it stands.
    expect((await pixelAt(page, 1.5 / 8, 6.5 / 8)).slice(0, 3)).toEqual(VIRIDIS_HIGH.map((value) => expect.closeTo(value, -0.5)));
    await page.mouse.click(at.x, at.y);
    const other = await pointOnStage(page, 0.7, 0.2);
    await page.mouse.move(other.x, other.y);
    await settled(page);
    expect(await text(page, '.query .dotted >> nth=0')).toMatch(/^Patch \(6, 1\) pinned/);
    await page.keyboard.press('Escape');
    await page.mouse.move(5, 5);
    await settled(page);
    expect(await text(page, '.query .dotted >> nth=0')).toMatch(/^Class token/);
  });

  test('can be asked for with the keyboard alone', async () => {
    const page = await openDrawn(vitHost());
    await page.locator('inference-stage canvas').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowUp');
    await settled(page);
    expect(await text(page, '.query .dotted >> nth=0')).toMatch(/^Patch \(3, 3\) pinned/);
    await press(page, 'Unpin');
    await settled(page);
    expect(await text(page, '.query .dotted >> nth=0')).toMatch(/^Class token/);
  });

  test('is the mean of all queries where there is no class token', async () => {
    const page = await openDrawn(hybridHost(), { state: OPAQUE });
    expect(await text(page, '.query .dotted >> nth=0')).toMatch(
      /^Mean of all queries · 8 × 8 tokens · mean attention distance [\d.]+ px · entropy [\d.]+ bits$/,
    );
    const hottest = await closestPixel(page, VIRIDIS_HIGH);
    expect(Math.hypot(hottest.x - disc.x, hottest.y - disc.y)).toBeLessThan(0.01);
  });
});

describe('layers and heads', () => {
  test('arrow keys choose the layer, a click the head, and the choice is kept', async () => {
    const shown = vitHost();
    const page = await openDrawn(shown);
    expect(await page.locator('.strip-label').allInnerTexts()).toEqual([
      'Layer 0',
      'Layer 1',
      'Layer 2',
      'Layer 3',
      'mean',
      'head 1',
      'head 2',
      'head 3',
      'head 4',
    ]);
    await page.getByRole('option', { name: 'Layer 3' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Heads of Layer 2').waitFor();
    await page.getByRole('option', { name: 'head 2' }).click();
    expect(await page.getByRole('option', { name: 'head 2' }).getAttribute('aria-selected')).toBe('true');
    expect(shown.asked.maps).toContain('block.2/1/0');
    expect(await views[0]?.state()).toMatchObject({ look: { block: 'block.2', head: 1 } });
    await press(page, 'Mean of heads');
    expect(await page.getByRole('option', { name: 'mean' }).getAttribute('aria-selected')).toBe('true');
    await press(page, 'Show in the model');
    expect(shown.asked.opened).toEqual(['block.2']);
  });

  test('asks for each map once, and not for heads of layers that nobody chose', async () => {
    const shown = vitHost();
    await openDrawn(shown);
    expect([...shown.asked.maps].sort()).toEqual(
      ['block.0/mean/0', 'block.1/mean/0', 'block.2/mean/0', 'block.3/mean/0', ...[0, 1, 2, 3].map((head) => `block.3/${head}/0`)].sort(),
    );
  });

  test('rollout is offered for a transformer of equal layers and drawn as the product of its layers', async () => {
    const page = await openDrawn(vitHost(), { state: OPAQUE });
    await press(page, 'Rollout');
    await settled(page);
    expect(await text(page, '.strip-head >> nth=1')).toBe('ROLLOUT UP TO LAYER 3');
    const disc = { x: DISC.x / 64, y: DISC.y / 64 };
    const hottest = await closestPixel(page, VIRIDIS_HIGH);
    expect(Math.hypot(hottest.x - disc.x, hottest.y - disc.y)).toBeLessThan(0.01);
  });

  test('a layer whose tokens have no place is drawn as queries by keys', async () => {
    const values = Float32Array.from([0.7, 0.2, 0.1, 0.1, 0.2, 0.7]);
    const layer = { block: 'x', label: 'Pooling', heads: 1, queries: 2, keys: 3, windows: 1, queryGrid: null, keyGrid: null };
    const shown = host({ result: result({ attention: [layer] }), map: (block): AttentionMap => ({ block, queries: 2, keys: 3, values }) });
    const page = await openDrawn(shown, { state: OPAQUE });
    expect(await text(page, '.alone-note')).toContain('queries (rows) by keys (columns)');
    expect(await pixelAt(page, 0.17, 0.25)).toEqual([...VIRIDIS_HIGH, 255].map((value) => expect.closeTo(value, -0.5)));
    const at = await pointOnStage(page, 0.83, 0.25);
    await page.mouse.move(at.x, at.y);
    await settled(page);
    expect(await text(page, 'inference-stage p')).toBe('query 0, key 2: 0.1');
    expect(await page.getByRole('button', { name: 'Rollout' }).count()).toBe(0);
  });

  test('windows whose places are known are drawn together, and the pointer asks one of them', async () => {
    const grid = { leading: 0, rows: 2, columns: 2 };
    const layer = {
      ...{ block: 'w', label: 'Window', heads: 1, queries: 4, keys: 4, windows: 4, queryGrid: grid, keyGrid: grid },
      windowGrid: { rows: 2, columns: 2, shift: 0 },
    };
    // Every query of window 2 (below left) looks at its patch 1 (above right): patch (2, 1) of 4 x 4.
    const map = (block: string, _head: number | 'mean', window: number): AttentionMap => {
      const row = window === 2 ? [0, 1, 0, 0] : [0.25, 0.25, 0.25, 0.25];
      return { block, queries: 4, keys: 4, values: Float32Array.from([...row, ...row, ...row, ...row]) };
    };
    const page = await openDrawn(host({ result: result({ attention: [layer] }), map }), { state: OPAQUE });
    const hottest = await closestPixel(page, VIRIDIS_HIGH);
    expect(hottest.x).toBeCloseTo(1.5 / 4, 2);
    expect(hottest.y).toBeCloseTo(2.5 / 4, 2);
    expect(await page.locator('.strip-head vscode-dropdown').count()).toBe(0);
    const at = await pointOnStage(page, 3.5 / 4, 0.5 / 4);
    await page.mouse.move(at.x, at.y);
    await settled(page);
    expect(await text(page, '.query .dotted >> nth=0')).toMatch(/^Patch \(0, 3\) under the pointer · 4 × 4 tokens/);
    // Uniform attention in a window of 2 x 2 patches of 16 pixels: (0 + 16 + 16 + 16 sqrt 2) / 4 = 13.7.
    expect(await text(page, '.query .dotted >> nth=0')).toContain('attention distance 13.7 px · entropy 2.00 bits');
    expect((await pixelAt(page, 0.65, 0.4)).slice(0, 3)).toEqual(VIRIDIS_HIGH.map((value) => expect.closeTo(value, -0.5)));
  });

  test('windows without a place are chosen by number', async () => {
    const grid = { leading: 0, rows: 4, columns: 4 };
    const layer = { block: 'w', label: 'Window', heads: 2, queries: 16, keys: 16, windows: 4, queryGrid: grid, keyGrid: grid };
    const shown = host({ result: result({ attention: [layer] }), map: (block, head) => attentionMap(block, grid, 0.5, head, 2) });
    const page = await openDrawn(shown);
    await page.locator('.strip-head vscode-dropdown').click();
    await page.getByRole('option', { name: 'Window 3 of 4' }).click();
    await expect.poll(() => shown.asked.maps).toContain('w/mean/2');
  });

  test('says why a map could not be had', async () => {
    const shown = vitHost();
    const attention = () => Promise.reject(Object.assign(new Error('The run was closed; run the model again.'), { name: 'UserError' }));
    const { page } = await open({ ...shown, handlers: { ...shown.handlers, attention } });
    await page.getByText('The run was closed; run the model again.').waitFor();
    await page.locator('.error-state').getByRole('button', { name: 'Run again' }).click();
    await expect.poll(() => shown.asked.runs.length).toBe(2);
  });
});

test('an engine that ends while the picture is fetched is one error with one way on', async () => {
  const shown = vitHost();
  const broken = { attention: 0, image: 0 };
  const ends = (what: keyof typeof broken) => () => {
    broken[what] += 1;
    return Promise.reject(Object.assign(new Error('The engine stopped unexpectedly.'), { name: 'UserError' }));
  };
  const { page } = await open({ ...shown, handlers: { ...shown.handlers, attention: ends('attention'), image: ends('image') } });
  await page.locator('.error-state').waitFor();
  await expect.poll(() => broken.image > 0 && broken.attention > 0).toBe(true);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  expect(await page.getByRole('alert').count()).toBe(1);
  expect(await page.getByRole('button', { name: 'Run again' }).count()).toBe(1);
  await press(page, 'Run again');
  await expect.poll(() => shown.asked.runs.length).toBe(2);
});

describe('recipe', () => {
  const field = (page: Page, name: string) => page.locator(`[data-field=${name}] vscode-text-field input`);

  test('edited parts are sent as overrides, and reset takes them back', async () => {
    const shown = vitHost();
    const page = await openDrawn(shown);
    await press(page, 'Edit the recipe');
    await field(page, 'size').fill('72');
    await field(page, 'mean').fill('0.485, 0.456, 0.406');
    await press(page, 'Apply');
    await page.getByText('from edited').waitFor();
    expect(shown.asked.runs).toEqual([undefined, { resize: { mode: 'shorter', size: 72 }, mean: [0.485, 0.456, 0.406] }]);
    await press(page, 'Edit the recipe');
    await field(page, 'std').fill('0.25');
    await field(page, 'std').press('Enter');
    await expect
      .poll(() => shown.asked.runs[2])
      .toEqual({ resize: { mode: 'shorter', size: 72 }, mean: [0.485, 0.456, 0.406], std: [0.25, 0.25, 0.25] });
    await press(page, 'Edit the recipe');
    await press(page, 'Reset');
    await expect.poll(() => shown.asked.runs.length).toBe(4);
    expect(shown.asked.runs[3]).toBeUndefined();
  });

  test('a field that cannot be read says so and nothing runs', async () => {
    const shown = vitHost();
    const page = await openDrawn(shown);
    await press(page, 'Edit the recipe');
    await field(page, 'size').fill('many');
    await field(page, 'std').fill('0.5, 0, 0.5');
    await press(page, 'Apply');
    expect(await page.locator('.form-error').allInnerTexts()).toEqual([
      'Give one whole number of pixels from 1 to 8192.',
      'Every std must be above 0.',
    ]);
    expect(shown.asked.runs.length).toBe(1);
    await field(page, 'size').press('Escape');
    expect(await page.locator('recipe-form').count()).toBe(0);
  });
});

describe('states', () => {
  test('shows the stage while running, and Cancel ends it', async () => {
    let aborted = false;
    const shown = host({
      result: result(),
      run: (context, attempt) => {
        if (attempt > 1) return Promise.resolve(result());
        context.progress({ stage: 'session', fraction: 0.25 });
        return new Promise((_resolve, reject) => {
          context.signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('stopped'));
          });
        });
      },
    });
    const { page } = await open(shown);
    await page.getByText('Making the session').waitFor();
    expect(await text(page, 'busy-state')).toContain('25.0% done');
    await press(page, 'Cancel');
    await page.getByText('The run was cancelled.').waitFor();
    await expect.poll(() => aborted).toBe(true);
    await press(page, 'Run again');
    await page.getByText('red circle').waitFor();
  });

  test('an error says what is wrong and offers a way on', async () => {
    const message = 'notes.png is no image: its first bytes are those of a text file. Choose a PNG, JPEG, WebP, TIFF or GIF.';
    const shown = host({ result: result(), run: () => Promise.reject(Object.assign(new Error(message), { name: 'FormatError' })) });
    const { page } = await open(shown);
    await page.getByRole('alert').waitFor();
    expect(await text(page, '.error-state')).toContain(message);
    await press(page, 'Choose another model');
    await expect.poll(() => shown.asked.chosen).toEqual(['model']);
    await press(page, 'Run again');
    await expect.poll(() => shown.asked.runs.length).toBe(2);
  });

  test('the host can ask for another run, and the old answer stays until then', async () => {
    let finish = () => {};
    const second = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const shown = host({
      result: result(),
      run: async (_context, attempt) => {
        if (attempt === 1) return result();
        await second;
        return result({ model: 'other.onnx', provider: 'webgpu' });
      },
    });
    const { page, tell } = await open(shown);
    await page.getByText('red circle').waitFor();
    await tell({ type: 'rerun' });
    await page.getByText('Running inference').waitFor();
    expect(await page.getByText('red circle').count()).toBe(1);
    finish();
    await page.getByText('other.onnx').waitFor();
    expect(await page.locator('.panel-header').getByText('WebGPU').count()).toBe(1);
  });
});

describe('a run that fails', () => {
  const failing = () =>
    host({
      result: result(),
      run: (_context, attempt) => (attempt === 1 ? Promise.resolve(result()) : Promise.reject(new Error('other.onnx takes no image.'))),
    });

  test('with another model takes the answer of the one before away', async () => {
    const { page, tell } = await open(failing());
    await page.getByText('red circle').waitFor();
    await tell({ type: 'rerun', another: true });
    await page.getByRole('alert').waitFor();
    expect(await page.getByText('red circle').count()).toBe(0);
    expect(await text(page, '.error-state')).toContain('other.onnx takes no image.');
  });

  test('with the same model leaves its answer', async () => {
    const { page, tell } = await open(failing());
    await page.getByText('red circle').waitFor();
    await tell({ type: 'rerun' });
    await page.getByRole('alert').waitFor();
    expect(await page.getByText('red circle').count()).toBe(1);
  });
});

describe('exports', () => {
  const choose = async (page: Page, name: string) => {
    await press(page, 'Export and more');
    await page.getByRole('menuitem', { name }).click();
  };

  test('copies the answer', async () => {
    const shown = vitHost();
    const page = await openDrawn(shown);
    await choose(page, 'Copy answer as text');
    await choose(page, 'Copy answer as JSON');
    await expect.poll(() => shown.asked.copied.length).toBe(2);
    expect(shown.asked.copied[0]?.split('\n')[0]).toBe('red circle\t0.94217');
    expect(JSON.parse(shown.asked.copied[1] ?? '')[1]).toEqual({ index: 7, label: 'red square', probability: 0.03104 });
  });

  test('saves the grid of attention, the result and the picture', async () => {
    const shown = vitHost();
    const page = await openDrawn(shown, { state: OPAQUE });
    await choose(page, 'Save attention map as CSV');
    await choose(page, 'Save result as JSON');
    await choose(page, 'Save picture as PNG');
    await expect.poll(() => shown.asked.saved.length).toBe(3);
    const [csv, json, png] = shown.asked.saved;
    expect(shown.asked.saved.map(({ name }) => name)).toEqual([
      'shapes_07.Layer-3.mean.class.csv',
      'shapes_07.result.json',
      'shapes_07.Layer-3.mean.class.png',
    ]);
    const map = attentionMap('block.3', { leading: 1, rows: 8, columns: 8 }, 1, 'mean', 4);
    const rows = Buffer.from(csv?.bytes ?? [])
      .toString()
      .trim()
      .split('\n');
    expect(rows.flatMap((row) => row.split(',').map((value) => Math.fround(Number(value))))).toEqual([...map.values.subarray(1, 65)]);
    expect(JSON.parse(Buffer.from(json?.bytes ?? []).toString())).toMatchObject({ schema: 1, model: 'vit.onnx', recipe: { ...RECIPE } });
    const picture = sharp(Buffer.from(png?.bytes ?? []));
    expect(await picture.metadata()).toMatchObject({ format: 'png', width: 1024, height: 1024 });
    const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const pixel = (Math.floor((DISC.y / 64) * 1024) * info.width + Math.floor((DISC.x / 64) * 1024)) * 3;
    expect([...data.subarray(pixel, pixel + 3)]).toEqual(VIRIDIS_HIGH.map((value) => expect.closeTo(value, -0.5)));
  });

  test('the menu works with the keyboard and opens the model', async () => {
    const shown = vitHost();
    const page = await openDrawn(shown);
    await page.getByRole('button', { name: 'Export and more' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Save result as JSON');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await expect.poll(() => shown.asked.opened).toEqual([undefined]);
    expect(await page.getByRole('menu').count()).toBe(0);
  });
});
