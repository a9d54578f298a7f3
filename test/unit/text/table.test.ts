import { describe, expect, it } from 'vitest';
import { CELL_CHARACTERS, markdownText, type TableFormat, tableLines, tableText } from '../../../src/text';
import { HOSTILE, UNSEEN } from './hostile';

const COLUMNS = [{ title: 'name' }, { title: 'MACs', right: true }];
const cell = (text: string, format: TableFormat) => tableLines([{ title: '' }], [[text]], format).at(-1);

describe('tables', () => {
  it.each(['text', 'csv', 'tsv', 'markdown'] as const)('as %s are a line a row whatever a name holds', (format) => {
    const rows = Object.values(HOSTILE).map((name) => [name, '1']);
    const lines = tableLines(COLUMNS, rows, format);
    expect(lines).toHaveLength(rows.length + (format === 'markdown' ? 2 : 1));
    for (const line of lines) expect(format === 'tsv' ? line.replace('\t', '') : line).not.toMatch(UNSEEN);
    for (const line of lines) expect(line).not.toContain('\n');
  });

  it.each(['csv', 'tsv'] as const)('as %s hold no formula, and leave numbers numbers', (format) => {
    for (const text of ['=1', '=cmd|x!A0', '+1+1', '-2+3+cmd|x', '@SUM(1)', '-a', '  =1+1', '\uff1d1', '\uff0b1', '-1e', '+-1', '-.']) {
      expect(cell(text, format)?.replace(/^"/, '')).toMatch(/^'/);
    }
    for (const text of ['-2', '+2', '-0.5', '-1.5e-7', '+.5', '1e21', '12', '-', '+', '', '0x10', 'a-b', 'a=b']) {
      expect(cell(text, format)).toBe(text);
    }
    // What stands before the sign is seen, so that nothing begins with it.
    for (const text of ['\t=1', '\r=1', '\n=1', '\u200b=1']) expect(cell(text, format)).toMatch(/^\\/);
  });

  it('as CSV quote what would end a cell, here and where semicolons part them', () => {
    expect(cell('a,"b"', 'csv')).toBe('"a,""b"""');
    expect(cell('a;=cmd|x', 'csv')).toBe('"a;=cmd|x"');
    expect(tableText(COLUMNS, [['a', '1']], 'csv')).toBe('name,MACs\r\na,1');
  });

  it('for a terminal are no wider than a longest cell allows', () => {
    const long = 'x'.repeat(1_000_000);
    const rows = [[long, '1'], ...Array.from({ length: 5000 }, () => ['n', '2'])];
    const lines = tableLines(COLUMNS, rows, 'text');
    expect(Math.max(...lines.map((line) => line.length))).toBe(CELL_CHARACTERS + 2 + 'MACs'.length);
    expect(lines[1]).toContain('\u2026');
    expect(tableLines(COLUMNS, [[long, '1']], 'csv')[1]).toBe(`${long},1`);
    expect(tableLines(COLUMNS, [[long, '1']], 'markdown')[2]).toBe(`| ${long} | 1 |`);
  });
});

describe('markdownText', () => {
  it.each([
    ['a|b', 'a\\|b'],
    ['a\\|b', 'a\\\\\\|b'],
    ['<b>', '&lt;b>'],
    ['&lt;', '&amp;lt;'],
    ['`x`', '\\`x\\`'],
    ['a\nb', 'a\\\\nb'],
    ['[a](b)', '[a\\](b)'],
    ['![a][b]', '![a\\][b]'],
    ['*a* _b_ ~~c~~', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~'],
    // What names and shapes are made of stays as it is read.
    ['layer_1/conv.weight', 'layer_1/conv.weight'],
    ['[1, 3, 224, 224]', '[1, 3, 224, 224]'],
    ['~', '~'],
    ['64 -> 128', '64 -> 128'],
  ])('%j as %s', (text, shown) => {
    expect(markdownText(text)).toBe(shown);
  });
});
