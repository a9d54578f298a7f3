import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Reconciled, TOOLS, type ToolName } from '../../../src/protocol';
import { printedBy, reconciledTable } from '../../../src/report/reconciled';
import { dropdown } from '../../common/controls';
import { type Fetched, Latest, settled } from '../../common/result';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import { adoptStyles } from '../../common/styles';
import type { ModelStore } from '../store';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import '../../common/states';
import styles from './countedAs.css';

/** The choice of a tool whose figures are to be told beside ours. */
export function countedAsChoice(store: ModelStore): TemplateResult {
  return html`<span data-counted-as
    >${dropdown({
      label: t.countedAs,
      prefix: t.countedAsPrefix,
      value: store.state.countedAs,
      choices: [{ value: '', label: t.countedAsNone }, ...TOOLS.map((value) => ({ value, label: value }))],
      onChange: (countedAs) => store.update({ countedAs: TOOLS.find((tool) => tool === countedAs) ?? '' }),
    })}</span
  >`;
}

/** What another tool would print for the model, and line by line why that is not our figure. */
@customElement('counted-as')
export class CountedAs extends StoreElement {
  @property() tool: ToolName | '' = '';
  /** Changes with the figures. */
  @property({ attribute: false }) of: unknown = null;
  @state() private result: Fetched<readonly Reconciled[]> | null = null;
  readonly #work = new Latest();

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('tool') || changed.has('of')) void this.#fetch();
  }

  override disconnectedCallback(): void {
    this.#work.drop();
    super.disconnectedCallback();
  }

  async #fetch(): Promise<void> {
    const { store, tool } = this;
    const turn = this.#work.begin();
    this.result = null;
    if (!store || tool === '') return;
    const result = await settled(store.api.reconcile({ tools: [tool] }, { signal: turn.signal }));
    if (turn.isCurrent()) this.result = result;
  }

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(styles);
    const { result, tool } = this;
    if (tool === '') return nothing;
    if (!result || result.status === 'loading') return html`<busy-state bare .progress=${null}></busy-state>`;
    if (result.status === 'error') {
      return errorState(t.countedAsFailed, result.error, [{ label: common.retry, onClick: () => void this.#fetch() }]);
    }
    const [one] = result.value;
    return one ? this.#table(one) : nothing;
  }

  #table(one: Reconciled): TemplateResult {
    const [columns, rows] = reconciledTable(one);
    const totals = one.unit === '' ? 1 : 2;
    return html`<section aria-label=${t.countedAs}>
      <p class="description">${printedBy(one)} (<code>${one.call}</code>).</p>
      <table>
        <thead>
          <tr>${columns.map(({ title, right }) => html`<th class=${right ? 'number' : ''} scope="col">${title}</th>`)}</tr>
        </thead>
        <tbody>
          ${rows.map(
            (row, place) =>
              html`<tr class=${place >= rows.length - totals ? 'total' : ''}>
                ${row.map((cell, at) => html`<td class=${columns[at]?.right ? 'number' : ''}>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
      ${one.assumptions.map((text) => html`<p class="description">${text}</p>`)}
    </section>`;
  }
}
