export interface Column {
  readonly title: string;
  /** Figures stand right. */
  readonly right?: boolean;
}

export type TableFormat = 'text' | 'csv' | 'markdown';

/** Rows of cells under columns, aligned for a terminal, or as CSV (RFC 4180) or Markdown. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], format: TableFormat): string {
  switch (format) {
    case 'csv':
      return `${[columns.map((column) => column.title), ...rows].map((row) => row.map(csvCell).join(',')).join('\n')}\n`;
    case 'markdown':
      return markdown(columns, rows);
    case 'text':
      return text(columns, rows);
    default:
      return format satisfies never;
  }
}

function markdown(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  const rule = line(columns.map((column) => (column.right ? '---:' : '---')));
  return `${[line(columns.map((column) => column.title)), rule, ...rows.map(line)].join('\n')}\n`;
}

function text(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, index) => rows.reduce((most, row) => Math.max(most, (row[index] ?? '').length), column.title.length));
  const line = (cells: readonly string[]) =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index] ?? 0;
        return column.right ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return `${[line(columns.map((column) => column.title)), ...rows.map(line)].join('\n')}\n`;
}

function csvCell(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}
