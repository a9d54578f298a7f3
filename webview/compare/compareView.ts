import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { BUDGETS, type CompareViewApi, createClient } from '../../src/protocol';
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
import { barsChart } from './bars';
import { columnOf, splitName } from './columns';
import './dropMenu';
import { csvText, exportName, jsonText, markdownText, svgText } from './exporting';
import { plotted, scatterChart } from './scatter';
import { CompareStore } from './store';
import { t } from './strings';
import { compareTable, sortedRows } from './table';
import { COLUMN_IDS, SPLITS, type Split } from './viewState';

const MARGIN = 16;

/** The whole comparison: header, table, bars. */
@customElement('compare-view')
export class CompareView extends LightElement {
  readonly store = new CompareStore(createClient<CompareViewApi>(hostChannel).api);
  @state() private width = 0;
  #cleanup: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const observer = new ResizeObserver(() => {
      this.width = this.clientWidth;
    });
    observer.observe(this);
    this.#cleanup = [
      () => observer.disconnect(),
      this.store.subscribe(() => this.requestUpdate()),
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
      if (store.error) return errorState(t.cannotCompare, store.error, [{ label: common.retry, onClick: () => void store.load() }]);
      return html`<busy-state .progress=${{ stage: t.opening, fraction: null }}></busy-state>`;
    }
    if (set.error !== '') {
      const asText = { label: t.openAsText, onClick: () => void store.act((api) => api.openText({})) };
      return errorState(t.cannotCompare, set.error, [asText]);
    }
    return html`${this.#header(set.title)} ${this.#progress()} ${this.#failure()}
      ${set.models.length === 0 ? this.#empty() : html`${compareTable(store)}${this.#bars()}${this.#scatter()}`}
      <div class="offscreen" role="status">${store.note}</div>`;
  }

  #header(title: string): TemplateResult {
    const { store } = this;
    const { split } = store.state;
    const count = store.rows.length;
    return html`<header class="compare-header">
      <h1 title=${title}>${title}</h1>
      <span class="description">${count === 1 ? t.oneModel : t.models(String(count))}</span>
      <span class="compare-actions">
        ${dropdown({
          label: t.splitBy,
          prefix: t.splitByPrefix,
          value: split,
          choices: SPLITS.map((value) => ({ value, label: splitName(value) })),
          onChange: (value) => store.update({ split: value as Split }),
        })}
        <drop-menu .label=${t.columns} .content=${() => this.#columnChoice()}></drop-menu>
        ${button({ label: t.addModel, icon: 'add', onClick: () => void store.act((api) => api.addModels({})) })}
        ${
          store.set?.untitled
            ? button({ label: t.saveAs, tooltip: t.saveAsTooltip, onClick: () => void store.act((api) => api.saveAs({})) })
            : nothing
        }
        <drop-menu .label=${t.export} .content=${(close: () => void) => this.#exports(close)}></drop-menu>
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

  #exports(close: () => void): TemplateResult {
    const { store } = this;
    const bytes = (text: string) => new TextEncoder().encode(text);
    const save = (extension: string, text: () => string) => () =>
      store.act((api) => api.save({ name: exportName(store.set?.title ?? '', extension), bytes: bytes(text()) }));
    const copy = (format: string, text: () => string) => () => store.act((api) => api.copy({ text: text() }), t.copied(format));
    const chart = this.querySelector<SVGElement>('.bars-chart');
    const scatter = this.querySelector<SVGElement>('.scatter-chart');
    const entries = [
      { label: t.copyMarkdown, icon: 'copy', run: copy('Markdown', () => markdownText(store)) },
      { label: t.copyCsv, icon: 'copy', run: copy('CSV', () => csvText(store)) },
      { label: t.saveMarkdown, icon: 'markdown', run: save('md', () => markdownText(store)) },
      { label: t.saveCsv, icon: 'table', run: save('csv', () => csvText(store)) },
      { label: t.saveJson, icon: 'json', run: save('json', () => jsonText(store)) },
      ...(chart ? [{ label: t.saveSvg, icon: 'file-media', run: save('svg', () => svgText(chart)) }] : []),
      ...(scatter ? [{ label: t.saveScatterSvg, icon: 'file-media', run: save('scatter.svg', () => svgText(scatter)) }] : []),
    ];
    return html`${entries.map(
      (entry) =>
        html`<button
          class="menu-entry"
          @click=${() => {
            close();
            void entry.run();
          }}
        >${icon(entry.icon)}${entry.label}</button>`,
    )}`;
  }

  #progress(): TemplateResult | typeof nothing {
    const { store } = this;
    if (!store.counting) return nothing;
    const done = store.rows.filter(({ counted }) => counted.status !== 'waiting').length;
    const progress = { stage: t.counting(store.counting.name), fraction: done / Math.max(1, store.rows.length) };
    return html`<busy-state class="counting" bare .progress=${progress} .onCancel=${() => store.cancel()}></busy-state>`;
  }

  #failure(): TemplateResult | typeof nothing {
    const { error } = this.store;
    if (!error) return nothing;
    return html`<p class="failure" role="alert">${icon('error')}<span>${t.notDone}: ${failureText(error)}</span></p>`;
  }

  #empty(): TemplateResult {
    return html`<div class="empty"><p>${t.noModels}</p><p class="description">${t.noModelsHint}</p></div>`;
  }

  #bars(): TemplateResult | typeof nothing {
    const { store } = this;
    const { split, absolute } = store.state;
    const rows = sortedRows(store);
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
        onOpen: ({ model }) => void store.act((api) => api.openModel({ model: model.id })),
      })}
    </section>`;
  }

  #scatter(): TemplateResult | typeof nothing {
    const { store } = this;
    const { scatterBy } = store.state;
    const points = plotted(store.rows, scatterBy);
    if (points.length < 2) return nothing;
    const against = (label: string, value: 'macs' | 'parameters') =>
      button({ label, pressed: scatterBy === value, onClick: () => store.update({ scatterBy: value }) });
    return html`<section class="chart-section" aria-labelledby="scatter-title">
      <div class="chart-head">
        <h2 id="scatter-title" class="section-title">${t.scatter(scatterBy === 'macs' ? t.macs : t.parameters)}</h2>
        <span class="description">${t.frontNote}</span>
        <span class="chart-tools" role="group" aria-label=${t.against}>${against(t.macs, 'macs')}${against(t.parameters, 'parameters')}</span>
      </div>
      ${scatterChart(points, scatterBy, Math.max(240, Math.min(720, this.width - 2 * MARGIN)), ({ model }) => {
        void store.act((api) => api.openModel({ model: model.id }));
      })}
    </section>`;
  }
}
