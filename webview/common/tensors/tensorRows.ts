import type { Sorting } from '../kept';
import { type SortValue, sortBy } from '../table/sortRows';
import type { ListedTensor } from './tensorColumns';

const VALUES: Readonly<Record<string, (row: ListedTensor) => SortValue>> = {
  name: (row) => row.name,
  dtype: (row) => row.dtype,
  shape: (row) => `[${row.shape.join(', ')}]`,
  elements: (row) => Number(row.elements),
  bytes: (row) => row.bytes,
  file: (row) => row.file,
};

/**
 * The tensors that hold every word of the filter in name, type, shape or file; in file order until sorted.
 * `values` sort by columns beside those that every table of tensors has.
 */
export function tensorRows<Row extends ListedTensor>(
  rows: readonly Row[],
  filter: string,
  sorting: Sorting | null,
  values: Readonly<Record<string, (row: Row) => SortValue>> = {},
): readonly Row[] {
  const words = filter.toLowerCase().match(/\S+/g) ?? [];
  const kept = rows.filter((row) => {
    const text = `${row.name}\n${row.dtype}\n[${row.shape.join(', ')}]\n${row.file}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const value = sorting ? (values[sorting.column] ?? VALUES[sorting.column]) : undefined;
  return value ? sortBy(kept, value, sorting?.descending ?? false) : kept;
}
