import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/bytes';
import type { Handlers, ModelViewApi } from '../../src/protocol';
import { groupsOfNode, makeLevel, makeProfile } from './support/modelData';
import { dataHost } from './support/modelHost';
import { useView } from './support/useView';
import { drawn, type ViewOptions, type ViewPage } from './support/viewPage';

const tested = useView('model');

interface Options extends Omit<ViewOptions, 'state'> {
  /** What the editor's view has kept. */
  readonly state?: Readonly<Record<string, unknown>>;
}

async function opened(handlers: Handlers<ModelViewApi>, options: Options = {}): Promise<ViewPage> {
  const { state, ...rest } = options;
  const view = await tested.open({ handlers }, state ? { ...rest, state: { model: state } } : rest);
  await view.page.locator('.graph-footer').getByText('operators').waitFor();
  return view;
}

/** Thin spaces stand between figures and units. */
const plain = (text: string | null) => (text ?? '').replaceAll('\u2009', ' ').replace(/\s+/g, ' ').trim();
const textOf = async (page: Page, selector: string) => plain(await page.locator(selector).first().textContent());
const rows = async (page: Page) => (await page.locator('data-table .table-body .row-label').allInnerTexts()).map(plain);

/** Walks down the edges until the box is selected. */
async function selectBox(page: Page, name: string): Promise<void> {
  const spoken = page.locator('.graph-stage [role=status]');
  await page.locator('.graph-canvas').focus();
  for (let step = 0; step < 20 && !plain(await spoken.textContent()).startsWith(name); step++) {
    const before = await spoken.textContent();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => spoken.textContent()).not.toBe(before);
  }
  expect(plain(await spoken.textContent())).toContain(name);
}

