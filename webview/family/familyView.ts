import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { createClient, type FamilyViewApi } from '../../src/protocol';
import { common, dropdown, errorState, hostChannel, LightElement } from '../common';
import { Watching } from '../common/store';
import { failureLine, familyHeader, notesSection, publishedSection } from './about';
import { budgetSection } from './budget';
import { knobForm, misfitLine, presentActions } from './knobForm';
import { rowsOf, sortedRows } from './rows';
import { FamilyStore } from './store';
import { t } from './strings';
import { variantTable } from './variantTable';

/** The whole page: what the family is, its variants, and the budget of any choice of knobs. */
@customElement('family-view')
export class FamilyView extends LightElement {
  readonly store = new FamilyStore(createClient<FamilyViewApi>(hostChannel).api);
  protected readonly watching = new Watching(this, () => this.store);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.store.load();
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const { family } = store;
    if (!family) {
      if (store.problem) return errorState(t.cannotOpen, store.problem, [{ label: common.retry, onClick: () => void store.load() }]);
      return html`<busy-state .progress=${{ stage: t.opening, fraction: null }}></busy-state>`;
    }
    const { rows, notes } = rowsOf(family, (variant) => store.counted(variant));
    return html`<div class="family-main">
        ${familyHeader(family)} ${failureLine(store.problem)} ${variantTable(sortedRows(rows, store.state.sorting), store)}
        ${notesSection(notes, family)}
      </div>
      <aside class="family-panel" aria-label=${t.panel}>
        <div class="panel-top">${this.#startFrom()} ${presentActions(store)} ${budgetSection(store)}</div>
        <div class="panel-knobs">${knobForm(store)} ${publishedSection(store)}</div>
        ${misfitLine(store)}
      </aside>
      <div class="offscreen" role="status">${store.note}</div>`;
  }

  #startFrom(): TemplateResult {
    const { store } = this;
    const variants = store.family?.variants ?? [];
    return dropdown({
      label: t.startFrom,
      prefix: `${t.startFrom}: `,
      // A value of the default knobs that no variant's name can be.
      value: `=${store.chosen}`,
      choices: [{ value: '=', label: t.defaultKnobs }, ...variants.map(({ name }) => ({ value: `=${name}`, label: name }))],
      onChange: (value) => store.choose(value.slice(1)),
    });
  }
}
