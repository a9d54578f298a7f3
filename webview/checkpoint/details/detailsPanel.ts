import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { CheckpointOverview, CheckpointTensorRow, ModuleRow } from '../../../src/protocol';
import { button } from '../../common/controls';
import detailStyles from '../../common/editor/details.css';
import { detailsHead } from '../../common/editor/detailsHead';
import { figureList } from '../../common/editor/figureList';
import { section } from '../../common/editor/section';
import { formatBytes, formatCount, formatExact } from '../../common/format';
import { budgetGlyph } from '../../common/glyphs';
import { adoptStyles } from '../../common/styles';
import { tensorKey } from '../../common/tensors/tensorColumns';
import { budgetOfModule, kindText } from '../kindText';
import { moduleOfKey } from '../modules/moduleTree';
import type { CheckpointStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import './moduleDetails';
import './footprint';
import { metadataSection } from './metadataSection';
import { tensorDetails } from './tensorDetails';
import { typesSection } from './typesSection';

const TENSOR = tensorKey('');

interface Content {
  readonly title: TemplateResult | string;
  readonly subtitle: string;
  readonly body: TemplateResult;
  readonly actions?: TemplateResult;
}

/** What is known of the selection: a tensor, or else the whole checkpoint. */
function contentOf(store: CheckpointStore, summary: CheckpointOverview): Content {
  const { selected } = store.state;
  if (selected.startsWith(TENSOR)) {
    const name = selected.slice(TENSOR.length);
    // Not while rendering: the store tells its listeners at once.
    if (store.tensors === null) queueMicrotask(() => void store.fetchTensors());
    const row = store.byName.get(name);
    if (row) return { title: name, subtitle: tensorSubtitle(row), body: tensorDetails(row, store), actions: toModule(name, store) };
    if (store.tensors?.status !== 'ready') return { title: name, subtitle: '', body: html`<busy-state></busy-state>` };
  }
  const module = moduleOfKey(selected);
  if (module !== null) {
    const row = store.tree.known.get(module);
    const body = html`<module-details .store=${store} .module=${module} .loads=${store.loads}></module-details>`;
    if (row) return { title: moduleTitle(row), subtitle: moduleSubtitle(row), body };
  }
  return { title: t.wholeCheckpoint, subtitle: summary.model.name, body: wholeCheckpoint(summary, store) };
}

function moduleTitle(row: ModuleRow): TemplateResult {
  return html`${budgetGlyph(budgetOfModule(row))} ${row.name || t.ownTensors}`;
}

function moduleSubtitle(row: ModuleRow): string {
  const repeat = row.repeat > 1 ? t.equalModules(formatExact(row.repeat)) : '';
  return [row.path === row.name ? '' : row.path, repeat, kindText(row)].filter((part) => part !== '').join(', ');
}

function tensorSubtitle({ kind, part, section }: CheckpointTensorRow): string {
  return [t.section(section), kindText({ kind, part })].filter((text, place, all) => text !== '' && all.indexOf(text) === place).join(', ');
}

function toModule(tensor: string, store: CheckpointStore): TemplateResult {
  const onClick = () => void store.showModuleOf(tensor);
  return button({ label: t.showModule, icon: 'list-tree', appearance: 'icon', onClick });
}

function wholeCheckpoint(summary: CheckpointOverview, store: CheckpointStore): TemplateResult {
  const { totals, model } = summary;
  const { fileBytes, metadata } = model;
  const bytes = (label: string, count: number | string) => ({ label, value: formatBytes(count), tooltip: `${formatExact(count)} B` });
  const figures = [
    { label: t.parametersLabel, value: formatCount(totals.parameters), tooltip: formatExact(totals.parameters) },
    ...(Number(totals.buffers) === 0
      ? []
      : [{ label: t.buffers, value: formatCount(totals.buffers), tooltip: formatExact(totals.buffers) }]),
    { label: t.tensors, value: formatExact(totals.tensors) },
    bytes(t.bytes, totals.bytes),
    bytes(t.fileBytes, fileBytes),
  ];
  return html`${section(t.budget, figureList(figures))} ${typesSection(summary)}
    <training-footprint .store=${store} .loads=${store.loads}></training-footprint>
    <section class="description">${t.nothingSelected}</section>
    ${metadataSection(metadata, store)}`;
}

/** The panel beside (or below) the views: what the selection is made of. */
@customElement('checkpoint-details')
export class CheckpointDetails extends StoreElement {
  #shown = '';

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(detailStyles);
    const { store } = this;
    const summary = store?.summary;
    if (!store || !summary) return nothing;
    const { title, subtitle, body, actions = nothing } = contentOf(store, summary);
    return html`${detailsHead(store, { title, subtitle, actions })} ${body}`;
  }

  protected override updated(): void {
    const selected = this.store?.state.selected ?? '';
    if (selected !== this.#shown) this.scrollTop = 0;
    this.#shown = selected;
  }
}