describe('header and budget', () => {
  it('says what the model is and how big, and copies the exact figure', async () => {
    const host = dataHost();
    const { page, close } = await opened(host.handlers);
    const header = await textOf(page, 'model-header');
    expect(header).toContain('coatnet_0.onnx');
    expect(header).toContain('ONNX, opset 17, IR 8, pytorch 2.13');
    expect(header).toContain('input float32 [batch, 3, 224, 224]');
    // 27*64 + 576*64 + ... of the made-up network, summed by hand in modelData's own terms.
    const { parameters, macs } = makeProfile().totals;
    expect(Number(macs)).toBeGreaterThan(1.3e9);
    // One of its operators is not counted.
    expect(header).toContain('\u2265 1.34 GMACs');
    await page.locator('model-header .figures .copyable').first().click();
    await expect.poll(() => host.asked.copied).toEqual([String(parameters)]);
    await page.getByText(`Copied ${parameters}`).waitFor();
    await close();
  });

  it('splits by MACs or parameters, shares adding up to the whole', async () => {
    const { page, close } = await opened(dataHost().handlers);
    const shares = async () =>
      (await page.locator('budget-bar [data-budget] .description').allInnerTexts()).map((text) => Number.parseFloat(text.replace('<', '')));
    const byMacs = await shares();
    expect(byMacs.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
    await page.getByRole('combobox', { name: 'Split by' }).click();
    await page.getByRole('option', { name: 'By parameters' }).click();
    await expect.poll(shares).not.toEqual(byMacs);
    expect((await shares()).reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
    await close();
  });

  it('marks an assumed size and counts again for the one entered; refuses what is no size', async () => {
    const host = dataHost();
    const { page, close } = await opened(host.handlers);
    const field = page.locator('.dimension input');
    expect(await textOf(page, '.dimension')).toContain('assumed');
    await field.fill('eight');
    await field.press('Enter');
    await page.locator('.dimension.wrong').waitFor();
    expect(host.asked.loads).toEqual([{}]);
    await field.fill('8');
    await field.press('Enter');
    await expect.poll(() => host.asked.loads).toEqual([{}, { batch: 8 }]);
    await page.locator('.dimension:not(.assumed)').waitFor();
    await close();
  });

  it('says plainly that external data is missing', async () => {
    const profile = makeProfile();
    const model = { ...profile.model, externalFiles: [{ path: 'weights.bin', size: null }] };
    const { page, close } = await opened(dataHost({}, { ...profile, model }).handlers);
    expect(await textOf(page, 'model-header .note')).toContain('weights.bin is missing beside the model');
    await close();
  });

  it('lists findings, errors first, and leads to the node', async () => {
    const profile = makeProfile({
      warnings: [
        { code: 'shape', message: 'A stored shape contradicts the inferred one.', node: 'n2' },
        { severity: 'error', code: 'cycle', message: 'The graph has a cycle.', node: 'n3' },
      ],
    });
    const { page, close, state } = await opened(dataHost({}, profile).handlers);
    expect(await textOf(page, 'findings-banner .finding')).toContain('The graph has a cycle.');
    await page.getByRole('button', { name: '3 findings' }).click();
    const all = (await page.locator('findings-banner .finding').allInnerTexts()).map(plain);
    expect(all[1]).toContain('A stored shape contradicts');
    expect(all[2]).toContain('MysteryGate');
    await page.locator('findings-banner .finding').nth(1).getByText('Show the node').click();
    await expect.poll(async () => (await state())['model']?.['selected']).toBe('n2');
    await close();
  });
});

describe('graph', () => {
  it('opens and closes a group by keyboard and says so', async () => {
    const host = dataHost();
    const { page, state, close, errors } = await opened(host.handlers);
    await selectBox(page, 'Stem');
    const spoken = page.locator('.graph-stage [role=status]');
    expect(plain(await spoken.textContent())).toContain('closed');
    await page.keyboard.press('Enter');
    await expect.poll(async () => plain(await spoken.textContent())).toContain('open');
    expect(host.asked.levels).toEqual(['stem']);
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(async () => plain(await spoken.textContent())).toContain('Conv, [1, 64, 112, 112]');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await expect.poll(async () => plain(await spoken.textContent())).toContain('closed');
    expect((await state())['model']?.['open']).toEqual([]);
    expect(errors).toEqual([]);
    await close();
  });

  it('keeps the opened box where it was on the screen', async () => {
    const { page, state, close } = await opened(dataHost().handlers);
    const camera = async () => (await state())['model']?.['camera'] as { x: number; y: number; zoom: number };
    const box = await page.locator('.graph-canvas').boundingBox();
    // Pan once so that a camera is kept, then open a group by a double click in the middle column.
    await page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 300);
    await page.mouse.wheel(0, 10);
    await expect.poll(camera).toBeTruthy();
    const before = await camera();
    await page.mouse.dblclick((box?.x ?? 0) + (box?.width ?? 0) / 2 - 40, (box?.y ?? 0) + 90);
    await expect.poll(async () => (await state())['model']?.['open']).toEqual(['stem']);
    // The camera is kept a while after it moved: another pan from where it was is what is kept in the end.
    await page.mouse.wheel(0, 10);
    await expect.poll(async () => (await camera()).y).toBeCloseTo(before.y + 10 / before.zoom, 6);
    expect((await camera()).zoom).toBe(before.zoom);
    await close();
  });

  it('pans with the wheel, zooms at the pointer with Ctrl, fits with 0', async () => {
    const { page, state, close } = await opened(dataHost().handlers);
    const camera = async () => (await state())['model']?.['camera'] as { x: number; y: number; zoom: number } | undefined;
    const area = await page.locator('.graph-canvas').boundingBox();
    const [x, y] = [(area?.x ?? 0) + 200, (area?.y ?? 0) + 100];
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, 50);
    await expect.poll(camera).toBeTruthy();
    const start = await camera();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -50);
    await page.keyboard.up('Control');
    await expect.poll(async () => (await camera())?.zoom ?? 0).toBeGreaterThan(start?.zoom ?? 9);
    const zoomed = await camera();
    const world = (kept: typeof zoomed) => (kept ? kept.x + 200 / kept.zoom : Number.NaN);
    expect(world(zoomed)).toBeCloseTo(world(start), 6);
    await page.locator('.graph-canvas').focus();
    await page.keyboard.press('0');
    await expect.poll(async () => (await camera())?.zoom ?? 9).toBeLessThanOrEqual(1);
    await close();
  });

  it('finds operators by type, name and shape and reveals each in turn', async () => {
    const { page, state, close } = await opened(dataHost().handlers);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('op:MatMul [1, 196, 384]');
    await expect.poll(() => textOf(page, '.match-count')).toBe('0 of 3');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, '.match-count')).toBe('1 of 3');
    await expect.poll(async () => (await state())['model']?.['open']).toEqual(['b2']);
    const first = (await state())['model']?.['selected'];
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await state())['model']?.['selected']).not.toBe(first);
    await page.keyboard.press('Shift+Enter');
    await expect.poll(async () => (await state())['model']?.['selected']).toBe(first);
    await drawn(page);
    await tested.screenshot(page, 'dark-wide-search');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('nothing like this');
    await expect.poll(() => textOf(page, '.match-count')).toBe('No matches');
    await close();
  });

  it('saves the drawing as SVG with every title and as PNG of the whole graph', async () => {
    const host = dataHost();
    const { page, close } = await opened(host.handlers);
    await page.getByRole('button', { name: 'Save as SVG' }).click();
    await expect.poll(() => host.asked.saved.length).toBe(1);
    const svg = new TextDecoder().decode(host.asked.saved[0]?.bytes);
    expect(host.asked.saved[0]?.name).toBe('coatnet_0-graph.svg');
    for (const title of ['Stem', 'MBConv stage S0', 'Transformer stage S3', 'Head']) expect(svg).toContain(`>${title}</text>`);
    await page.getByRole('button', { name: 'Save as PNG' }).click();
    await expect.poll(() => host.asked.saved.length, { timeout: 5000 }).toBe(2);
    const png = host.asked.saved[1]?.bytes ?? new Uint8Array();
    expect([...png.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    await close();
  });

  it('colours by a quantity with a legend that names its unit', async () => {
    const { page, close } = await opened(dataHost().handlers);
    await page.getByRole('combobox', { name: 'Colour by' }).click();
    await page.getByRole('option', { name: 'activation memory' }).click();
    await expect.poll(() => textOf(page, '.graph-legend')).toMatch(/^0 B\s*[\d.]+ MB$/);
    await drawn(page);
    await tested.screenshot(page, 'dark-wide-heat');
    await close();
  });

  it('lights the row of a box under the pointer, and the other way round names it', async () => {
    const { page, close } = await opened(dataHost().handlers, {
      state: { open: ['stem'], selected: 'stem', camera: { x: -350, y: -24, zoom: 1 } },
    });
    await page.locator('.content-row').first().waitFor();
    await drawn(page);
    const area = await page.locator('.graph-canvas').boundingBox();
    // The boxes are 260 wide: at this camera the column's middle is at 480, the stem's first convolution below the input and the frame's head.
    const [x, y] = [(area?.x ?? 0) + 440, (area?.y ?? 0) + 160];
    const lit = async () => {
      // The graph may still be arriving: the pointer moves until there is a box under it.
      await page.mouse.move(x + 1, y);
      await page.mouse.move(x, y);
      return page.locator('.content-row.hovered', { hasText: 'conv1' }).count();
    };
    await expect.poll(lit, { timeout: 10_000 }).toBe(1);
    await page.locator('.graph-tooltip', { hasText: '21,676,032 MACs' }).waitFor();
    await page.mouse.move(x - 300, y);
    await expect.poll(() => page.locator('.content-row.hovered').count()).toBe(0);
    await close();
  });

  it('reveals a node that the host names, opening its groups', async () => {
    const { page, tell, state, close } = await opened(dataHost().handlers);
    const node = makeProfile().nodes.find(({ category }) => category === 'attention.scores')?.id ?? '';
    await tell({ type: 'reveal', node });
    await expect.poll(async () => (await state())['model']?.['selected']).toBe(node);
    expect((await state())['model']?.['open']).toEqual(groupsOfNode(node));
    expect(await textOf(page, 'details-panel h2')).toBe('MatMul');
    await close();
  });
});

