import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/bytes';
import { dataHost } from './support/modelHost';
import { useView } from './support/useView';

const tested = useView('model');

describe('a file that is no model', () => {
  it('can be opened as text or byte by byte', async () => {
    const host = dataHost({ load: () => Promise.reject(new FormatError('notes.onnx is no model.', {})) });
    const { page, close } = await tested.open(host);
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Open as text' }).click();
    await page.getByRole('button', { name: 'Open as hex' }).click();
    await expect.poll(() => host.asked.openedAs).toEqual(['text', 'hex']);
    await close();
  });
});

describe('Restricted Mode', () => {
  it('disables what runs a model, says why, and ends with trust', async () => {
    const { page, close } = await tested.open(dataHost());
    const run = page.locator('model-header vscode-button', { hasText: 'Run on image' });
    await run.waitFor();
    expect(await run.getAttribute('disabled')).toBeNull();
    await close();
    const restricted = await tested.open(dataHost(), { trusted: false });
    const button = restricted.page.locator('model-header vscode-button', { hasText: 'Run on image' });
    await button.waitFor();
    expect(await button.getAttribute('disabled')).not.toBeNull();
    expect(await button.getAttribute('title')).toContain('Trust this one first.');
    await restricted.tell({ type: 'trusted' });
    await expect.poll(() => button.getAttribute('disabled')).toBeNull();
    await restricted.close();
  });
});
