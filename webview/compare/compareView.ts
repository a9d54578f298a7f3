import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { BUDGETS, type CompareViewApi, createClient } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import {
  budgetGlyph,
  budgetName,
  button,
  checkbox,
  common,
  dropdown,
  errorState,
  hostChannel,
  icon,
  LightElement,
  onHostEvent,
  onThemeChange,
} from '../common';
import { failureText } from '../common/failure';
import { Watching } from '../common/store';
import { barsChart } from './bars';
import { columnOf, splitName } from './columns';
import './curves/curvesSection';
import './diff/diffSection';
import './dropMenu';
import { exportMenu } from './exportMenu';
import { headerText } from './headerText';
import { measuringState } from './latencyCell';
import { scatterSection } from './scatterSection';
import { stagesSection } from './stagesSection';
import { CompareStore } from './store';
import { t } from './strings';
import { compareTable, sortedRows } from './table';
import { COLUMN_IDS, SPLITS, type Split } from './viewState';

const MARGIN = 16;
/** Width from which scatter and curves stand side by side, and the space between them, as in compare.css. */
const PAIR = 1000;
const GUTTER = 32;
/** Bars that are drawn: beyond, nobody compares lengths. */
const MAX_BARS = 40;

/** The whole comparison: header, table, bars. */
@customElement('compare-view')
export class CompareView extends LightElement {
  readonly store = new CompareStore(createClient<CompareViewApi>(hostChannel).api);
  @state() private width = 0;
  #cleanup: (() => void)[] = [];
  protected readonly watching = new Watching(this, () => this.store);

  override connectedCallback(): void {
    super.connectedCallback();
    const observer = new ResizeObserver(() => {
      this.width = this.clientWidth;
    });
    observer.observe(this);
    this.#cleanup = [
      () => observer.disconnect(),
      onThemeChange(() => this.requestUpdate()),
      onHostEvent((event) => event.type === 'changed' && void this.store.load()),
    ];
    void this.store.load();
  }

  override disconnectedCallback(): void {
    for (const stop of this.#cleanup) stop();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const { set } = store;
    if (!set) {
      if (store.problem) return errorState(t.cannotCompare, store.problem, [{ label: common.retry, onClick: () => void store.load() }]);
      return html`<busy-state .progress=${{ stage: t.opening, fraction: null }}></busy-state>`;
    }
    if (set.error !== '') {
      const asText = { label: t.openAsText, onClick: () => void store.act((api) => api.openText({})) };
      return errorState(t.cannotCompare, set.error, [asText]);
    }
    return html`${this.#header(set.title)} ${this.#progress()} ${measuringState(store)} ${this.#failure()}
      ${set.models.length === 0 ? this.#empty() : html`${compareTable(store)}${this.#bars()}${this.#pair()}${stagesSection(store, this.width - 2 * MARGIN)}<diff-section .store=${store}></diff-section>`}
      <div class="offscreen" role="status">${store.note}</div>`;
  }

  #header(title: string): TemplateResult {
    const { store } = this;
    const { split } = store.state;
    return html`<header class="compare-header">
      <h1 title=${tooltipText(title)}>${title}</h1>
      <span class="description">${headerText(store.rows)}</span>
      <span class="compare-actions">
        <span title=${t.splitByTooltip}>${dropdown({
          label: t.splitBy,
          prefix: t.splitByPrefix,
          value: split,
          choices: SPLITS.map((value) => ({ value, label: splitName(value) })),
          onChange: (value) => store.update({ split: value as Split }),
        })}</span>
        <drop-menu .label=${t.columns} .content=${() => this.#columnChoice()}></drop-menu>
        ${button({ label: t.addModel, icon: 'add', onClick: () => void store.act((api) => api.addModels({})) })}
        ${
          store.set?.untitled
            ? button({ label: t.saveAs, tooltip: t.saveAsTooltip, onClick: () => void store.act((api) => api.saveAs({})) })
            : nothing
        }
        <drop-menu .label=${t.export} .content=${(close: () => void) => exportMenu(store, this, close)}></drop-menu>
      </span>
    </header>`;
  }

  #columnChoice(): TemplateResult {
    const { store } = this;
    const { columns, split } = store.state;
    return html`${COLUMN_IDS.map((id) => {
      const label = id === 'split' ? t.splitColumn : columnOf(id, split).label;
      return checkbox(label, columns.includes(id), (checked) =>
        store.update({ columns: COLUMN_IDS.filter((other) => (other === id ? checked : columns.includes(other))) }),
      );
    })}`;
  }

  #progress(): TemplateResult | typeof nothing {
    const { store } = this;
    if (!store.counting) return nothing;
    const done = store.rows.filter(({ counted }) => counted.status !== 'waiting').length;
    const progress = { stage: t.counting(store.counting.name), fraction: done / Math.max(1, store.rows.length) };
    return html`<busy-state class="counting" bare .progress=${progress} .onCancel=${() => store.cancel()}></busy-state>`;
  }

  #failure(): TemplateResult | typeof nothing {
    const { problem: error } = this.store;
    if (!error) return nothing;
    return html`<p class="failure" role="alert">${icon('error')}<span>${t.notDone}: ${failureText(error)}</span></p>`;
  }

  #empty(): TemplateResult {
    return html`<div class="empty"><p>${t.noModels}</p><p class="description">${t.noModelsHint}</p></div>`;
  }

  #bars(): TemplateResult | typeof nothing {
    const { store } = this;
    const { split, absolute } = store.state;
    const all = sortedRows(store);
    const rows = all.slice(0, MAX_BARS);
    if (!rows.some(({ counted }) => counted.status === 'ready')) return nothing;
    const scale = (label: string, value: boolean) =>
      button({ label, pressed: absolute === value, onClick: () => store.update({ absolute: value }) });
    return html`<section class="chart-section" aria-labelledby="bars-title">
      <div class="chart-head">
        <h2 id="bars-title" class="section-title">${t.bars(splitName(split))}</h2>
        <span class="legend">${BUDGETS.map((budget) => html`<span>${budgetGlyph(budget)}${budgetName(budget)}</span>`)}</span>
        <span class="chart-tools" role="group" aria-label=${t.scale}>${scale(t.absolute, true)}${scale(t.relative, false)}</span>
      </div>
      ${barsChart({
        rows,
        split,
        absolute,
        width: Math.max(240, this.width - 2 * MARGIN),
        onOpen: ({ model }, node) => void store.act((api) => api.openModel({ model: model.id, ...(node ? { node } : {}) })),
      })}
      ${all.length > rows.length ? html`<p class="description chart-note">${t.barsLimited(String(MAX_BARS), String(all.length))}</p>` : nothing}
    </section>`;
  }

  /** Side by side where there is room for both. */
  #pair(): TemplateResult {
    const { store } = this;
    const room = this.width - 2 * MARGIN;
    const width = this.width >= PAIR ? (room - GUTTER) / 2 : room;
    return html`<div class="chart-pair">
      ${scatterSection(store, Math.max(240, Math.min(720, width)))}
      <div class="chart-section"><compare-curves .store=${store}></compare-curves></div>
    </div>`;
  }
}
