import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { CATEGORIES, type GraphBox, type ModelOverview, type NodeRow } from '../../../src/protocol';
import { button } from '../../common/controls';
import detailStyles from '../../common/editor/details.css';
import { detailsHead } from '../../common/editor/detailsHead';
import { adoptStyles } from '../../common/styles';
import type { ProfileIndex } from '../profileIndex';
import type { ModelStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import { blockDetails, groupDetails } from './blockDetails';
import { budgetSection, ofTheMacs } from './budgetSection';
import './nodeDetails';
import { tensorDetails } from './tensorDetails';

interface Content {
  readonly title: TemplateResult | string;
  readonly subtitle: string;
  readonly body: TemplateResult;
  /** Shown in the graph by its id; `''` where it is no box. */
  readonly box: string;
}

/** The selection where it is drawn. */
function boxOf(store: ModelStore, selected: string): GraphBox | null {
  for (const level of store.levels.values()) {
    const box = level.boxes.find(({ id, kind }) => id === selected && (kind === 'group' || kind === 'node'));
    if (box) return box;
  }
  return null;
}

function byCategory({ categories }: ModelOverview): readonly Pick<NodeRow, 'category' | 'macs'>[] {
  return CATEGORIES.flatMap((category) => {
    const macs = categories[category]?.macs;
    return macs === undefined ? [] : [{ category, macs }];
  });
}

/** What is known of the selection: a node, a block, a drawn group, a tensor, or else the whole model. */
function contentOf(store: ModelStore, index: ProfileIndex): Content {
  const { selected } = store.state;
  const node = index.nodes.get(selected);
  const drawn = boxOf(store, selected);
  if (node || drawn?.kind === 'node') {
    const body = html`<node-details .store=${store} .node=${selected}></node-details>`;
    return { title: node?.op ?? drawn?.title ?? '', subtitle: node?.name || selected, body, box: selected };
  }
  const block = index.blocks.get(selected);
  if (block) return { ...blockDetails(block, index, store), box: selected };
  if (selected.startsWith('tensor:')) {
    const name = selected.slice('tensor:'.length);
    return { title: name, subtitle: '', body: tensorDetails(name, store, index), box: '' };
  }
  if (drawn) return { ...groupDetails(drawn, index), box: '' };
  const { profile } = index;
  const everything = index.rows.map(({ id }) => id);
  const body = html`${budgetSection(profile.totals, index, everything)} ${ofTheMacs(byCategory(profile))}
    <section class="description">${t.nothingSelected}</section>`;
  return { title: t.wholeModel, subtitle: profile.model.name, body, box: '' };
}

/** The panel beside (or below) the views: where the figures of the selection come from. */
@customElement('details-panel')
export class DetailsPanel extends StoreElement {
  #shown = '';

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(detailStyles);
    const { store } = this;
    const index = store?.index;
    if (!store || !index) return nothing;
    const { title, subtitle, body, box } = contentOf(store, index);
    const inGraph = store.state.tab === 'graph';
    const toGraph =
      box === '' || inGraph
        ? nothing
        : button({ label: t.showInGraph, icon: 'type-hierarchy-sub', appearance: 'icon', onClick: () => void store.show(box) });
    return html`${detailsHead(store, { title, subtitle, actions: toGraph })}
      ${body}`;
  }

  protected override updated(): void {
    const selected = this.store?.state.selected ?? '';
    if (selected !== this.#shown) this.scrollTop = 0;
    this.#shown = selected;
  }
}
