export const TABLE_FORMATS = ['TSV', 'CSV', 'Markdown'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** A cell that spreadsheets would take for a formula gets an apostrophe in front. */
function harmless(cell: string): string {
  return /^[=+@]/.test(cell) || /^-\D/.test(cell) ? `'${cell}` : cell;
}

function csvCell(cell: string): string {
  const safe = harmless(cell);
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as text; the first row is the head. Columns named in `numeric` are right-aligned in Markdown. */
export function tableText(rows: readonly (readonly string[])[], format: TableFormat, numeric: ReadonlySet<number>): string {
  const [head = [], ...body] = rows;
  switch (format) {
    case 'TSV':
      return rows.map((row) => row.map((cell) => harmless(cell).replace(/[\t\n\r]/g, ' ')).join('\t')).join('\n');
    case 'CSV':
      return rows.map((row) => row.map(csvCell).join(',')).join('\r\n');
    case 'Markdown': {
      const line = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replace(/[\n\r]/g, ' ')).join(' | ')} |`;
      const rule = head.map((_, column) => (numeric.has(column) ? '---:' : '---'));
      return [line(head), line(rule), ...body.map(line)].join('\n');
    }
    default:
      return format satisfies never;
  }
}
