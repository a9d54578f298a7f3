import { type TableFormat as Format, tableText as written } from '../../../src/text';

/** How a table can be copied. */
export const TABLE_FORMATS = ['TSV', 'CSV', 'Markdown'] as const;
/** How a table is copied. */
export type TableFormat = (typeof TABLE_FORMATS)[number];

const FORMATS: Readonly<Record<TableFormat, Format>> = { TSV: 'tsv', CSV: 'csv', Markdown: 'markdown' };

/** A table as text; the first row is the head. Columns named in `numeric` are right-aligned in Markdown. */
export function tableText(rows: readonly (readonly string[])[], format: TableFormat, numeric: ReadonlySet<number>): string {
  const [head = [], ...body] = rows;
  return written(
    head.map((title, column) => ({ title, right: numeric.has(column) })),
    body,
    FORMATS[format],
  );
}
