import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DiffRow, ModelDiff } from '../../../src/protocol';
import { adoptStyles, button, common, dropdown, errorState, formatChange, formatCount, formatMacs, LightElement } from '../../common';
import { Watching } from '../../common/store';
import '../dropMenu';
import { exportName } from '../exportName';
import { menuEntries } from '../menuEntries';
import type { CompareStore } from '../store';
import styles from './diff.css';
import { countChanges, type ShownRow, shownRows } from './diffRows';
import { type DiffPair, DiffStore } from './diffStore';
import { diffTable } from './diffTable';
import { diffCsv, diffMarkdown } from './diffText';
import { DIFF_FILTERS, type DiffFilter } from './state';
import { t } from './strings';

/** What changed between two models of the comparison; nothing is compared before it comes into sight or is asked for. */
@customElement('diff-section')
export class DiffSection extends LightElement {
  @property({ attribute: false }) store!: CompareStore;
  #diff: DiffStore | null = null;
  #cleanup: (() => void)[] = [];
  protected readonly watching = [new Watching(this, () => this.store), new Watching(this, () => this.#diff)];
  /** Somebody asked for what comes: it is brought into sight, and again once it has its size. */
  #wished = false;

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(styles);
    this.#diff ??= new DiffStore(this.store);
    const sight = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#look());
    sight.observe(this);
    const stop = this.store.subscribe(() => {
      this.#diff?.refresh();
      this.#look();
    });
    this.#cleanup = [() => sight.disconnect(), stop];
  }

  override disconnectedCallback(): void {
    for (const stop of this.#cleanup) stop();
    this.#diff?.cancel();
    super.disconnectedCallback();
  }

  /** Below the view's header. Only the view is scrolled: `scrollIntoView` would move the page around it as well. */
  #bringIntoSight(): void {
    const view = this.closest('compare-view');
    const header = view?.querySelector('.compare-header')?.getBoundingClientRect().bottom ?? 0;
    view?.scrollBy({ top: this.getBoundingClientRect().top - header });
  }

  /** Compares once this is in sight with everything above it in its place: that is not before all rows are counted. */
  #look(): void {
    if (this.store.counting || !this.store.set) return;
    requestAnimationFrame(() => {
      const { top, bottom } = this.getBoundingClientRect();
      if (this.isConnected && !this.store.counting && bottom > 0 && top < window.innerHeight) this.#diff?.want();
    });
  }

  /** The difference on the screen with the two models' names; `null` while there is none. */
  get shown(): { readonly diff: ModelDiff; readonly before: string; readonly after: string } | null {
    const pair = this.#diff?.pair;
    const result = this.#diff?.result;
    return pair && result?.status === 'ready' ? { diff: result.diff, before: pair.before.model.name, after: pair.after.model.name } : null;
  }

  /** Compares a model with the baseline and brings the result into sight. */
  show(after: string): void {
    this.#diff?.want();
    this.#diff?.update({ before: '', after, turned: [] });
    this.#wished = true;
    this.requestUpdate();
  }

  protected override updated(_changed: PropertyValues): void {
    this.hidden = !this.#diff?.pair;
    if (!this.#wished) return;
    this.#bringIntoSight();
    const { status } = this.#diff?.result ?? { status: 'none' };
    this.#wished = status === 'waiting' || status === 'comparing';
  }

  protected override render(): TemplateResult | typeof nothing {
    const diff = this.#diff;
    const pair = diff?.pair;
    if (!diff || !pair) return nothing;
    return html`<section class="chart-section diff-section" aria-labelledby="diff-title">
      <div class="chart-head">
        <h2 id="diff-title" class="section-title">${t.title}</h2>
        <span class="diff-pair">${this.#choice(diff, pair, 'before')}${this.#choice(diff, pair, 'after')}</span>
        <span class="chart-tools">${this.shown ? this.#tools(diff) : nothing}</span>
      </div>
      ${this.#content(diff, pair)}
    </section>`;
  }

  #choice(diff: DiffStore, pair: DiffPair, side: 'before' | 'after'): TemplateResult {
    return dropdown({
      label: t[side],
      prefix: side === 'before' ? t.from : t.to,
      value: pair[side].model.id,
      choices: this.store.rows.map(({ model }) => ({ value: model.id, label: model.name })),
      onChange: (value) => {
        diff.want();
        diff.update(side === 'before' ? { before: value, turned: [] } : { after: value, turned: [] });
      },
    });
  }

