import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Budget, Count } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import { dropdown } from '../common/controls';
import barStyles from '../common/editor/budgetBar.css';
import { budgetParts } from '../common/editor/budgetParts';
import { formatExact } from '../common/format';
import { adoptStyles } from '../common/styles';
import { StoreElement } from './storeElement';
import { t } from './strings';

/** Free dimensions that have a field; models have up to some tens. */
const MOST_FIELDS = 100;

/** The product's signature: convolution, attention, feed-forward, other; and the free dimensions it was counted for. */
@customElement('budget-bar')
export class BudgetBar extends StoreElement {
  /** The dimension whose text is no size, until it is one. */
  @state() private wrong = '';
  /** What is being typed, which no new figures may overwrite. */
  private typing: { readonly label: string; readonly text: string } | null = null;

  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(barStyles);
    const { store } = this;
    const profile = store?.index?.profile;
    if (!store || !profile) return nothing;
    const { budgetBy } = store.state;
    const figure = (budget: Budget): Count => profile.budget[budget][budgetBy];
    const whole = profile.totals[budgetBy];
    const unit = budgetBy === 'macs' ? 'MACs' : t.parameters;
    return html`${budgetParts(figure, whole, unit)}
      ${dropdown({
        label: t.budgetBy,
        value: budgetBy,
        choices: [
          { value: 'macs', label: t.byMacs },
          { value: 'parameters', label: t.byParameters },
        ],
        onChange: (value) => store.update({ budgetBy: value === 'parameters' ? 'parameters' : 'macs' }),
      })}
      ${this.#dimensions()}`;
  }

  #dimensions(): TemplateResult | typeof nothing {
    const profile = this.store?.index?.profile;
    if (!profile) return nothing;
    const { fixedSize } = profile.model;
    const fixed = fixedSize?.axes ?? [];
    const bindings = Object.entries(profile.bindings).filter(([name]) => !fixed.includes(name));
    if (bindings.length === 0 && !fixedSize) return nothing;
    return html`<span class="dimensions">
      ${fixedSize ? this.#field(t.sizeOf(fixedSize.kind), fixedSize.size, { tooltip: t.fixedSizeTooltip(fixedSize.kind), assumed: false, names: fixed }) : nothing}
      ${bindings.slice(0, MOST_FIELDS).map(([name, { value, assumed }]) =>
        this.#field(name, value, {
          tooltip: assumed ? t.assumedTooltip(tooltipText(name)) : t.boundTooltip(tooltipText(name)),
          assumed,
          names: [name],
        }),
      )}
      ${bindings.length > MOST_FIELDS ? html`<span class="description">${t.moreRows(formatExact(bindings.length - MOST_FIELDS))}</span>` : nothing}
      ${this.wrong === '' ? nothing : html`<span class="wrong-size" role="alert">${t.notASize(this.wrong)}</span>`}
    </span>`;
  }

  /** One field for one dimension, or for several that have one size. */
  #field(
    label: string,
    value: number | null,
    { tooltip, assumed, names }: { readonly tooltip: string; readonly assumed: boolean; readonly names: readonly string[] },
  ): TemplateResult {
    const classes = `dimension ${assumed ? 'assumed' : ''} ${this.wrong === label ? 'wrong' : ''}`;
    return html`<label class=${classes} title=${tooltip}
      ><span>${label}</span
      ><input
        inputmode="numeric"
        .value=${live(this.typing?.label === label ? this.typing.text : value === null ? '' : String(value))}
        aria-label=${tooltip}
        aria-invalid=${this.wrong === label}
        @input=${(event: Event) => {
          this.typing = { label, text: (event.target as HTMLInputElement).value };
        }}
        @change=${(event: Event) => this.#bind(label, names, event)}
      />${assumed ? html`<span class="mark">${t.assumed}</span>` : nothing}</label
    >`;
  }

  #bind(label: string, names: readonly string[], event: Event): void {
    const text = (event.target as HTMLInputElement).value.trim();
    const value = Number(text);
    this.typing = null;
    if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
      this.wrong = label;
      return;
    }
    this.wrong = '';
    void this.store?.bind(Object.fromEntries(names.map((name) => [name, value])));
  }
}
