import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { CheckpointTensorRow } from '../../../src/protocol';
import { icon } from '../../common/icons';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import { adoptStyles } from '../../common/styles';
import type { Column, DataTable } from '../../common/table/dataTable';
import tabStyles from '../../common/table/tab.css';
import { fileColumn, missingText, tensorColumns, tensorKey } from '../../common/tensors/tensorColumns';
import { tensorRows } from '../../common/tensors/tensorRows';
import type { CheckpointStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import '../../common/table/dataTable';

type Row = CheckpointTensorRow & { readonly key: string };

/** Where every value lies in the file itself, nothing is said of files. */
function columns(rows: readonly CheckpointTensorRow[]): readonly Column<Row>[] {
  return [...tensorColumns(), ...(rows.some(({ file }) => file !== '') ? [fileColumn(t.inThisFile)] : [])];
}

/** Every tensor of the file; selecting one shows its values in the details. */
@customElement('checkpoint-tensors')
export class CheckpointTensors extends StoreElement {
  #made: { readonly of: readonly unknown[]; readonly rows: readonly Row[] } | null = null;
  #revealed = '';

  protected override updated(): void {
    if (this.store?.tensors === null) void this.store.fetchTensors();
    const selected = this.store?.state.selected ?? '';
    const table = this.querySelector<DataTable>('data-table');
    if (selected === this.#revealed || !table) return;
    this.#revealed = selected;
    table.revealRow(selected);
  }

  /** Made again only where rows, filter or order are others: there may be 200,000. */
  #rows(rows: readonly CheckpointTensorRow[], { tensorFilter, tensorSort }: CheckpointStore['state']): readonly Row[] {
    const of = [rows, tensorFilter, tensorSort];
    if (!this.#made || of.some((part, place) => part !== this.#made?.of[place])) {
      const shown = tensorRows(rows, tensorFilter, tensorSort).map((row): Row => ({ ...row, key: tensorKey(row.name) }));
      this.#made = { of, rows: shown };
    }
    return this.#made.rows;
  }

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(tabStyles);
    const { store } = this;
    const tensors = store?.tensors;
    if (!store || !tensors || tensors.status === 'loading') {
      const fraction = tensors?.status === 'loading' ? (tensors.progress?.fraction ?? null) : null;
      return html`<busy-state .progress=${{ stage: t.listing, fraction }}></busy-state>`;
    }
    if (tensors.status === 'error') {
      return errorState(t.tensorsFailed, tensors.error, [{ label: common.retry, onClick: () => void store.fetchTensors() }]);
    }
    const missing = missingText(tensors.value);
    return html`${missing === '' ? nothing : html`<div class="tab-summary"><span>${icon('warning')}${missing}</span></div>`}
      <data-table
        .label=${t.tensors}
        .empty=${tensors.value.length === 0 ? t.noTensors : t.noRows}
        .columns=${columns(tensors.value)}
        .rows=${this.#rows(tensors.value, store.state)}
        .sorting=${store.state.tensorSort}
        .selected=${store.state.selected}
        .onSort=${(tensorSort: CheckpointStore['state']['tensorSort']) => store.update({ tensorSort })}
        .onSelect=${(row: Row) => store.update({ selected: row.key, detailsShown: true })}
      ></data-table>`;
  }
}