describe('profile', () => {
  async function profileTab(options: Options = {}): Promise<ViewPage & { asked: ReturnType<typeof dataHost>['asked'] }> {
    const host = dataHost();
    const view = await opened(host.handlers, options);
    await view.page.getByRole('tab', { name: 'Profile' }).click();
    await view.page.locator('.table-body').first().waitFor();
    return { ...view, asked: host.asked };
  }

  it('shows each block with its operators, a total, and the shares of convolution and attention', async () => {
    const { page, close } = await profileTab();
    expect(await rows(page)).toEqual(['Stem', 'MBConv stage S0', 'MBConv stage S1', 'Transformer stage S3', 'Head']);
    await page.locator('.table-body', { hasText: 'Stem' }).locator('.twisty').click();
    expect((await rows(page)).slice(0, 3)).toEqual(['Stem', 'conv1/Conv', 'conv2/Conv']);
    const conv1 = page.locator('.table-body', { hasText: 'conv1/Conv' });
    // 27 taps x 64 channels x 112 x 112 outputs.
    expect(plain(await conv1.locator('[data-column=macs]').textContent())).toBe('21.7 MMACs');
    expect(await conv1.locator('[data-column=macs]').getAttribute('title')).toBe('21,676,032 MACs');
    expect(plain(await conv1.locator('[data-column=flops]').textContent())).toBe('43.4 MFLOPs');
    expect(plain(await conv1.locator('[data-column=shape]').textContent())).toBe('[1, 64, 112, 112]');
    expect(await textOf(page, '.table-total')).toContain('1.34 GMACs');
    expect(await textOf(page, '[data-share=attention]')).toMatch(/^Attention\s*145 MMACs, 10.8% of the MACs$/);
    await close();
  });

  it('groups by category, operator and node', async () => {
    const { page, close } = await profileTab();
    const group = async (name: string) => {
      await page.getByRole('combobox', { name: 'Group by' }).click();
      await page.getByRole('option', { name }).click();
    };
    await group('operator');
    await expect.poll(() => rows(page)).toContain('LayerNormalization');
    expect(plain(await page.locator('.table-body', { hasText: 'Conv' }).first().locator('.count').textContent())).toBe('8');
    await group('category');
    await expect.poll(() => rows(page)).toContain('Depthwise convolution');
    await group('node');
    await expect.poll(() => rows(page)).toContain('/head/fc/Gemm');
    await close();
  });

  it('sorts by figures, largest first, and gives the model order back', async () => {
    const { page, close } = await profileTab({ state: { grouping: 'node' } });
    const model = await rows(page);
    const head = page.getByRole('columnheader', { name: 'Parameters' });
    await head.getByRole('button').click();
    await expect.poll(async () => (await rows(page))[0]).toBe('/stages.2/blocks.0/mlp/fc1/MatMul');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await head.getByRole('button').click();
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending');
    await head.getByRole('button').click();
    await expect.poll(() => rows(page)).toEqual(model);
    await close();
  });

  it('filters, sums what is left, and never writes 0 for what was not counted', async () => {
    const { page, close } = await profileTab();
    const filter = page.getByRole('textbox', { name: 'Filter' });
    await filter.fill('op:Conv stem');
    await expect.poll(() => rows(page)).toEqual(['Stem', 'conv1/Conv', 'conv2/Conv']);
    expect(await textOf(page, '.table-total')).toContain('2 of 23 operators');
    await filter.fill('mystery');
    await expect
      .poll(async () => plain(await page.locator('.table-body').last().locator('[data-column=macs]').textContent()))
      .toBe('not counted');
    await filter.fill('no such thing');
    await page.getByText('Nothing matches the filter.').waitFor();
    await close();
  });

  it('selects with the arrow keys, opens with right, and shares the selection with the details', async () => {
    const { page, close } = await profileTab();
    await page.locator('.table-body').first().click();
    await page.keyboard.press('Tab');
    await page.locator('data-table virtual-list').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => textOf(page, 'details-panel h2')).toBe('MBConv stage S0');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => textOf(page, 'details-panel h2')).toBe('Conv');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => textOf(page, 'details-panel h2')).toBe('MBConv stage S0');
    await page.getByRole('button', { name: 'Show in graph' }).click();
    await page.locator('graph-view').waitFor();
    await close();
  });

  it('copies the table for spreadsheets and Markdown with exact figures', async () => {
    const { page, asked, close } = await profileTab();
    await page.getByRole('button', { name: 'TSV' }).click();
    await expect.poll(() => asked.copied.length).toBe(1);
    const lines = (asked.copied[0] ?? '').split('\n').map((line) => line.split('\t'));
    expect(lines[0]).toEqual(['Name', 'Type', 'Output shape', 'Parameters', 'MACs', 'FLOPs']);
    expect(lines.at(-1)?.[4]).toBe(String(makeProfile().totals.macs));
    await page.getByRole('button', { name: 'Markdown' }).click();
    await expect.poll(() => asked.copied[1]).toContain('| --- | --- | --- | ---: | ---: | ---: |');
    await close();
  });
});

