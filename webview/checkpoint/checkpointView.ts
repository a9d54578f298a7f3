import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { type CheckpointViewApi, createClient, type Progress } from '../../src/protocol';
import { hostChannel, onHostEvent } from '../common/channel';
import { textField } from '../common/controls';
import { EditorView } from '../common/editor/editorView';
import '../common/editor/findingsBanner';
import { errorState } from '../common/states';
import '../common/states';
import { tensorKey } from '../common/tensors/tensorColumns';
import './budgetBar';
import './details/detailsPanel';
import './header';
import './health/healthTab';
import './modules/modulesTab';
import { CheckpointStore } from './store';
import { t } from './strings';
import './tensors/tensorsTab';
import './trust/trustTab';
import { TABS, type Tab } from './viewState';

/** The engine names the stages of a load by a key. */
function reading(progress: Progress | null): Progress {
  return { ...(progress ?? { fraction: null }), stage: t.opening };
}

/** The whole editor of a checkpoint: header, budget, findings, the tabs and the details beside them. */
@customElement('checkpoint-view')
export class CheckpointView extends EditorView<CheckpointStore> {
  override store = new CheckpointStore(createClient<CheckpointViewApi>(hostChannel).api);
  #stopEvents = () => {};

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopEvents = onHostEvent((event) => {
      if (event.type === 'changed') void this.store.load();
      else if (event.type === 'reveal') this.store.update({ tab: 'tensors', selected: tensorKey(event.node), detailsShown: true });
    });
    void this.store.load();
  }

  override disconnectedCallback(): void {
    this.#stopEvents();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const { checkpoint } = store;
    if (checkpoint.status === 'loading') {
      return html`<busy-state .progress=${reading(checkpoint.progress)} .onCancel=${() => store.cancelLoad()}></busy-state>`;
    }
    if (checkpoint.status === 'error') {
      return errorState(
        t.cannotOpen,
        checkpoint.error,
        store.waysOn(() => void store.load()),
      );
    }
    const { tab } = store.state;
    return this.layout({
      head: html`<checkpoint-header class="editor-header" .store=${store}></checkpoint-header>
        <checkpoint-budget class="editor-budget" .store=${store}></checkpoint-budget>
        <findings-banner .findings=${checkpoint.value.findings} .unsent=${checkpoint.value.moreFindings}></findings-banner>
        ${store.reloading ? html`<busy-state bare .progress=${reading(store.reloading)} .onCancel=${() => store.cancelLoad()}></busy-state>` : nothing}`,
      tabs: {
        label: t.views,
        active: tab,
        choices: TABS.map((name) => ({ value: name, label: t[name] })),
        onSelect: (value) => store.update({ tab: value as Tab }),
      },
      tools: this.#tools(),
      main: this.#main(),
      details: html`<checkpoint-details class="editor-details" .store=${store} role="complementary" aria-label=${t.details}></checkpoint-details>`,
    });
  }

  #main(): TemplateResult {
    const { tab } = this.store.state;
    switch (tab) {
      case 'modules':
        return html`<checkpoint-modules class="table-tab" .store=${this.store}></checkpoint-modules>`;
      case 'health':
        return html`<checkpoint-health class="table-tab" .store=${this.store}></checkpoint-health>`;
      case 'trust':
        return html`<checkpoint-trust class="table-tab" .store=${this.store}></checkpoint-trust>`;
      case 'tensors':
        return html`<checkpoint-tensors class="table-tab" .store=${this.store}></checkpoint-tensors>`;
      default:
        return tab satisfies never;
    }
  }

  #tools(): TemplateResult | typeof nothing {
    const { tab, moduleFilter, tensorFilter, healthFilter, trustFilter } = this.store.state;
    const filter = (value: string, onInput: (text: string) => void) =>
      textField({ label: t.filter, placeholder: t.filter, value, onInput, className: 'search' });
    switch (tab) {
      case 'modules':
        return filter(moduleFilter, (text) => this.store.update({ moduleFilter: text }));
      case 'tensors':
        return filter(tensorFilter, (text) => this.store.update({ tensorFilter: text }));
      case 'health':
        if (!this.store.checking.report?.findings.length) return nothing;
        return filter(healthFilter, (text) => this.store.update({ healthFilter: text }));
      case 'trust':
        if (!this.store.summary?.trust.imports.length) return nothing;
        return filter(trustFilter, (text) => this.store.update({ trustFilter: text }));
      default:
        return tab satisfies never;
    }
  }
}
