import type { TensorRow } from '../../../src/protocol';
import type { Sorting } from '../kept';
import { type SortValue, sortBy } from '../table/sortRows';

const VALUES: Readonly<Record<string, (row: TensorRow) => SortValue>> = {
  name: (row) => row.name,
  dtype: (row) => row.dtype,
  shape: (row) => `[${row.shape.join(', ')}]`,
  elements: (row) => row.elements,
  bytes: (row) => row.bytes,
  file: (row) => row.file,
  consumers: (row) => row.readers,
};

/** The tensors that hold every word of the filter in name, type, shape or file; in file order until sorted. */
export function tensorRows(rows: readonly TensorRow[], filter: string, sorting: Sorting | null): readonly TensorRow[] {
  const words = filter.toLowerCase().match(/\S+/g) ?? [];
  const kept = rows.filter((row) => {
    const text = `${row.name}\n${row.dtype}\n[${row.shape.join(', ')}]\n${row.file}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const value = sorting ? VALUES[sorting.column] : undefined;
  return value ? sortBy(kept, value, sorting?.descending ?? false) : kept;
}
