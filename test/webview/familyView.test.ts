import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/bytes';
import { createEngine } from '../../src/engine/engine';
import type { ReferenceChoice } from '../../src/protocol';
import { type FamilyHost, familyHost } from './support/familyHost';
import { useView } from './support/useView';
import type { ViewOptions } from './support/viewPage';

const tested = useView('family');

const open = (host: FamilyHost, options: ViewOptions = {}) => tested.open(host, { width: 1400, height: 900, ...options });

const row = (page: Page, name: string) => page.locator(`tr[data-variant="${name}"]`);
const cell = (page: Page, name: string, column: string) => row(page, name).locator(`[data-column=${column}]`);
const names = (page: Page) => page.locator('tbody .variant-name').allInnerTexts();
const counted = (page: Page) => expect.poll(() => page.locator('.variant-table .blank').count(), { timeout: 20_000 }).toBe(0);
const exact = async (page: Page, name: string, column: string) => digits(await cell(page, name, column).getAttribute('title'));
const figure = (page: Page, key: string) => page.locator(`.budget [data-figure=${key}]`);
const budget = async (page: Page, key: string) => digits(await figure(page, key).getAttribute('title'));
const change = (page: Page, key: string) => textOf(figure(page, key).locator('.change'));
const knob = (page: Page, name: string) => page.locator(`[data-knob="${name}"]`);
const textOf = async (locator: Locator) => ((await locator.textContent()) ?? '').trim();
const digits = (text: string | null) => Number(text?.replaceAll(',', '').match(/^\d+/)?.[0]);

async function choose(page: Page, name: string, value: string): Promise<void> {
  await knob(page, name).locator('vscode-dropdown').click();
  await knob(page, name).getByRole('option', { name: value, exact: true }).click();
}

/** Of torchvision: `sum(p.numel() for p in resnet50().parameters())` and so on. */
const RESNET = { 18: 11_689_512, 34: 21_797_672, 50: 25_557_032, 101: 44_549_160 } as const;

