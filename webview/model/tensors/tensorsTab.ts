import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { TensorRow } from '../../../src/protocol';
import { formatExact } from '../../common/format';
import { icon } from '../../common/icons';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import { adoptStyles } from '../../common/styles';
import type { Column } from '../../common/table/dataTable';
import tabStyles from '../../common/table/tab.css';
import { fileColumn, missingText, tensorColumns, tensorKey } from '../../common/tensors/tensorColumns';
import { tensorRows } from '../../common/tensors/tensorRows';
import type { ModelStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import '../../common/table/dataTable';

type Row = TensorRow & { readonly key: string };

/** Where every value lies in the model's own file, nothing is said of files. */
function columns(store: ModelStore, rows: readonly TensorRow[]): readonly Column<Row>[] {
  const consumers = ({ consumers: ids, readers }: Row) => {
    const names = ids.map((id) => store.complete?.nameOf(id) ?? id);
    return [...names, ...(readers > ids.length ? [t.moreRows(formatExact(readers - ids.length))] : [])].join(', ');
  };
  return [
    ...tensorColumns(),
    ...(rows.some(({ file }) => file !== '') ? [fileColumn(t.inModelFile)] : []),
    { id: 'consumers', label: t.consumers, width: 88, grow: 2, gives: 3, cell: consumers, tooltip: consumers },
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
    const rows = tensorRows(tensors.value, tensorFilter, tensorSort, { consumers: (row) => row.readers }).map(
      (row): Row => ({ ...row, key: tensorKey(row.name) }),
    );
    const missing = missingText(tensors.value);
    return html`${missing === '' ? nothing : html`<div class="tab-summary"><span>${icon('warning')}${missing}</span></div>`}
      <data-table
        .label=${t.tensors}
        .empty=${tensors.value.length === 0 ? t.noTensors : t.noRows}
        .columns=${columns(store, tensors.value)}
        .rows=${rows}
        .sorting=${tensorSort}
        .selected=${selected}
        .hiddenColumns=${store.state.hiddenColumns.tensors}
        .onHide=${store.hides('tensors')}
        .onSort=${(sorting: ModelStore['state']['tensorSort']) => store.update({ tensorSort: sorting })}
        .onSelect=${(row: Row) => store.update({ selected: row.key, detailsShown: true })}
        .onActivate=${(row: Row) => (row.consumers[0] === undefined ? undefined : void store.show(row.consumers[0]))}
      ></data-table>`;
  }
}
