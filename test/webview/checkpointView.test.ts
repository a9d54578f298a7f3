import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/bytes';
import { safeGlobalsCode } from '../../src/report/safeGlobals';
import { HOSTILE, UNSEEN } from '../unit/text/hostile';
import { checkpointHost, safetensors } from './support/checkpointHost';
import { DRAWN } from './support/themes';
import { useView } from './support/useView';
import { drawn } from './support/viewPage';

/** Counted by PyTorch when the samples were trained (samples/training/figures.py). */
interface Figures {
  readonly models: Readonly<Record<string, { readonly parameters: number; readonly bytes: Readonly<Record<string, number>> }>>;
}
const { models } = JSON.parse(readFileSync('samples/figures.json', 'utf8')) as Figures;

const tested = useView('checkpoint');
const sample = (name: string) => ({ kind: 'file', path: `samples/${name}.safetensors` }) as const;
const bytesOf = (tensors: Parameters<typeof safetensors>[0], name = 'weights.safetensors') =>
  ({ kind: 'bytes', name, bytes: safetensors(tensors) }) as const;

const plain = (text: string | null) => (text ?? '').replaceAll('\u2009', ' ').replace(/\s+/g, ' ').trim();
const names = async (page: Page) => (await page.locator('data-table .table-body .row-label').allInnerTexts()).map(plain);
const rowOf = (page: Page, name: string) => page.locator('data-table .table-body', { hasText: name }).first();
const tabOf = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();

describe('a checkpoint through the real engine', () => {
  it('shows the parameters that PyTorch counted, and every tensor', async () => {
    const { page, errors, close } = await tested.open(checkpointHost(sample('vit')));
    await page.locator('checkpoint-header .figures').waitFor();
    const titles = await page
      .locator('checkpoint-header .figures .copyable')
      .evaluateAll((all) => all.map((button) => button.getAttribute('title') ?? ''));
    expect(titles[0]).toContain(`${models['vit']?.parameters.toLocaleString('en-US')} parameters`);
    await tabOf(page, 'Tensors');
    await rowOf(page, 'patch_embedding.weight').click();
    const panel = page.locator('checkpoint-details');
    await panel.locator('.histogram').waitFor();
    expect(plain(await panel.textContent())).toContain('[80, 3, 8, 8]');
    expect(errors).toEqual([]);
    await close();
  });

  it('reads a tensor’s values only when it is selected, once', async () => {
    const { handlers, asked } = checkpointHost(sample('conv'));
    const { page, close } = await tested.open({ handlers });
    await tabOf(page, 'Tensors');
    await page.locator('data-table .table-body').first().waitFor();
    expect(asked.statistics).toEqual([]);
    await rowOf(page, 'stem.0.weight').click();
    await page.locator('.histogram').waitFor();
    expect(asked.statistics).toEqual(['stem.0.weight']);
    await close();
  });

  it('sorts, filters and walks through the tensors by keyboard', async () => {
    const tensors = [
      { name: 'b.weight', shape: [4, 4] },
      { name: 'a.weight', shape: [8, 8] },
      { name: 'a.bias', shape: [8] },
    ];
    const view = await tested.open(checkpointHost(bytesOf(tensors)));
    const { page } = view;
    await tabOf(page, 'Tensors');
    await page.locator('data-table .table-body').first().waitFor();
    expect(await names(page)).toEqual(['b.weight', 'a.weight', 'a.bias']);
    await page.getByRole('columnheader', { name: 'Elements' }).getByRole('button').click();
    expect(await names(page)).toEqual(['a.weight', 'b.weight', 'a.bias']);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('a. weight');
    await expect.poll(() => names(page)).toEqual(['a.weight']);
    await page.locator('virtual-list').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.locator('checkpoint-details h2').textContent()).toBe('a.weight');
    const kept = await view.state();
    expect(kept['checkpoint']).toMatchObject({ selected: 'tensor:a.weight', tensorFilter: 'a. weight' });
    await view.close();
  });

  it('lists 50,000 tensors in slices and draws those in sight', async () => {
    const tensors = Array.from({ length: 50_000 }, (_, place) => ({ name: `layers.${place}.weight`, shape: [1] }));
    let slices = 0;
    const host = checkpointHost(bytesOf(tensors), ({ tensors: list }) => ({
      tensors: (params, context) => {
        slices += 1;
        return list(params, context);
      },
    }));
    const { page, close } = await tested.open(host);
    await tabOf(page, 'Tensors');
    await page.locator('data-table .table-body').first().waitFor();
    expect(slices).toBeGreaterThan(5);
    expect(await page.locator('virtual-list[aria-rowcount="50000"]').count()).toBe(1);
    expect(await page.locator('data-table .table-body').count()).toBeLessThan(80);
    await page.locator('virtual-list').focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('checkpoint-details h2').textContent()).toBe('layers.49999.weight');
    await close();
  });

  it('reads the file again when it has changed, and keeps the selection', async () => {
    let tensors = [{ name: 'a', shape: [2, 3] }];
    const changing = {
      ...bytesOf(tensors),
      get bytes() {
        return safetensors(tensors);
      },
    };
    const view = await tested.open(checkpointHost(changing));
    const { page } = view;
    await tabOf(page, 'Tensors');
    await rowOf(page, 'a').click();
    tensors = [...tensors, { name: 'new', shape: [7] }];
    await view.tell({ type: 'changed' });
    await rowOf(page, 'new').waitFor();
    expect(await page.locator('checkpoint-details h2').textContent()).toBe('a');
    await view.close();
  });

  it('says in one sentence why a file does not open, and tries again', async () => {
    let broken = true;
    const host = checkpointHost(bytesOf([{ name: 'a', shape: [2] }]), ({ load }) => ({
      load: (params, context) => {
        if (broken) throw new UserError('weights.safetensors is cut off at byte 12.');
        return load(params, context);
      },
    }));
    const { page, close } = await tested.open(host);
    await page.getByText('weights.safetensors is cut off at byte 12.').waitFor();
    broken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('checkpoint-header').waitFor();
    await close();
  });
});