describe('tensors, attention, details', () => {
  it('lists tensors, says which values are missing and draws a distribution on request', async () => {
    const asked: string[] = [];
    const host = dataHost();
    const statistics: Handlers<ModelViewApi>['statistics'] = (params, context) => {
      asked.push(params.tensor);
      return host.handlers.statistics(params, context);
    };
    const { page, close } = await opened({ ...host.handlers, statistics });
    await page.getByRole('tab', { name: 'Tensors' }).click();
    await page.getByText('The values of 1 tensor cannot be read.').waitFor();
    expect(asked).toEqual([]);
    await page.locator('.table-body', { hasText: '/stem/conv2/Conv.weight' }).click();
    await page.locator('.histogram').waitFor();
    expect(asked).toEqual(['/stem/conv2/Conv.weight']);
    expect(await page.locator('.histogram rect').count()).toBe(64);
    expect(await textOf(page, 'details-panel')).toContain('Standard deviation 0.0834');
    await close();
  });

  it('shows a node’s formula, attributes and neighbours, and follows them', async () => {
    const { page, close, state } = await opened(dataHost().handlers);
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.getByRole('textbox', { name: 'Filter' }).fill('conv2');
    await page.locator('.table-body', { hasText: 'conv2/Conv' }).click();
    const details = page.locator('details-panel');
    await details.getByText('kernel_shape').waitFor();
    expect(plain(await details.textContent())).toContain(`${576 * 64 * 112 * 112} MACs`);
    await details.getByRole('button', { name: 'Conv /stages.0/blocks.0/expand/Conv' }).click();
    await expect.poll(async () => (await state())['model']?.['selected']).toBe('n2');
    await close();
  });

  it('lists attention blocks and offers to run on an image', async () => {
    const host = dataHost();
    const { page, close } = await opened(host.handlers);
    await page.getByRole('tab', { name: 'Attention' }).click();
    const cells = await page.locator('.table-body').first().locator('.table-cell').allTextContents();
    expect(cells.slice(0, 4).map((cell) => cell.trim().replace(/\s+/g, ' '))).toEqual([
      'L1 Transformer stage S3',
      '376 MMACs',
      '28.1%',
      '12',
    ]);
    await page.locator('attention-tab').getByRole('button', { name: 'Run on image' }).click();
    await expect.poll(() => host.asked.runs).toBe(1);
    await close();
  });

  it('has no Attention tab for a model without attention', async () => {
    const profile = makeProfile();
    const blocks = profile.blocks.filter(({ kind }) => kind !== 'attention');
    const { page, close } = await opened(dataHost({}, { ...profile, blocks }).handlers, { state: { tab: 'attention' } });
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Graph', 'Profile', 'Tensors']);
    await close();
  });

  it('hides the details, keeps their width when dragged, and puts them below when narrow', async () => {
    const { page, state, close } = await opened(dataHost().handlers);
    const handle = page.getByRole('separator');
    const area = await handle.boundingBox();
    await page.mouse.move(area?.x ?? 0, 400);
    await page.mouse.down();
    await page.mouse.move((area?.x ?? 0) - 80, 400, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await state())['model']?.['detailsWidth']).toBe(400);
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await state())['model']?.['detailsWidth']).toBe(384);
    await page.setViewportSize({ width: 600, height: 800 });
    await page.locator('split-handle[direction=rows]').waitFor();
    await page.getByRole('button', { name: 'Hide details' }).click();
    await expect.poll(() => page.locator('details-panel').count()).toBe(0);
    await page.getByRole('button', { name: 'Show details' }).click();
    await page.locator('details-panel').waitFor();
    await close();
  });
});

