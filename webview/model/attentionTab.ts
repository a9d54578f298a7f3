import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { attentionLabels, type Block } from '../../src/protocol';
import { formatExact, formatMacs } from '../common/format';
import { adoptStyles } from '../common/styles';
import type { Column } from '../common/table/dataTable';
import { shareCell } from '../common/table/shareCell';
import tabStyles from '../common/table/tab.css';
import { attributeText } from './details/blockAttributes';
import { runOnImageButton } from './header';
import { StoreElement } from './storeElement';
import { t } from './strings';
import { waitingForContent } from './waiting';
import '../common/table/dataTable';

type Row = Block & { readonly key: string; readonly title: string; readonly path: string };

/** Where the attention blocks are, how large, what they cost, and the way to their maps. */
@customElement('attention-tab')
export class AttentionTab extends StoreElement {
  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(tabStyles);
    const { store } = this;
    if (!store) return nothing;
    const index = store.complete;
    if (!index) return waitingForContent(store);
    // The same short names as under the picture of a run.
    const labels = attentionLabels(index.tree);
    const rows = index.attention.map((block): Row => {
      const around = index.ancestors(block.id).map((id) => index.nameOf(id));
      const title = [labels.get(block.id), block.label].join(' ');
      return { ...block, key: block.id, title, path: [...around.reverse(), block.label].join(' \u203a ') };
    });
    const number = (id: string, label: string, gives: number, width = 64): Column<Row> => ({
      id,
      label,
      width,
      gives,
      numeric: true,
      cell: (row) => attributeText(row.attributes[id]) || '\u2013',
    });
    const all = index.profile.totals.macs;
    const columns: readonly Column<Row>[] = [
      { id: 'name', label: t.name, width: 120, grow: 3, cell: (row) => row.title, tooltip: (row) => row.path },
      {
        id: 'macs',
        label: t.macs,
        width: 96,
        numeric: true,
        cell: (row) => formatMacs(row.totals.macs),
        tooltip: (row) => `${formatExact(row.totals.macs)} MACs`,
      },
      {
        id: 'share',
        label: t.share,
        width: 104,
        grow: 1,
        numeric: true,
        gives: 3,
        cell: (row) => shareCell(row.totals.macs, { attention: row.totals.macs }, all),
      },
      number('heads', t.heads, 2),
      number('queries', t.queries, 4),
      number('keys', t.keys, 5),
      number('window', t.window, 6, 72),
    ];
    return html`<div class="tab-summary">
        <span class="description">${t.attentionIntro}</span>
        <span class="end">${runOnImageButton(store)}</span>
      </div>
      <data-table
        .label=${t.attention}
        .columns=${columns}
        .rows=${rows}
        .selected=${store.state.selected}
        .hovered=${store.hovered}
        .hiddenColumns=${store.state.hiddenColumns.attention}
        .onHide=${store.hides('attention')}
        .onSelect=${(row: Row) => store.select(row.key)}
        .onActivate=${(row: Row) => void store.show(row.key)}
        .onHover=${(key: string) => store.hover(key)}
      ></data-table>`;
  }
}
