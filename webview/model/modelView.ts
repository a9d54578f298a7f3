import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { Finding } from '../../src/model';
import { createClient, type ModelViewApi } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import { hostChannel, onHostEvent } from '../common/channel';
import { dropdown, textField } from '../common/controls';
import { EditorView } from '../common/editor/editorView';
import '../common/editor/findingsBanner';
import { errorState } from '../common/states';
import '../common/states';
import './attentionTab';
import './budgetBar';
import './details/detailsPanel';
import { findingsOf } from './findings';
import './graph/graphView';
import { COLOR_BY, type ColorBy } from './graph/look';
import './header';
import './profile/profileTab';
import './searchBox';
import type { SearchBox } from './searchBox';
import { ModelStore } from './store';
import { t } from './strings';
import './tensors/tensorsTab';
import { GROUPINGS, type Grouping, type Tab } from './viewState';
import { stageText } from './waiting';

/** The whole editor: header, budget, findings, the tabs and the details beside them. */
@customElement('model-view')
export class ModelView extends EditorView<ModelStore> {
  override store = new ModelStore(createClient<ModelViewApi>(hostChannel).api);
  @state() private found: ReadonlySet<string> = new Set();
  @query('search-box') private searchBox?: SearchBox;
  #stopEvents = () => {};

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopEvents = onHostEvent((event) => {
      if (event.type === 'changed') void this.store.load();
      else if (event.type === 'reveal') void this.#reveal(event.node);
      else if (event.type === 'trusted') this.store.trust();
    });
    void this.store.load();
  }

  override disconnectedCallback(): void {
    this.#stopEvents();
    super.disconnectedCallback();
  }

  /** A node to show may be named before the model is read. */
  async #reveal(node: string): Promise<void> {
    await this.store.loaded;
    await this.store.show(node);
  }

  protected override find(): void {
    if (this.store.state.tab === 'graph') this.searchBox?.focus();
    else super.find();
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const { profile } = store;
    if (profile.status === 'loading') {
      return html`<busy-state .progress=${stageText(profile.progress)} .onCancel=${() => store.cancelLoad()}></busy-state>`;
    }
    if (profile.status === 'error') {
      return errorState(
        t.cannotOpen,
        profile.error,
        store.waysOn(() => void store.load()),
      );
    }
    const { profile: overview } = profile.value;
    const names: readonly Tab[] =
      overview.attentionBlocks > 0 ? ['graph', 'profile', 'tensors', 'attention'] : ['graph', 'profile', 'tensors'];
    return this.layout({
      head: html`<model-header class="editor-header" .store=${store}></model-header>
        <budget-bar class="editor-budget" .store=${store}></budget-bar>
        <findings-banner
          .findings=${findingsOf(overview)}
          .unsent=${overview.moreWarnings}
          .link=${({ node }: Finding) => (node === undefined ? nothing : this.#nodeLink(node))}
        ></findings-banner>
        ${store.reloading ? html`<busy-state bare .progress=${stageText(store.reloading)} .onCancel=${() => store.cancelLoad()}></busy-state>` : nothing}`,
      tabs: {
        label: t.views,
        active: this.#tab(),
        choices: names.map((name) => ({ value: name, label: t[name] })),
        onSelect: (value) => store.update({ tab: value as Tab }),
      },
      tools: this.#tools(),
      main: this.#main(),
      details: html`<details-panel class="editor-details" .store=${store} role="complementary" aria-label=${t.details}></details-panel>`,
    });
  }

  #nodeLink(node: string): TemplateResult {
    return html`<button class="link" title=${tooltipText(this.store.index?.nameOf(node) ?? node)} @click=${() => void this.store.show(node)}>
      ${t.showNode}
    </button>`;
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
        return html`<profile-tab class="table-tab" .store=${store}></profile-tab>`;
      case 'tensors':
        return html`<tensors-tab class="table-tab" .store=${store}></tensors-tab>`;
      case 'attention':
        return html`<attention-tab class="table-tab" .store=${store}></attention-tab>`;
      default:
        return tab satisfies never;
    }
  }

  #tools(): TemplateResult | typeof nothing {
    const { store } = this;
    const filter = (value: string, onInput: (text: string) => void) =>
      textField({ label: t.filter, placeholder: t.filter, value, onInput, className: 'search' });
    const tab = this.#tab();
    switch (tab) {
      case 'graph': {
        const labels: Readonly<Record<ColorBy, string>> = {
          kind: t.kind,
          macs: t.macs,
          parameters: t.parameters,
          memory: t.memory,
          time: t.measuredTime,
        };
        // Time is there to choose once it was measured.
        const choices = COLOR_BY.filter((value) => value !== 'time' || store.index?.measured);
        const chosen = choices.find((value) => value === store.state.colorBy) ?? 'kind';
        return html`${dropdown({
          label: t.colorBy,
          prefix: t.colorByPrefix,
          value: chosen,
          choices: choices.map((value) => ({ value, label: labels[value] })),
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