describe('states', () => {
  it('restores tab, grouping, filter and opened groups', async () => {
    const state = { tab: 'profile', grouping: 'operator', profileFilter: 'gemm', open: ['stem'], selected: 'n1' };
    const host = dataHost();
    const { page, close } = await opened(host.handlers, { state: { ...state, tab: 'graph' } });
    await expect.poll(() => host.asked.opened).toEqual([['stem']]);
    expect(await textOf(page, 'details-panel h2')).toBe('Conv');
    await close();
    const second = await tested.open(dataHost(), { state: { model: state } });
    await second.page.locator('.table-body').first().waitFor();
    expect(await rows(second.page)).toEqual(['Gemm', '/head/fc/Gemm']);
    await second.close();
  });

  it('starts afresh from kept state of another form', async () => {
    const view = await opened(dataHost().handlers, { state: { tab: 7, camera: { x: 'no' }, open: [null], grouping: 'nonsense' } });
    expect(view.errors).toEqual([]);
    await view.close();
  });

  it('shows a skeleton at once, later progress with Cancel, and the error of a cancelled load', async () => {
    const host = dataHost({
      load: (_params, { signal, progress }) =>
        new Promise((_resolve, reject) => {
          progress({ stage: 'Reading the graph', fraction: 0.42 });
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    });
    const { page, close } = await tested.open(host);
    await page.locator('.skeleton').waitFor();
    await page.getByText('42.0% done').waitFor();
    await tested.screenshot(page, 'dark-wide-loading');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alert').waitFor();
    expect(await textOf(page, '[role=alert]')).toContain('It was cancelled.');
    await close();
  });

  it('says what is wrong with a file and reads it again on request', async () => {
    let fails = true;
    const host = dataHost();
    const load: Handlers<ModelViewApi>['load'] = (params, context) =>
      fails
        ? Promise.reject(new UserError('The file ends in the middle of the graph, at byte 4096. Export the model again.'))
        : host.handlers.load(params, context);
    const { page, close } = await tested.open({ handlers: { ...host.handlers, load } });
    await page.getByText('The file ends in the middle of the graph').waitFor();
    await tested.screenshot(page, 'dark-wide-error');
    fails = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('graph-view').waitFor();
    await close();
  });

  it('reads the file again when it changed, keeping what the person chose', async () => {
    const host = dataHost();
    const { page, tell, close } = await opened(host.handlers, { state: { open: ['stem'], selected: 'n1' } });
    await expect.poll(() => host.asked.opened).toEqual([['stem']]);
    await tell({ type: 'changed' });
    await expect.poll(() => host.asked.opened).toEqual([['stem'], ['stem']]);
    expect(await textOf(page, 'details-panel h2')).toBe('Conv');
    await close();
  });

  it('keeps the old figures in sight while it counts again, and goes back on Cancel', async () => {
    let loads = 0;
    const host = dataHost();
    const load: Handlers<ModelViewApi>['load'] = (params, context) =>
      ++loads !== 2
        ? host.handlers.load(params, context)
        : new Promise((_resolve, reject) => context.signal.addEventListener('abort', () => reject(new Error('stopped'))));
    const { page, state, close } = await opened({ ...host.handlers, load });
    await page.locator('.dimension input').fill('4');
    await page.keyboard.press('Enter');
    await page.getByText('Reading the model').waitFor();
    expect(await textOf(page, 'model-header')).toContain('1.34 GMACs');
    expect(await page.locator('graph-view').count()).toBe(1);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.getByText('Reading the model').count()).toBe(0);
    expect((await state())['model']?.['bindings']).toEqual({});
    // The host was told the sizes of before.
    await expect.poll(() => host.asked.loads).toEqual([{}, {}]);
    expect(await page.locator('.dimension input').inputValue()).toBe('1');
    await close();
  });

  it('keeps the rest when a part of the graph cannot be read', async () => {
    const graph: Handlers<ModelViewApi>['graph'] = async ({ group }) => {
      const level = group === 'stem' ? null : makeLevel(group);
      if (!level) throw new UserError('The engine stopped while reading this group. Open it again.');
      return level;
    };
    const { page, close } = await opened(dataHost({ graph }).handlers);
    await selectBox(page, 'Stem');
    await page.keyboard.press('Enter');
    await page.getByText('The engine stopped while reading this group').waitFor();
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.locator('.table-body').first().waitFor();
    await close();
  });

  it('says what the host could not do and can be told to be quiet', async () => {
    const save: Handlers<ModelViewApi>['save'] = () => Promise.reject(new UserError('The folder is read-only. Choose another one.'));
    const { page, close } = await opened(dataHost({ save }).handlers);
    await page.getByRole('button', { name: 'Save as SVG' }).click();
    await page.getByText('The folder is read-only. Choose another one.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await close();
  });

  it('moves boxes to their places and ends there', async () => {
    const view = await opened(dataHost().handlers, { reducedMotion: false });
    await selectBox(view.page, 'Stem');
    await view.page.keyboard.press('Enter');
    await expect.poll(async () => (await view.state())['model']?.['open']).toEqual(['stem']);
    await drawn(view.page);
    let before = '';
    const isStill = async () => {
      const now = (await view.page.locator('.graph-canvas').screenshot()).toString('base64');
      const same = now === before;
      before = now;
      return same;
    };
    await expect.poll(isStill, { timeout: 10_000 }).toBe(true);
    expect(view.errors).toEqual([]);
    await view.close();
  });

  it('never takes names from a file for HTML', async () => {
    const evil = '<img src=x onerror="window.hit = 1"><b>bold</b>';
    const profile = makeProfile();
    const nodes = profile.nodes.map((node) => ({ ...node, name: evil, formula: evil, op: `${node.op}${evil}` }));
    const model = { ...profile.model, name: `${evil}.onnx`, producer: evil };
    const blocks = profile.blocks.map((block) => ({ ...block, label: evil }));
    const warnings = [{ code: 'x', message: evil }];
    const { page, close, errors } = await opened(dataHost({}, { ...profile, nodes, model, blocks, warnings }).handlers);
    for (const tab of ['Profile', 'Tensors', 'Attention']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('.table-body').first().click();
    }
    expect(await page.evaluate(() => 'hit' in window || document.querySelector('model-view b') !== null)).toBe(false);
    expect(await textOf(page, 'model-header')).toContain(evil);
    expect(errors).toEqual([]);
    await close();
  });
});