describe('the module tree', () => {
  it('folds equal modules, opens them on demand and shows what they are', async () => {
    const asked: (number | null)[] = [];
    const host = checkpointHost(sample('vit'), ({ modules }) => ({
      modules: (params, context) => {
        asked.push(params.parent);
        return modules(params, context);
      },
    }));
    const view = await tested.open(host);
    const { page } = view;
    const blocks = rowOf(page, 'blocks.0-3');
    await blocks.waitFor();
    expect(asked).toEqual([]);
    expect(plain(await blocks.textContent())).toContain('\u00d74');
    await page.locator('virtual-list').focus();
    await blocks.click();
    await page.keyboard.press('ArrowRight');
    await rowOf(page, 'attention').waitFor();
    expect(asked).toHaveLength(1);
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('data-table .table-body .row-label').allInnerTexts()).toContain('mlp');
    await rowOf(page, 'mlp').locator('.twisty').click();
    await rowOf(page, 'Linear(80, 160)').click();
    const panel = page.locator('checkpoint-details');
    await panel.locator('pre').waitFor();
    // Four blocks of 80 x 160 and a bias each.
    expect(plain(await panel.textContent())).toContain('51.8 k');
    await panel.getByRole('button', { name: 'Copy the definition' }).click();
    await expect.poll(() => host.asked.copied).toEqual(['Linear(80, 160)']);
    expect((await view.state())['checkpoint']?.['openModules']).toHaveLength(2);
    await view.close();
  });

  it('adds up to what PyTorch counted, by part of the budget', async () => {
    const { page, close } = await tested.open(checkpointHost(sample('hybrid')));
    await page.locator('checkpoint-budget .legend').waitFor();
    const titles = await page
      .locator('checkpoint-budget .legend > span')
      .evaluateAll((all) => all.map((part) => part.getAttribute('title') ?? ''));
    const sum = titles.map((title) => Number(/([\d,]+) parameters/.exec(title)?.[1]?.replaceAll(',', ''))).reduce((a, b) => a + b, 0);
    expect(sum).toBe(models['hybrid']?.parameters);
    await close();
  });

  it('finds a module wherever it stands, and shows it in its place', async () => {
    const { page, close } = await tested.open(checkpointHost(sample('hybrid')));
    await page.locator('data-table .table-body').first().waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('qkv');
    await expect.poll(() => names(page)).toEqual(['stage3.0.attention.qkv']);
    await page.locator('data-table .table-body').dblclick();
    await expect.poll(() => names(page)).toContain('qkv');
    await expect.poll(() => names(page)).toContain('stem');
    expect(await page.locator('data-table .table-body.selected .row-label').textContent()).toBe('qkv');
    await close();
  });

  it('leads from a module to its tensors, and from a tensor to its module', async () => {
    const { page, close } = await tested.open(checkpointHost(sample('vit')));
    await rowOf(page, 'patch_embedding').click();
    const panel = page.locator('checkpoint-details');
    await panel.getByRole('button', { name: 'patch_embedding.weight' }).click();
    await panel.locator('.histogram').waitFor();
    await panel.getByRole('button', { name: 'Show its module' }).click();
    await expect.poll(() => panel.locator('h2').textContent()).toContain('patch_embedding');
    await close();
  });
});

