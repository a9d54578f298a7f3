import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { TensorRow } from '../../../src/protocol';
import { formatBytes, formatCount, formatExact } from '../../common/format';
import { icon } from '../../common/icons';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import { adoptStyles } from '../../common/styles';
import type { Column } from '../../common/table/dataTable';
import tabStyles from '../profile/profileTab.css';
import type { ModelStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import '../../common/table/dataTable';
import './statistics';
import { tensorRows } from './tensorRows';

type Row = TensorRow & { readonly key: string };

/** Selection key of a tensor; nodes and blocks have other ids. */
export function tensorKey(name: string): string {
  return `tensor:${name}`;
}

/** Where every value lies in the model's own file, nothing is said of files. */
function columns(store: ModelStore, rows: readonly TensorRow[]): readonly Column<Row>[] {
  const consumers = ({ consumers: ids, readers }: Row) => {
    const names = ids.map((id) => store.complete?.nameOf(id) ?? id);
    return [...names, ...(readers > ids.length ? [t.moreRows(formatExact(readers - ids.length))] : [])].join(', ');
  };
  const name = (row: Row) =>
    html`<span class="row-name">${row.missing === '' ? nothing : icon('warning')}<span class="row-label"><bdi>${row.name}</bdi></span></span>`;
  const file: Column<Row> = {
    id: 'file',
    label: t.file,
    width: 80,
    grow: 1,
    cell: (row) => row.file || t.inModelFile,
    tooltip: (row) => row.file || t.inModelFile,
  };
  return [
    {
      id: 'name',
      label: t.name,
      width: 136,
      grow: 3,
      cell: name,
      tooltip: (row) => (row.missing === '' ? row.name : [row.name, row.missing]),
    },
    { id: 'dtype', label: t.dtype, width: 64, cell: (row) => row.dtype },
    {
      id: 'shape',
      label: t.shape,
      width: 88,
      grow: 1,
      cell: (row) => `[${row.shape.join(', ')}]`,
      tooltip: (row) => `[${row.shape.join(', ')}]`,
    },
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
    ...(rows.some(({ file }) => file !== '') ? [file] : []),
    { id: 'consumers', label: t.consumers, width: 88, grow: 2, cell: consumers, tooltip: consumers },
  ];
}

/** Every stored tensor; selecting one shows the distribution of its values in the details. */
@customElement('tensors-tab')
export class TensorsTab extends StoreElement {
  override connectedCallback(): void {
    super.connectedCallback();
    void this.store?.fetchTensors();
  }

  protected override updated(): void {
    if (this.store?.tensors === null) void this.store.fetchTensors();
  }

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(tabStyles);
    const { store } = this;
    const tensors = store?.tensors;
    if (!store || !tensors || tensors.status === 'loading') return html`<busy-state></busy-state>`;
    if (tensors.status === 'error') {
      return errorState(t.tensorsFailed, tensors.error, [{ label: common.retry, onClick: () => void store.fetchTensors() }]);
    }
    const { tensorFilter, tensorSort, selected } = store.state;
    const rows = tensorRows(tensors.value, tensorFilter, tensorSort).map((row): Row => ({ ...row, key: tensorKey(row.name) }));
    const missing = tensors.value.filter((row) => row.missing !== '').length;
    return html`${missing === 0 ? nothing : html`<div class="tab-summary"><span>${icon('warning')}${missing === 1 ? t.oneValueMissing : t.valuesMissing(formatExact(missing))}</span></div>`}
      <data-table
        .label=${t.tensors}
        .empty=${tensors.value.length === 0 ? t.noTensors : t.noRows}
        .columns=${columns(store, tensors.value)}
        .rows=${rows}
        .sorting=${tensorSort}
        .selected=${selected}
        .onSort=${(sorting: ModelStore['state']['tensorSort']) => store.update({ tensorSort: sorting })}
        .onSelect=${(row: Row) => store.update({ selected: row.key, detailsShown: true })}
        .onActivate=${(row: Row) => (row.consumers[0] === undefined ? undefined : void store.show(row.consumers[0]))}
      ></data-table>`;
  }
}