  #tools(diff: DiffStore): TemplateResult {
    const names: Readonly<Record<DiffFilter, string>> = { all: t.everything, added: t.added, removed: t.removed, changed: t.changed };
    return html`${dropdown({
      label: t.filter,
      prefix: t.filterPrefix,
      value: diff.state.filter,
      choices: DIFF_FILTERS.map((value) => ({ value, label: names[value] })),
      onChange: (value) => diff.update({ filter: DIFF_FILTERS.find((one) => one === value) ?? 'all' }),
    })}<drop-menu .label=${t.export} .content=${(close: () => void) => this.#exports(close)}></drop-menu>`;
  }

  #exports(close: () => void): TemplateResult {
    const { shown, store } = this;
    if (!shown) return html``;
    const copy = (format: string, text: string) => () => void store.act((api) => api.copy({ text }), t.copied(format));
    const name = exportName(`${shown.before} to ${shown.after}`, 'csv');
    const save = () => void store.act((api) => api.save({ name, bytes: new TextEncoder().encode(diffCsv(shown.diff)) }));
    return menuEntries(close, [
      { label: t.copyMarkdown, icon: 'copy', run: copy('Markdown', diffMarkdown(shown.diff)) },
      { label: t.copyCsv, icon: 'copy', run: copy('CSV', diffCsv(shown.diff)) },
      { label: t.saveCsv, icon: 'table', run: save },
    ]);
  }

  #content(diff: DiffStore, pair: DiffPair): TemplateResult {
    const { result } = diff;
    const [before, after] = [pair.before.model.name, pair.after.model.name];
    if (pair.before === pair.after) return html`<p class="description">${t.same}</p>`;
    if ([pair.before, pair.after].some(({ counted }) => counted.status === 'failed')) {
      return html`<p class="description">${t.notCounted}</p>`;
    }
    switch (result.status) {
      case 'none':
        return html`<p>${button({ label: t.show, onClick: () => diff.want() })}</p>`;
      case 'waiting':
        return html`<p class="description">${t.waiting}</p>`;
      case 'comparing': {
        const progress = { stage: t.comparing(before, after), fraction: null };
        return html`<busy-state bare .progress=${progress} .onCancel=${() => diff.cancel()}></busy-state>`;
      }
      case 'cancelled':
        return html`<p>${t.cancelled} ${button({ label: common.retry, onClick: () => diff.retry() })}</p>`;
      case 'failed':
        return errorState(t.failed, result.error, [{ label: common.retry, onClick: () => diff.retry() }]);
      case 'ready':
        return this.#changes(result.diff, diff, pair);
      default:
        return result satisfies never;
    }
  }

  #changes(found: ModelDiff, diff: DiffStore, pair: DiffPair): TemplateResult {
    const [before, after] = [pair.before.model.name, pair.after.model.name];
    const blocks = found.same === 1 ? t.oneBlock : t.blocks(String(found.same));
    if (found.rows.length === 0 && Object.values(found.total).every((change) => typeof change === 'object' || BigInt(change) === 0n)) {
      return html`<p class="diff-summary">${t.equal(before, after, blocks)}</p>`;
    }
    const { filter, turned } = diff.state;
    const { added, removed, changed } = countChanges(found.rows);
    const rows = shownRows(found.rows, filter, turned);
    const turn = ({ key }: ShownRow) =>
      diff.update({ turned: turned.includes(key) ? turned.filter((other) => other !== key) : [...turned, key] });
    const total = t.total(formatChange(found.total.parameters, formatCount), formatChange(found.total.macs, formatMacs));
    return html`<p class="diff-summary">${t.summary(blocks, String(added), String(removed), String(changed))} ${total}</p>
      ${rows.length === 0 ? html`<p class="description">${t.nothingOfKind}</p>` : nothing}
      ${diffTable({ diff: found, rows, before, after, onTurn: turn, onOpen: (row) => this.#open(row, pair) })}`;
  }

  /** A removed block is to be seen only before, any other after. */
  #open(row: DiffRow, { before, after }: DiffPair): void {
    const [side, node] = row.after === '' ? [before, row.before] : [after, row.after];
    void this.store.act((api) => api.openModel({ model: side.model.id, node }));
  }
}
