import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { createClient, type ModelViewApi } from '../../src/protocol';
import { hostChannel, onHostEvent } from '../common/channel';
import { button, dropdown, tabs, textField } from '../common/controls';
import { errorState } from '../common/states';
import '../common/splitter';
import '../common/states';
import { common } from '../common/strings';
import { adoptStyles } from '../common/styles';
import './attentionTab';
import './budgetBar';
import './details/detailsPanel';
import './findings';
import './graph/graphView';
import { COLOR_BY, type ColorBy } from './graph/look';
import './header';
import viewStyles from './modelView.css';
import './profile/profileTab';
import './searchBox';
import type { SearchBox } from './searchBox';
import { ModelStore } from './store';
import { StoreElement } from './storeElement';
import { t } from './strings';
import './tensors/tensorsTab';
import { GROUPINGS, type Grouping, type Tab } from './viewState';
import { stageText } from './waiting';

/** Narrower than this the details go below. */
const NARROW = 700;
/** Below this height too, a narrow view keeps its room for the picture: no details before something is selected, the header in brief. */
const COMPACT = 720;
const LEAST_MAIN = 240;

/** The whole editor: header, budget, findings, the tabs and the details beside them. */
@customElement('model-view')
export class ModelView extends StoreElement {
  override store = new ModelStore(createClient<ModelViewApi>(hostChannel).api);
  @state() private narrow = false;
  @state() private compact = false;
  @state() private found: ReadonlySet<string> = new Set();
  @query('search-box') private searchBox?: SearchBox;
  #cleanup: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    adoptStyles(viewStyles);
    const observer = new ResizeObserver(() => {
      this.narrow = this.clientWidth < NARROW;
      this.compact = this.narrow && this.clientHeight < COMPACT;
      this.requestUpdate();
    });
    observer.observe(this);
    const stopEvents = onHostEvent((event) => {
      if (event.type === 'changed') void this.store.load();
      else if (event.type === 'reveal') void this.#reveal(event.node);
    });
    window.addEventListener('keydown', this.#key);
    this.#cleanup = [() => observer.disconnect(), stopEvents, () => window.removeEventListener('keydown', this.#key)];
    void this.store.load();
  }

  override disconnectedCallback(): void {
    for (const stop of this.#cleanup) stop();
    super.disconnectedCallback();
  }

  /** A node to show may be named before the model is read. */
  async #reveal(node: string): Promise<void> {
    await this.store.loaded;
    await this.store.show(node);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f') return;
    event.preventDefault();
    const { tab } = this.store.state;
    if (tab === 'graph') this.searchBox?.focus();
    else this.querySelector<HTMLElement>('.tab-row .search')?.focus();
  };

  protected override render(): TemplateResult {
    const { store } = this;
    const { profile } = store;
    this.classList.toggle('narrow', this.narrow);
    this.classList.toggle('compact', this.compact);
    if (profile.status === 'loading') {
      return html`<busy-state .progress=${stageText(profile.progress)} .onCancel=${() => store.cancelLoad()}></busy-state>`;
    }
    if (profile.status === 'error') {
      return errorState(t.cannotOpen, profile.error, [{ label: common.retry, onClick: () => void store.load() }]);
    }
    const { detailsShown, detailsWidth, detailsHeight } = store.state;
    const size = `--details-width: ${this.#fits(detailsWidth, this.clientWidth)}px; --details-height: ${this.#fits(detailsHeight, this.clientHeight - 160)}px`;
    return html`<model-header .store=${store}></model-header>
      <budget-bar .store=${store}></budget-bar>
      <findings-banner .store=${store}></findings-banner>
      ${store.reloading ? html`<busy-state bare .progress=${stageText(store.reloading)} .onCancel=${() => store.cancelLoad()}></busy-state>` : nothing}
      ${this.#problem()} ${this.#tabRow()}
      <div class="body" style=${size}>
        <div class="main" role="tabpanel" aria-label=${t[this.#tab()]}>${this.#main()}</div>
        ${
          detailsShown && !(this.compact && store.state.selected === '')
            ? html`<split-handle
                  direction=${this.narrow ? 'rows' : 'columns'}
                  .size=${this.narrow ? detailsHeight : detailsWidth}
                  .min=${160}
                  .max=${(this.narrow ? this.clientHeight - 160 : this.clientWidth) - LEAST_MAIN}
                  @split=${(event: CustomEvent<number>) => store.update(this.narrow ? { detailsHeight: event.detail } : { detailsWidth: event.detail })}
                ></split-handle>
                <details-panel .store=${store} role="complementary" aria-label=${t.details}></details-panel>`
            : nothing
        }
      </div>
      <div class="notice" role="status" aria-live="polite">${store.note === '' ? nothing : html`<span>${store.note}</span>`}</div>`;
  }