describe('the table', () => {
  it('shows published figures at once, and computed ones as they come', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const real = familyHost('ResNet');
    const host = familyHost('ResNet', {
      figures: async (choice, context) => {
        if (choice.variant !== 'ResNet-18') await released;
        return real.handlers.figures(choice, context);
      },
    });
    const { page, errors, close } = await open(host);
    await expect.poll(() => exact(page, 'ResNet-18', 'parameters')).toBe(RESNET[18]);
    expect(await textOf(cell(page, 'ResNet-50', 'costPublished'))).toMatch(/^4\.089G\s*MACs$/);
    expect(await textOf(cell(page, 'ResNet-50', 'top1'))).toBe('76');
    expect(await page.locator('.variant-table .blank').count()).toBe(12);
    await tested.screenshot(page, 'dark-waiting');
    release();
    await counted(page);
    for (const depth of [18, 34, 50, 101] as const) expect(await exact(page, `ResNet-${depth}`, 'parameters')).toBe(RESNET[depth]);
    expect(errors).toEqual([]);
    await close();
  });

  it('tells the convention of a cost, how far the count is from it, and why', async () => {
    const { page, close } = await open(familyHost('AA-ResNet'));
    await counted(page);
    const name = 'AA-ResNet-50';
    expect(await textOf(cell(page, name, 'costPublished'))).toMatch(/^8\.3G\s*2 × MACs$/);
    const macs = await exact(page, name, 'macs');
    const percent = ((2 * macs) / 8.3e9 - 1) * 100;
    expect(percent).toBeGreaterThan(0);
    const computed = cell(page, name, 'macs');
    expect(await textOf(computed.locator('.change'))).toBe(`+${percent.toFixed(1)}%`);
    // 25.6M and 8.2G are 25,557,032 and 2 x 4,089,184,256, rounded.
    for (const column of ['parameters', 'macs']) {
      expect(await textOf(cell(page, 'baseline ResNet-50', column).locator('.change'))).toBe('=');
      expect(await cell(page, 'baseline ResNet-50', column).locator('.note-mark').count()).toBe(0);
    }
    const mark = computed.locator('.note-mark');
    const number = await textOf(mark);
    await mark.click();
    const note = page.locator(`#deviation-${number}`);
    await expect.poll(() => note.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await textOf(note)).toContain('no reading reaches the printed one');
    await close();
  });

  it('sorts by a column and back, and leads through the variants by the keyboard', async () => {
    const { page, close } = await open(familyHost('ResNet'));
    await counted(page);
    const own = await names(page);
    const head = page.locator('th[data-column=parameters]');
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect((await names(page))[0]).toBe('wide_resnet50_2');
    expect((await names(page)).at(-1)).toBe('ResNet-18');
    await head.getByRole('button').click();
    expect((await names(page))[0]).toBe('ResNet-18');
    await head.getByRole('button').click();
    expect(await names(page)).toEqual(own);
    await row(page, 'ResNet-18').locator('.variant-name').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await row(page, 'ResNet-50').locator('.variant-name').getAttribute('aria-pressed')).toBe('true');
    expect(await budget(page, 'parameters')).toBe(RESNET[50]);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Open ResNet-50 as a model');
    await close();
  });

  it('opens, compares and exports a variant from its row', async () => {
    const host = familyHost('ResNet');
    const { page, close } = await open(host);
    const choice: ReferenceChoice = { variant: 'ResNet-34', knobs: {} };
    await row(page, 'ResNet-34').hover();
    for (const name of ['Open ResNet-34 as a model', 'Add ResNet-34 to the comparison', 'Export ResNet-34 as ONNX…']) {
      await page.getByRole('button', { name, exact: true }).click();
    }
    await expect.poll(() => [host.asked.opened, host.asked.compared, host.asked.exported]).toEqual([[choice], [choice], [choice]]);
    // The row was not chosen by its buttons.
    expect(await row(page, 'ResNet-34').getAttribute('class')).not.toContain('is-chosen');
    await close();
  });

  it('says which variant could not be counted, and counts it again', async () => {
    let broken = true;
    const real = familyHost('ResNet');
    const host = familyHost('ResNet', {
      figures: async (choice, context) => {
        if (broken && choice.variant === 'ResNet-34') throw new UserError('The engine stopped.');
        return real.handlers.figures(choice, context);
      },
    });
    const { page, close } = await open(host);
    await counted(page);
    const again = cell(page, 'ResNet-34', 'parameters').getByRole('button');
    expect(await again.getAttribute('aria-label')).toContain('The engine stopped.');
    broken = false;
    await again.click();
    await expect.poll(() => exact(page, 'ResNet-34', 'parameters')).toBe(RESNET[34]);
    await close();
  });
});

