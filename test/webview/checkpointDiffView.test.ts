import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/engine';
import type { CheckpointDiffViewApi, Handlers, ModelSource } from '../../src/protocol';
import { safetensors } from './support/checkpointHost';
import { DRAWN } from './support/themes';
import { useView } from './support/useView';
import { drawn } from './support/viewPage';

const tested = useView('checkpointDiff');
const plain = (text: string | null) => (text ?? '').replaceAll('\u2009', ' ').replace(/\s+/g, ' ').trim();

interface Asked {
  readonly copied: string[];
  readonly keysOnly: boolean[];
  readonly opened: string[];
  mended: number;
}

/** A host as the extension is one: it answers from the real engine about the two. */
function diffHost(before: ModelSource, after: ModelSource, change: Partial<Handlers<CheckpointDiffViewApi>> = {}) {
  const engine = createEngine();
  const asked: Asked = { copied: [], keysOnly: [], opened: [], mended: 0 };
  const handlers: Handlers<CheckpointDiffViewApi> = {
    diff: ({ keysOnly, swapped }, context) => {
      asked.keysOnly.push(keysOnly);
      return engine.checkpointDiff({ ...(swapped ? { before: after, after: before } : { before, after }), keysOnly }, context);
    },
    mend: async () => {
      asked.mended += 1;
    },
    open: async ({ tensor, side }) => {
      asked.opened.push(`${side} ${tensor}`);
    },
    copy: async ({ text }) => {
      asked.copied.push(text);
    },
    save: async () => {},
    ...change,
  };
  return { handlers, asked };
}

const file = (name: string, tensors: Parameters<typeof safetensors>[0]) => ({ kind: 'bytes', name, bytes: safetensors(tensors) }) as const;
const before = file('before.safetensors', [
  { name: 'module.conv.weight', shape: [4, 3, 3, 3] },
  { name: 'module.fc.weight', shape: [2, 4], values: [1, 2, 3, 4, 5, 6, 7, 8] },
  { name: 'module.fc.bias', shape: [2], values: [0, 0] },
  { name: 'module.old.weight', shape: [3, 5] },
]);
const after = file('after.safetensors', [
  { name: 'conv.weight', shape: [4, 3, 3, 3] },
  { name: 'fc.weight', shape: [2, 4], values: [1, 2, 3, 4, 5, 6, 7, 9] },
  { name: 'fc.bias', shape: [2], values: [0, 1] },
  { name: 'new.weight', shape: [7, 7] },
]);

describe('two checkpoints', () => {
  it('are compared by names first, by values then, the most changed first', async () => {
    const host = diffHost(before, after);
    const { page, errors, close } = await tested.open(host);
    const changed = page.locator('data-table .table-body', { hasText: 'changed' });
    await changed.first().waitFor();
    expect(host.asked.keysOnly).toEqual([true, false]);
    const text = plain(await page.locator('data-table').textContent());
    expect(text).toContain('module.old.weight');
    expect(text).toContain('new.weight');
    // || b - a || / || a || = 1 / sqrt(204) for the sums of squares of 1 to 8.
    const cells = page.locator('data-table .table-body', { hasText: 'module.fc.weight' }).filter({ hasText: 'changed' });
    expect(Number(await cells.locator('[data-column=relativeL2]').getAttribute('title'))).toBeCloseTo(1 / Math.sqrt(204), 6);
    await cells.dblclick();
    await expect.poll(() => host.asked.opened).toEqual(['before module.fc.weight']);
    expect(errors).toEqual([]);
    await close();
  });

  it('say why one does not load where the other does, with the lines that mend it', async () => {
    const host = diffHost(before, after);
    const { page, close } = await tested.open(host);
    await page.getByRole('tab', { name: 'Will it load?' }).click();
    await page.getByText('It does not load').waitFor();
    expect(plain(await page.locator('.load-page').textContent())).toMatch(/module\./);
    await page.getByRole('button', { name: 'Copy the code' }).click();
    await expect.poll(() => host.asked.copied[0] ?? '').toContain('load_state_dict');
    await page.getByRole('button', { name: 'Save a mended .safetensors' }).click();
    await expect.poll(() => host.asked.mended).toBe(1);
    await close();
  });

  it('that are the same say so, and load', async () => {
    const { page, close } = await tested.open(
      diffHost({ kind: 'file', path: 'samples/vit.safetensors' }, { kind: 'file', path: 'samples/vit.pt' }),
    );
    await page.getByText('Nothing differs.').waitFor();
    await page.getByText('56 unchanged').waitFor();
    await page.getByRole('tab', { name: 'Will it load?' }).click();
    await page.getByText('It loads').waitFor();
    await close();
  });

  it('keep what names told where reading the values is given up', async () => {
    const inner = diffHost(before, after);
    const host = diffHost(before, after, {
      diff: (params, context) =>
        params.keysOnly
          ? inner.handlers.diff(params, context)
          : new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(new Error('stopped')))),
    });
    const { page, close } = await tested.open(host);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Compare the values' }).waitFor();
    expect(plain(await page.locator('data-table').textContent())).toContain('module.old.weight');
    await close();
  });

  it.each(DRAWN)('pictures, %s', async (theme) => {
    const view = await tested.open(diffHost(before, after), { theme, width: 1280, height: 720 });
    const { page } = view;
    await page.locator('data-table .table-body', { hasText: 'changed' }).first().click();
    await drawn(page);
    await tested.screenshot(page, `${theme}-changes`);
    await page.getByRole('tab', { name: 'Will it load?' }).click();
    await page.getByText('It does not load').waitFor();
    await drawn(page);
    await tested.screenshot(page, `${theme}-loading`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
    expect(view.errors).toEqual([]);
    await view.close();
  });
});
