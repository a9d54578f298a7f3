import { shortened, visible } from './visible';

/** The head of a column. */
export interface Column {
  readonly title: string;
  /** Figures stand right. */
  readonly right?: boolean;
}

/** How a table leaves: for a terminal, a spreadsheet or a document. */
export type TableFormat = 'text' | 'csv' | 'tsv' | 'markdown';

/** A row's texts, one for each column. */
export type Cells = readonly string[];

/**
 * Characters of a cell in a table for a terminal; a longer one is cut. The longest names that exporters write have
 * about 110, and every row of a column is as wide as its longest cell. JSON, CSV, TSV and Markdown have the full text.
 */
export const CELL_CHARACTERS = 120;

/** A table as lines: the heads of the columns first. The one way out for tables, of the command line and of the views. */
export function tableLines(columns: readonly Column[], rows: readonly Cells[], format: TableFormat): readonly string[] {
  const all = [columns.map(({ title }) => title), ...rows];
  switch (format) {
    case 'csv':
      return all.map((row) => row.map(csvCell).join(','));
    case 'tsv':
      return all.map((row) => row.map(spreadsheetCell).join('\t'));
    case 'markdown':
      return markdown(columns, rows);
    case 'text':
      return aligned(columns, all);
    default:
      return format satisfies never;
  }
}

/** A table as a document. CSV has the line ends of RFC 4180. */
export function tableText(columns: readonly Column[], rows: readonly Cells[], format: TableFormat): string {
  return tableLines(columns, rows, format).join(format === 'csv' ? '\r\n' : '\n');
}

function aligned(columns: readonly Column[], rows: readonly Cells[]): readonly string[] {
  const cells = rows.map((row) => columns.map((_, at) => shortened(visible(row[at] ?? ''), CELL_CHARACTERS)));
  const widths = columns.map((_, at) => cells.reduce((most, row) => Math.max(most, (row[at] ?? '').length), 0));
  return cells.map((row) =>
    row
      .map((cell, at) => (columns[at]?.right ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
/** What spreadsheets take for the beginning of a formula, in the width of Latin and of East Asian letters. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]./u;

/** A cell that a spreadsheet would calculate gets an apostrophe in front; a number, `-2` too, stays one. */
function spreadsheetCell(cell: string): string {
  const shown = visible(cell);
  return FORMULA.test(shown) && !NUMBER.test(shown) ? `'${shown}` : shown;
}

/** In quotes where a comma, a quote, or the semicolon that parts cells in some countries would end it. */
function csvCell(cell: string): string {
  const shown = spreadsheetCell(cell);
  return /[",;]|^\s|\s$/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

function markdown(columns: readonly Column[], rows: readonly Cells[]): readonly string[] {
  const line = (cells: Cells) => `| ${cells.join(' | ')} |`;
  const rule = columns.map((column) => (column.right ? '---:' : '---'));
  return [line(columns.map(({ title }) => markdownText(title))), line(rule), ...rows.map((row) => line(row.map(markdownText)))];
}

const MARKS = /[\\`*|$~_\]&<]/;

/** Text that Markdown shows as it stands: no tag, link, picture, code, formula or emphasis begins in it, and no cell ends. */
export function markdownText(text: string): string {
  const shown = visible(text);
  if (!MARKS.test(shown)) return shown;
  return shown
    .replace(/[\\`*|$]/g, '\\$&')
    .replace(/~(?=\S)|(?<=\S)~/g, '\\~')
    .replace(/(?<![\p{L}\p{N}])_(?=\S)|(?<=\S)_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/\](?=[([:])/g, '\\]')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;');
}