describe('the knobs', () => {
  it('bring the budget after them, against the variant they started from', async () => {
    const host = familyHost('ResNet');
    const { page, close } = await open(host);
    await counted(page);
    await row(page, 'ResNet-50').click();
    await expect.poll(() => budget(page, 'parameters')).toBe(RESNET[50]);
    expect(await change(page, 'parameters')).toBe('');
    // ResNet-101 is ResNet-50 with 23 blocks in the third stage.
    await knob(page, 'layers').locator('input').fill('3, 4, 23, 3');
    await expect.poll(() => budget(page, 'parameters')).toBe(RESNET[101]);
    expect(await change(page, 'parameters')).toBe(`+${((RESNET[101] / RESNET[50] - 1) * 100).toFixed(0)}%`);
    expect(await figure(page, 'parameters').getAttribute('title')).toContain('25,557,032 before');
    expect(await knob(page, 'layers').getAttribute('class')).toContain('is-changed');
    await choose(page, 'block', 'basic');
    await knob(page, 'layers').locator('input').fill('2 2 2 2');
    await expect.poll(() => budget(page, 'parameters')).toBe(RESNET[18]);
    // Weights are 4 bytes each; running means and variances are weights too, 4,800 of each in 20 normalisations.
    expect(await budget(page, 'weightBytes')).toBe(4 * (RESNET[18] + 2 * 4800));
    await page.getByRole('button', { name: 'Open as model', exact: true }).click();
    await expect.poll(() => host.asked.opened).toEqual([{ variant: 'ResNet-50', knobs: { block: 'basic', layers: [2, 2, 2, 2] } }]);
    await close();
  });

  it('are reset one by one and all together', async () => {
    const { page, close } = await open(familyHost('ResNet'));
    await counted(page);
    await row(page, 'ResNet-50').click();
    await choose(page, 'strideIn', '1x1');
    // 3.86 G, as first published.
    await expect.poll(() => budget(page, 'macs')).toBe(3_857_973_248);
    await knob(page, 'classes').locator('input').fill('10');
    await expect.poll(() => budget(page, 'parameters')).toBe(RESNET[50] - 990 * 2049);
    await page.getByRole('button', { name: 'Reset strideIn to 3x3' }).click();
    await expect.poll(() => budget(page, 'macs')).toBe(4_089_184_256 - 990 * 2048);
    await page.getByRole('button', { name: 'Reset all' }).click();
    await expect.poll(() => budget(page, 'parameters')).toBe(RESNET[50]);
    expect(await knob(page, 'classes').locator('input').inputValue()).toBe('1000');
    expect(await page.locator('.knob.is-changed').count()).toBe(0);
    await close();
  });

  it('that do not fit say so in one sentence, and leave the last good budget in sight', async () => {
    const { page, errors, close } = await open(familyHost('CoAtNet'));
    await figure(page, 'macs').waitFor();
    const before = await budget(page, 'macs');
    await knob(page, 'headDim').locator('input').fill('33');
    const misfit = page.locator('.misfit');
    await expect.poll(() => textOf(misfit)).toBe('CoAtNet: heads of 33 do not divide the width 384 of a T stage.');
    expect(await misfit.getAttribute('aria-live')).toBe('polite');
    // CoAtNet-0 at 224, as the record has it.
    expect(before).toBe(4_141_888_512);
    expect(await budget(page, 'macs')).toBe(before);
    expect(await page.locator('.budget').getAttribute('class')).toContain('is-stale');
    expect(await page.getByRole('button', { name: 'Open as model', exact: true }).getAttribute('disabled')).not.toBeNull();
    await tested.screenshot(page, 'dark-misfit');
    await knob(page, 'headDim').locator('input').fill('24');
    await expect.poll(() => textOf(misfit)).toBe('');
    expect(await page.locator('.budget').getAttribute('class')).not.toContain('is-stale');
    expect(errors).toEqual([]);
    await close();
  });

  it('mark the field that holds no value, or one out of range', async () => {
    const { page, close } = await open(familyHost('ResNet'));
    await counted(page);
    const width = knob(page, 'width').locator('input');
    await width.fill('');
    await expect.poll(() => textOf(page.locator('.misfit'))).toBe('"width" takes a whole number: 8 to 512.');
    expect(await width.getAttribute('aria-invalid')).toBe('true');
    await width.fill('7');
    await expect.poll(() => textOf(page.locator('.misfit'))).toContain('"width" takes a whole number from 8 to 512, not 7');
    expect(await width.getAttribute('aria-invalid')).toBe('true');
    expect(await knob(page, 'classes').locator('input').getAttribute('aria-invalid')).toBeNull();
    await knob(page, 'width').getByRole('button').click();
    await knob(page, 'layers').locator('input').fill('two');
    await expect.poll(() => textOf(page.locator('.misfit'))).toBe('"layers" takes whole numbers with commas between them.');
    await close();
  });

  it('cancel the request before, whose answer comes to nothing', async () => {
    const real = familyHost('ResNet');
    let [begun, cancelled] = [false, false];
    const host = familyHost('ResNet', {
      figures: async (choice, context) => {
        if (choice.knobs['classes'] === 7) {
          begun = true;
          await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
          cancelled = true;
        }
        return real.handlers.figures(choice, context);
      },
    });
    const { page, close } = await open(host);
    await counted(page);
    const classes = knob(page, 'classes').locator('input');
    await classes.fill('7');
    await expect.poll(() => begun).toBe(true);
    expect(await page.locator('.budget').getAttribute('aria-busy')).toBe('true');
    await classes.fill('10');
    await expect.poll(() => cancelled).toBe(true);
    await expect.poll(() => budget(page, 'parameters')).toBe(RESNET[18] - 990 * 513);
    expect(await page.locator('.budget').getAttribute('aria-busy')).toBe('false');
    await close();
  });

  it('start from the defaults too, and act on what they come to', async () => {
    const host = familyHost('AA-ResNet');
    const { page, close } = await open(host);
    await page.locator('vscode-dropdown[aria-label="Start from"]').click();
    await page.getByRole('option', { name: 'Default knobs' }).click();
    // The defaults are those of AA-ResNet-50.
    await counted(page);
    const same = await exact(page, 'AA-ResNet-50', 'macs');
    await expect.poll(() => budget(page, 'macs')).toBe(same);
    await knob(page, 'stages').locator('input').fill('');
    await expect.poll(() => budget(page, 'parameters')).toBe(RESNET[50]);
    await page.getByRole('button', { name: 'Add to comparison', exact: true }).click();
    await page.getByRole('button', { name: 'Export ONNX…', exact: true }).click();
    const choice = { variant: '', knobs: { stages: [] } };
    await expect.poll(() => [host.asked.compared, host.asked.exported]).toEqual([[choice], [choice]]);
    await close();
  });

  it('are there again after the page was closed', async () => {
    const first = await open(familyHost('ResNet'));
    await counted(first.page);
    await row(first.page, 'ResNet-50').click();
    await knob(first.page, 'classes').locator('input').fill('10');
    await expect.poll(() => budget(first.page, 'parameters')).toBe(RESNET[50] - 990 * 2049);
    const state = await first.state();
    await first.close();
    const { page, close } = await open(familyHost('ResNet'), { state });
    await expect.poll(() => budget(page, 'parameters')).toBe(RESNET[50] - 990 * 2049);
    expect(await row(page, 'ResNet-50').getAttribute('class')).toContain('is-chosen');
    await close();
  });
});

