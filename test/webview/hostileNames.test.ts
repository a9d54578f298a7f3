import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/protocol';
import { TABLE_FORMATS, tableText } from '../../webview/common/table/exportTable';
import { answerText, resultJson } from '../../webview/inference/exporting';
import { text } from '../../webview/model/graph/drawList';
import { toSvg } from '../../webview/model/graph/svg';
import { HOSTILE, UNSEEN } from '../unit/text/hostile';
import { CompareHost } from './support/compareHost';
import { useView } from './support/useView';

const tested = useView('compare');

const NAMES = Object.values(HOSTILE);
/** Elements that a name could have become. */
const TAGS = /<script|<img/;

describe('names that a file gives', () => {
  it('leave the comparison by no export as anything but text', async () => {
    const models = NAMES.map((name, at) => ({
      name,
      reference: { kind: 'file', path: `samples/${at % 2 === 0 ? 'conv' : 'vit'}.onnx` } as const,
    }));
    const host = new CompareHost(models);
    const { page, errors, close } = await tested.open(host);
    await expect.poll(() => page.locator('.compare-table tbody tr:has(.figure)').count(), { timeout: 60_000 }).toBe(models.length);
    const entries = [
      'Copy as Markdown',
      'Copy as CSV',
      'Save everything as one HTML file',
      'Save as CSV',
      'Save the stages as CSV',
      'Save as JSON',
      'Save the bars as SVG',
      'Save the stages as SVG',
    ];
    for (const entry of entries) {
      await page.getByRole('button', { name: 'Export', exact: true }).first().click();
      await page.getByRole('button', { name: entry, exact: true }).first().click();
    }
    await expect.poll(() => host.asked.saved.length).toBe(6);
    const decoded = host.asked.saved.map(({ bytes }) => new TextDecoder().decode(bytes));
    const [html = '', csv = '', stages = '', json = '', ...svgs] = decoded;
    const [markdown = '', copied = ''] = host.asked.copied;

    for (const exported of [html, csv, stages, json, ...svgs, markdown]) expect(exported.replace(/[\r\t]/g, '')).not.toMatch(UNSEEN);
    expect(html).not.toMatch(TAGS);
    expect(markdown.trimEnd().split('\n')).toHaveLength(models.length + 2);
    expect(markdown).not.toMatch(/<|(?<!\\)(?:\\\\)*`/);
    expect(copied).toBe(csv);
    expect(csv.split('\r\n')).toHaveLength(models.length + 1);
    for (const line of [...csv.split('\r\n'), ...stages.split('\r\n')]) expect(line).not.toMatch(/^"?\s*[=+@\t-]/);
    expect((JSON.parse(json) as { rows: { name: string }[] }).rows.map(({ name }) => name)).toEqual(NAMES);
    for (const svg of svgs) {
      const broken = await page.evaluate(
        (source) => new DOMParser().parseFromString(source, 'image/svg+xml').querySelector('parsererror, script')?.textContent,
        svg,
      );
      expect(broken).toBeUndefined();
    }
    expect(errors).toEqual([]);
    await close();
  });

  it('stand in its tooltips on lines of their own', async () => {
    const host = new CompareHost(NAMES.map((name) => ({ name, reference: { kind: 'file', path: 'samples/conv.onnx' } as const })));
    const { page, close } = await tested.open(host);
    await expect.poll(() => page.locator('.compare-table .model-name').count()).toBe(NAMES.length);
    for (const title of await page
      .locator('.compare-table .model-name')
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('title') ?? ''))) {
      expect(title.split('\n')).toHaveLength(2);
      expect(title).not.toMatch(UNSEEN);
    }
    await close();
  });

  it('are drawn into a graph’s SVG that XML readers take', async () => {
    const items = NAMES.map((name) => text(name, { x: 0, y: 0, size: 11, maxWidth: 5000 }, { color: '#000' }));
    const svg = toSvg(items, 10, 10, '#fff', 'sans-serif');
    expect(svg).not.toMatch(UNSEEN);
    const { page, close } = await tested.open(new CompareHost([]));
    const read = await page.evaluate((source) => {
      const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
      return { wrong: parsed.querySelector('parsererror')?.textContent ?? '', texts: parsed.querySelectorAll('text').length };
    }, svg);
    expect(read).toEqual({ wrong: '', texts: NAMES.length });
    await close();
  });

  it.each(TABLE_FORMATS)('leave a table as %s in their own cells', (format) => {
    const rows = NAMES.map((name) => [name, '-2']);
    const written = tableText([['Name', 'MACs'], ...rows], format, new Set([1]));
    const lines = written.split(format === 'CSV' ? '\r\n' : '\n');
    expect(lines).toHaveLength(NAMES.length + (format === 'Markdown' ? 2 : 1));
    for (const line of lines) expect(line.replace('\t', '')).not.toMatch(UNSEEN);
    if (format === 'TSV') for (const line of lines.slice(1)) expect(line).toMatch(/^[^=+@\t-][^\t]*\t-2$/);
    if (format === 'CSV') for (const line of lines.slice(1)) expect(line).toMatch(/^(?:"(?:[^"]|"")*"|[^",]*),-2$/);
  });

  it('leave an answer as labels, a line each, and its JSON whole', () => {
    const labels = NAMES.map((label, index) => ({ label, index, probability: 0.5 }));
    const result = { labels, run: 'r' } as unknown as RunResult;
    const lines = answerText(result, labels.length).split('\n');
    expect(lines).toHaveLength(NAMES.length);
    for (const line of lines) expect(line).toMatch(/^[^=+@\t-][^\t]*\t0\.5$/);
    expect(resultJson(result)).not.toMatch(UNSEEN);
    expect((JSON.parse(resultJson(result)) as RunResult).labels.map(({ label }) => label)).toEqual(NAMES);
  });
});
