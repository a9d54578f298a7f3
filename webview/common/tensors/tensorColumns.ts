import { html, nothing } from 'lit';
import type { Count, TensorRow } from '../../../src/protocol';
import { editorStrings as t } from '../editor/strings';
import { formatBytes, formatCount, formatExact } from '../format';
import { icon } from '../icons';
import type { Column } from '../table/dataTable';

/** What tables tell of a stored tensor. */
export interface ListedTensor extends Pick<TensorRow, 'name' | 'dtype' | 'shape' | 'file' | 'missing' | 'bytes'> {
  readonly elements: Count;
}

/** A stored tensor as a row of a table. */
export type TensorTableRow = ListedTensor & { readonly key: string };

/** Selection key of a tensor; nodes and blocks have other ids. */
export function tensorKey(name: string): string {
  return `tensor:${name}`;
}

/** `[64, 3, 7, 7]`. */
export function extents({ shape }: Pick<TensorRow, 'shape'>): string {
  return `[${shape.join(', ')}]`;
}

/** Name, type, shape, elements and bytes of stored tensors. */
export function tensorColumns(): readonly Column<TensorTableRow>[] {
  return [
    {
      id: 'name',
      label: t.name,
      width: 136,
      grow: 3,
      cell: (row) =>
        html`<span class="row-name">${row.missing === '' ? nothing : icon('warning')}<span class="row-label"><bdi>${row.name}</bdi></span></span>`,
      tooltip: (row) => (row.missing === '' ? row.name : [row.name, row.missing]),
    },
    { id: 'dtype', label: t.dtype, width: 64, gives: 1, cell: (row) => row.dtype, tooltip: (row) => row.dtype },
    { id: 'shape', label: t.shape, width: 88, grow: 1, cell: extents, tooltip: extents },
    {
      id: 'elements',
      label: t.elements,
      width: 72,
      numeric: true,
      cell: (row) => formatCount(row.elements),
      tooltip: (row) => formatExact(row.elements),
    },
    {
      id: 'bytes',
      label: t.bytes,
      width: 72,
      numeric: true,
      cell: (row) => formatBytes(row.bytes),
      tooltip: (row) => `${formatExact(row.bytes)} B`,
    },
  ];
}

/** Where a tensor's values lie; `inFile` names the file that was opened. */
export function fileColumn(inFile: string): Column<TensorTableRow> {
  const file = (row: TensorTableRow) => row.file || inFile;
  return { id: 'file', label: t.file, width: 80, grow: 1, gives: 2, cell: file, tooltip: file };
}

/** How many tensors' values cannot be read, as a sentence; `''` where all can. */
export function missingText(rows: readonly ListedTensor[]): string {
  const missing = rows.filter((row) => row.missing !== '').length;
  return missing === 0 ? '' : missing === 1 ? t.oneValueMissing : t.valuesMissing(formatExact(missing));
}