describe('every family', async () => {
  const families = await createEngine().architectures({}, { signal: new AbortController().signal, progress: () => {} });

  it.each(families.map(({ name }) => name))('%s has a page with its source, knobs and the first budget', async (name) => {
    const { page, errors, close } = await open(familyHost(name));
    await figure(page, 'macs').waitFor();
    const family = families.find((one) => one.name === name);
    const id = /arXiv (\S+?)(,|$)/.exec(family?.source ?? '')?.[1];
    expect(await page.locator('.family-header a').getAttribute('href')).toBe(`https://arxiv.org/abs/${id}`);
    expect(await page.locator('.knob').count()).toBe(family?.knobs.length);
    const reference = family?.variants[0];
    const { macs = null, tolerance } = reference?.published ?? {};
    if (macs !== null) expect(Math.abs((await budget(page, 'macs')) / macs - 1)).toBeLessThanOrEqual(tolerance?.macs ?? 0);
    expect(await textOf(page.locator('.misfit'))).toBe('');
    expect(errors).toEqual([]);
    await close();
  });

  it('of sequence layers shows formulas, steps and paths', async () => {
    const { page, close } = await open(familyHost('SequenceLayer'));
    await counted(page);
    const facts = page.locator('.budget .facts');
    await expect.poll(() => textOf(facts)).toContain('O(n^2 d)');
    await row(page, 'LSTM').click();
    await expect.poll(() => textOf(facts)).toMatch(/Sequential steps\s*128: O\(n\)/);
    expect(await page.locator('th[data-column=top1]').count()).toBe(0);
    await close();
  });
});