describe('the training footprint', () => {
  it('is that of AdamW under autocast, and of another optimizer when chosen', async () => {
    const { page, close } = await tested.open(checkpointHost(sample('vit')));
    const panel = page.locator('training-footprint');
    const rows = async () => plain(await panel.locator('dl').textContent());
    // 230,010 weights: 4 bytes each, as much of gradients, twice of states; 2 bytes a copied element.
    await expect.poll(rows).toMatch(/Weights 920 kB Gradients 920 kB Optimizer states 1\.84 MB/);
    await panel.locator('vscode-dropdown[aria-label="Optimizer"]').click();
    await panel.getByRole('option', { name: 'SGD', exact: true }).click();
    await expect.poll(rows).not.toContain('Optimizer states');
    await close();
  });
});

describe('the health check', () => {
  it('reads all values when its tab is shown, and leads from a finding to its tensor', async () => {
    const tensors = [
      { name: 'conv.weight', shape: [4, 2, 3, 3], values: Array.from({ length: 72 }, (_, place) => (place < 18 ? 0 : 0.1)) },
      { name: 'broken.weight', shape: [2, 2], values: [1, Number.NaN, Number.POSITIVE_INFINITY, 2] },
      { name: 'fine.weight', shape: [2, 2], values: [1, 2, 3, 4] },
    ];
    let checks = 0;
    const host = checkpointHost(bytesOf(tensors), ({ health }) => ({
      health: (params, context) => {
        checks += 1;
        return health(params, context);
      },
    }));
    const { page, errors, close } = await tested.open(host);
    await page.locator('data-table .table-body').first().waitFor();
    expect(checks).toBe(0);
    await tabOf(page, 'Health');
    await page.locator('data-table .table-body').first().waitFor();
    expect(checks).toBe(1);
    const text = plain(await page.locator('checkpoint-health').textContent());
    expect(text).toContain('"broken.weight" has 1 NaN among 4 elements.');
    expect(text).toContain('1 of 4 filters of "conv.weight" are zero throughout.');
    expect(text).not.toContain('fine.weight');
    await rowOf(page, 'dead units').click();
    const panel = page.locator('checkpoint-details');
    await panel.locator('.histogram').waitFor();
    expect(plain(await panel.textContent())).toContain('Slices of zeros 1');
    await panel.getByRole('button', { name: '.npy' }).click();
    await expect.poll(() => host.asked.extracted).toEqual([{ tensors: ['conv.weight'], file: 'conv.weight.npy' }]);
    await tabOf(page, 'Tensors');
    await tabOf(page, 'Health');
    expect(checks).toBe(1);
    expect(errors).toEqual([]);
    await close();
  });

  it('says that nothing was found, and that it was given up', async () => {
    let held = true;
    const host = checkpointHost(sample('vit'), ({ health }) => ({
      health: (params, context) => {
        if (!held) return health(params, context);
        context.progress({ stage: 'health', fraction: 0.25, amount: { unit: 'bytes', done: 25, of: 100 } });
        return new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(new Error('stopped'))));
      },
    }));
    const { page, close } = await tested.open(host);
    await tabOf(page, 'Health');
    await page.getByRole('button', { name: 'Cancel' }).click();
    held = false;
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('No problems').waitFor();
    await close();
  });
});

/** Pickles of protocol 0 by hand: what `pickle.loads` would do with them is in Python's documentation of the opcodes. */
const pickled = (text: string, name = 'model.pkl') => ({ kind: 'bytes', name, bytes: new TextEncoder().encode(text) }) as const;

describe('trust', () => {
  it('tells what a pickle would run, without running it', async () => {
    const { page, errors, close } = await tested.open(checkpointHost(pickled("cos\nsystem\n(S'touch /tmp/hit'\ntR.")));
    await page.locator('checkpoint-header .verdict-unsafe').click();
    const tab = page.locator('checkpoint-trust');
    await tab.getByText('Unsafe: do not load this file').waitFor();
    expect(plain(await rowOf(page, 'system').textContent())).toMatch(/unsafe.*system/);
    expect(errors).toEqual([]);
    await close();
  });

  it('shows the lines that weights_only would need for a class of somebody’s own', async () => {
    const host = checkpointHost(sample('vit'), ({ load }) => ({
      load: async (params, context) => {
        const overview = await load(params, context);
        const imports = [{ name: 'my_project.config.Config', verdict: 'unknown', where: 'data.pkl, byte 12, called' }] as const;
        const weightsOnly = { loads: false, safeGlobals: ['my_project.config.Config'], reason: 'It needs my_project.config.Config.' };
        return { ...overview, trust: { verdict: 'unknown', weightsOnly, imports, reasons: [] } };
      },
    }));
    const { page, close } = await tested.open(host);
    await tabOf(page, 'Trust');
    await page.getByText('does not load').waitFor();
    await page.getByRole('button', { name: 'Copy the lines' }).click();
    await expect
      .poll(() => host.asked.copied)
      .toEqual(['import torch\nimport my_project.config\ntorch.serialization.add_safe_globals([my_project.config.Config])']);
    await close();
  });

  it('makes no line of a name that is no path', () => {
    for (const name of ['os.system\nimport os', 'a.b); import os; (', 'a', '.b', ...Object.values(HOSTILE)])
      expect(safeGlobalsCode([name])).toBe('');
    expect(safeGlobalsCode([])).toBe('');
  });

  it('opens the samples’ own .pt, and finds them safe', async () => {
    const { page, close } = await tested.open(checkpointHost({ kind: 'file', path: 'samples/hybrid.pt' }));
    await tabOf(page, 'Trust');
    await page.getByText('Safe to load').waitFor();
    await rowOf(page, 'torch._utils._rebuild_tensor_v2').waitFor();
    await close();
  });
});