  /** Something the host could not do: a failed save, a clipboard that is not there. */
  #problem(): TemplateResult | typeof nothing {
    const { store } = this;
    if (store.problem === null) return nothing;
    return errorState(t.notDone, store.problem, [{ label: common.close, onClick: () => store.dismiss() }]);
  }

  /** The person's size, unless the window leaves less beside the main view. */
  #fits(size: number, room: number): number {
    return Math.max(120, Math.min(size, room - LEAST_MAIN));
  }

  /** A kept Attention tab is not there for a model without attention. */
  #tab(): Tab {
    const { tab } = this.store.state;
    return tab === 'attention' && (this.store.index?.profile.attentionBlocks ?? 0) === 0 ? 'graph' : tab;
  }

  #main(): TemplateResult {
    const { store } = this;
    const tab = this.#tab();
    switch (tab) {
      case 'graph':
        return html`<graph-view .store=${store} .found=${this.found}></graph-view>`;
      case 'profile':
        return html`<profile-tab .store=${store}></profile-tab>`;
      case 'tensors':
        return html`<tensors-tab .store=${store}></tensors-tab>`;
      case 'attention':
        return html`<attention-tab .store=${store}></attention-tab>`;
      default:
        return tab satisfies never;
    }
  }

  #tabRow(): TemplateResult {
    const { store } = this;
    const names: readonly Tab[] =
      (store.index?.profile.attentionBlocks ?? 0) > 0 ? ['graph', 'profile', 'tensors', 'attention'] : ['graph', 'profile', 'tensors'];
    return html`<div class="tab-row">
      ${tabs({
        label: t.views,
        active: this.#tab(),
        tabs: names.map((name) => ({ value: name, label: t[name] })),
        onSelect: (value) => store.update({ tab: value as Tab }),
      })}
      <span class="tools">
        ${this.#tools()}
        ${store.state.detailsShown ? nothing : button({ label: t.showDetails, icon: 'layout-sidebar-right', appearance: 'icon', onClick: () => store.update({ detailsShown: true }) })}
      </span>
    </div>`;
  }

  #tools(): TemplateResult | typeof nothing {
    const { store } = this;
    const filter = (value: string, onInput: (text: string) => void) =>
      textField({ label: t.filter, placeholder: t.filter, value, onInput, className: 'search' });
    const tab = this.#tab();
    switch (tab) {
      case 'graph': {
        const labels: Readonly<Record<ColorBy, string>> = { kind: t.kind, macs: t.macs, parameters: t.parameters, memory: t.memory };
        return html`${dropdown({
          label: t.colorBy,
          prefix: t.colorByPrefix,
          value: store.state.colorBy,
          choices: COLOR_BY.map((value) => ({ value, label: labels[value] })),
          onChange: (value) => store.update({ colorBy: value as ColorBy }),
        })}
          <search-box
            .store=${store}
            @found=${(event: CustomEvent<ReadonlySet<string>>) => {
              this.found = event.detail;
            }}
          ></search-box>`;
      }
      case 'profile': {
        const labels: Readonly<Record<Grouping, string>> = {
          block: t.byBlock,
          category: t.byCategory,
          operator: t.byOperator,
          node: t.byNode,
        };
        return html`${dropdown({
          label: t.groupBy,
          prefix: t.groupByPrefix,
          value: store.state.grouping,
          choices: GROUPINGS.map((value) => ({ value, label: labels[value] })),
          onChange: (value) => store.update({ grouping: value as Grouping }),
        })}
        ${filter(store.state.profileFilter, (profileFilter) => store.update({ profileFilter }))}`;
      }
      case 'tensors':
        return filter(store.state.tensorFilter, (tensorFilter) => store.update({ tensorFilter }));
      case 'attention':
        return nothing;
      default:
        return tab satisfies never;
    }
  }
}
