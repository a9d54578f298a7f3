import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { budgetOf, type NodeDetails, type NodeProfile, type NodeRow, type ValueDetails } from '../../../src/protocol';
import { categoryName } from '../../../src/report/loose';
import { copyable } from '../../common/editor/copyText';
import { section } from '../../common/editor/section';
import { formatExact } from '../../common/format';
import { budgetGlyph } from '../../common/glyphs';
import { type Fetched, LOADING, settled } from '../../common/result';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import type { ProfileIndex } from '../profileIndex';
import type { ModelStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import '../../common/tensors/statistics';
import { figureList } from '../../common/editor/figureList';
import { budgetSection } from './budgetSection';

const MOST_NEIGHBOURS = 8;

/** Where the operator is specified, for the operator sets that publish a page each. */
export function documentationUrl(op: string, domain: string): string {
  if (domain === '' || domain === 'ai.onnx') return `https://onnx.ai/onnx/operators/onnx__${op}.html`;
  if (domain === 'ai.onnx.ml') return `https://onnx.ai/onnx/operators/onnx_aionnxml_${op}.html`;
  return domain === 'com.microsoft'
    ? `https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.${op}`
    : '';
}

/** One operator: what it costs and why, its attributes, and the values around it. */
@customElement('node-details')
export class NodeDetailsView extends StoreElement {
  @property() node = '';
  @state() private details: Fetched<NodeDetails> = LOADING;
  @state() private tensor = '';
  #wanted = 0;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('node') || this.node === '') return;
    this.tensor = '';
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    const wanted = ++this.#wanted;
    this.details = LOADING;
    if (!this.store) return;
    const details = await settled(this.store.api.details({ node: this.node }));
    if (wanted === this.#wanted) this.details = details;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const index = store?.index;
    if (!store || !index) return nothing;
    const profile = this.details.status === 'ready' ? this.details.value.profile : null;
    const node = profile ?? index.nodes.get(this.node);
    return html`${node ? this.#place(node, index) : nothing} ${profile ? this.#figures(profile, index) : nothing}
    ${profile ? this.#formula(profile, store) : nothing} ${this.#fetched(store, index)}`;
  }

  #place(node: NodeRow, index: ProfileIndex): TemplateResult {
    const block = index.blocks.get(node.block);
    const rows = [
      { label: t.category, value: html`${budgetGlyph(budgetOf(node.category))} ${categoryName(node.category)}` },
      ...(node.domain === '' ? [] : [{ label: t.domain, value: node.domain }]),
      ...(block
        ? [{ label: t.block, value: html`<button class="link" @click=${() => void this.store?.show(block.id)}>${block.label}</button>` }]
        : []),
    ];
    return html`<section>${figureList(rows)}</section>`;
  }

  #figures(node: NodeProfile, index: ProfileIndex): TemplateResult {
    return budgetSection({ ...node, activationBytes: node.writtenBytes }, index, [node.id]);
  }

  #formula({ formula }: NodeProfile, store: ModelStore): TemplateResult | typeof nothing {
    if (formula === '') return nothing;
    return section(t.whereItComesFrom, html`<p class="formula mono">${copyable(store, formula, formula)}</p>`);
  }

  #fetched(store: ModelStore, index: ProfileIndex): TemplateResult {
    const { details } = this;
    if (details.status === 'loading') return html`<busy-state></busy-state>`;
    if (details.status === 'error')
      return errorState(t.cannotShow, details.error, [{ label: common.retry, onClick: () => void this.#fetch() }]);
    const { attributes, inputs, outputs, more, doc, metadata, op, domain } = details.value;
    const facts = Object.entries(metadata);
    const url = documentationUrl(op, domain);
    return html`${
      attributes.length === 0
        ? nothing
        : section(
            t.attributes,
            html`${figureList(attributes.map(({ name, kind, text }) => ({ label: name, value: text, tooltip: `${name}: ${kind}` })))}${moreRows(more.attributes)}`,
          )
    }
      ${inputs.length === 0 ? nothing : section(t.inputs, this.#values(inputs, more.inputs, store, index))}
      ${outputs.length === 0 ? nothing : section(t.outputs, this.#values(outputs, more.outputs, store, index))}
      ${facts.length === 0 ? nothing : section(t.metadata, figureList(facts.map(([label, value]) => ({ label, value }))))}
      ${
        doc === '' && url === ''
          ? nothing
          : section(
              t.documentation,
              html`<div class="value-list">
              ${doc === '' ? nothing : html`<div>${doc}</div>`}
              ${url === '' ? nothing : html`<div><a class="link" href=${url}>${op}</a></div>`}
            </div>`,
            )
      }`;
  }

  #values(values: readonly ValueDetails[], more: number, store: ModelStore, index: ProfileIndex): TemplateResult {
    return html`<div class="value-list">${values.map((value) => this.#value(value, store, index))}${moreRows(more)}</div>`;
  }

  #value(value: ValueDetails, store: ModelStore, index: ProfileIndex): TemplateResult {
    const isTensor = value.tensor !== '';
    const open = isTensor && this.tensor === value.tensor;
    const toggle = () => {
      this.tensor = open ? '' : value.tensor;
    };
    const more = value.nodes.length - MOST_NEIGHBOURS;
    return html`<div>
      <div>${isTensor ? html`<button class="link" aria-expanded=${String(open)} title=${t.distribution} @click=${toggle}>${value.name}</button>` : copyable(store, value.name, value.name)}</div>
      <div class="description">${value.dtype} ${value.shape}</div>
      ${open ? html`<tensor-statistics .store=${store} .tensor=${value.tensor}></tensor-statistics>` : nothing}
      ${isTensor ? nothing : value.nodes.slice(0, MOST_NEIGHBOURS).map((id) => this.#neighbour(id, store, index))}
      ${!isTensor && more > 0 ? html`<div class="description">${t.moreRows(String(more))}</div>` : nothing}
    </div>`;
  }

  #neighbour(id: string, store: ModelStore, index: ProfileIndex): TemplateResult {
    const other = index.nodes.get(id);
    return html`<div
      ><button
        class="link"
        @pointerenter=${() => store.hover(id)}
        @pointerleave=${() => store.hover('')}
        @click=${() => void store.show(id)}
        >${other ? `${other.op} ${other.name}` : id}</button
      ></div
    >`;
  }
}

/** What is not listed, as a count. */
function moreRows(count: number): TemplateResult | typeof nothing {
  return count > 0 ? html`<div class="description">${t.moreRows(formatExact(count))}</div>` : nothing;
}