describe('names that a checkpoint gives', () => {
  it('are shown as text, in tooltips on one line, and copied whole', async () => {
    const hostile = Object.values(HOSTILE);
    const { page, errors, close } = await tested.open(
      checkpointHost(bytesOf(hostile.map((name, place) => ({ name: `${name}.${place}`, shape: [2, 2] })))),
    );
    await tabOf(page, 'Tensors');
    await page.locator('data-table .table-body').first().waitFor();
    for (const row of await page.locator('data-table .table-body').all()) {
      const title = (await row.locator('[data-column=name]').getAttribute('title')) ?? '';
      expect(title).not.toMatch(UNSEEN);
      await row.click();
      await page.locator('checkpoint-details .histogram').waitFor();
    }
    expect(await page.locator('checkpoint-view script, checkpoint-view img').count()).toBe(0);
    expect(errors).toEqual([]);
    await close();
  });
});

/** A checkpoint with something in every tab. */
const full = () =>
  checkpointHost({ kind: 'file', path: 'samples/hybrid.pt' }, ({ load, health }) => ({
    load: async (params, context) => {
      const overview = await load(params, context);
      const named = (name: string, verdict: 'safe' | 'unknown' | 'unsafe', where: string) => ({ name, verdict, where });
      const own = [
        named('posix.system', 'unsafe', 'hybrid/data.pkl, byte 12, called'),
        named('my_project.config.Config', 'unknown', 'hybrid/data.pkl, byte 260, called'),
      ];
      const weightsOnly = { loads: false, safeGlobals: ['my_project.config.Config'], reason: 'posix.system is refused.' };
      const reasons = ['hybrid/data.pkl calls posix.system, which runs commands.'];
      return { ...overview, trust: { verdict: 'unsafe', weightsOnly, imports: [...own, ...overview.trust.imports], reasons } };
    },
    health: async (params, context) => {
      const found = (code: 'nan' | 'dead-units' | 'duplicate', severity: 'error' | 'warning' | 'note', tensor: string, message: string) =>
        ({ code, severity, tensor, message }) as const;
      const findings = [
        found('nan', 'error', 'stem.0.weight', '"stem.0.weight" has 3 NaN among 432 elements.'),
        found('dead-units', 'warning', 'stage1.expand.0.weight', '4 of 64 filters of "stage1.expand.0.weight" are zero throughout.'),
        found('duplicate', 'note', 'head.bias', '"head.bias" holds the very same values as "stem.1.bias", stored twice.'),
      ];
      return { ...(await health(params, context)), counts: { nan: 1, 'dead-units': 1, duplicate: 1 }, findings };
    },
  }));

describe.each(DRAWN)('pictures, %s', (theme) => {
  it.each([
    ['wide', 1280, 760],
    ['narrow', 480, 860],
    // What VS Code leaves of a window of 900 by 650.
    ['small', 640, 540],
  ] as const)('every tab, %s', async (size, width, height) => {
    const view = await tested.open(full(), { theme, width, height });
    const { page } = view;
    await page.locator('checkpoint-header .figures').waitFor();
    for (const tab of await page.getByRole('tab').allInnerTexts()) {
      await tabOf(page, tab);
      await drawn(page);
      const row = page.locator('data-table .table-body').nth(1);
      await row.waitFor();
      await row.click();
      await page
        .locator('checkpoint-details .histogram')
        .waitFor({ timeout: 5000 })
        .catch(() => {});
      await drawn(page);
      await tested.screenshot(page, `${theme}-${size}-${tab.toLowerCase()}`);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
    expect(view.errors).toEqual([]);
    await view.close();
  });
});
