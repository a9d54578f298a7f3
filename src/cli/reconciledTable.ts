import type { Reconciled } from '../protocol';
import { printedBy, reconciledTable, toolsTable } from '../report/reconciled';
import { markdownText, type TableFormat, tableLines } from '../text';

/** `profile --as`: what other tools would print, each line by line, or all of them side by side. */
export function reconciledLines(all: readonly Reconciled[], format: TableFormat): readonly string[] {
  const [first, ...others] = all;
  if (!first) return [];
  if (others.length > 0) {
    const [columns, rows] = toolsTable(all);
    return below(tableLines(columns, rows, format), [...new Set(all.flatMap(({ assumptions }) => assumptions))], format);
  }
  const [columns, rows] = reconciledTable(first);
  if (format !== 'text') return below(tableLines(columns, rows, format), [...printed(first), ...first.assumptions], format);
  // Sentences are longer than a cell in a terminal: they stand below, each after its part.
  const short = tableLines(columns.slice(0, -1), rows, format);
  const reasons = rows.flatMap(([part = '', , , , why = '']) => (why === '' ? [] : [`${part}: ${why}`]));
  return below(short, [...reasons, ...printed(first), ...first.assumptions], format);
}

function printed(one: Reconciled): readonly string[] {
  return [`${printedBy(one)} (${one.call}).`];
}

function below(table: readonly string[], lines: readonly string[], format: TableFormat): readonly string[] {
  if (format === 'csv' || lines.length === 0) return table;
  return [...table, '', ...(format === 'markdown' ? lines.map(markdownText) : lines)];
}
