import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Budget, Count } from '../../src/protocol';
import { tooltipText } from '../../src/text';
import { dropdown } from '../common/controls';
import barStyles from '../common/editor/budgetBar.css';
import { budgetParts } from '../common/editor/budgetParts';
import { adoptStyles } from '../common/styles';
import { StoreElement } from './storeElement';
import { t } from './strings';

/** The product's signature: convolution, attention, feed-forward, other; and the free dimensions it was counted for. */
@customElement('budget-bar')
export class BudgetBar extends StoreElement {
  /** The dimension whose text is no size, until it is one. */
  @state() private wrong = '';

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
    const bindings = Object.entries(this.store?.index?.profile.bindings ?? {});
    if (bindings.length === 0) return nothing;
    return html`<span class="dimensions">
      ${bindings.map(([name, { value, assumed }]) => {
        const classes = `dimension ${assumed ? 'assumed' : ''} ${this.wrong === name ? 'wrong' : ''}`;
        const tooltip =
          this.wrong === name ? t.notASize : assumed ? t.assumedTooltip(tooltipText(name)) : t.boundTooltip(tooltipText(name));
        return html`<label class=${classes} title=${tooltip}
          ><span>${name}</span
          ><input inputmode="numeric" .value=${live(String(value))} aria-label=${tooltip} @change=${(event: Event) => this.#bind(name, event)} />${
            assumed ? html`<span class="mark">${t.assumed}</span>` : nothing
          }</label
        >`;
      })}
    </span>`;
  }

  #bind(name: string, event: Event): void {
    const text = (event.target as HTMLInputElement).value.trim();
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
      this.wrong = name;
      return;
    }
    this.wrong = '';
    void this.store?.bind(name, value);
  }
}
