import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { addCounts } from '../common/addCounts';
import { dropdown } from '../common/controls';
import barStyles from '../common/editor/budgetBar.css';
import { budgetParts } from '../common/editor/budgetParts';
import { adoptStyles } from '../common/styles';
import { StoreElement } from './storeElement';
import { t } from './strings';

/** What convolution, attention, feed-forward and the rest take of the weights, by parameters or bytes. */
@customElement('checkpoint-budget')
export class CheckpointBudgetBar extends StoreElement {
  protected override render(): TemplateResult | typeof nothing {
    adoptStyles(barStyles);
    const { store } = this;
    const { budget } = store?.summary ?? {};
    if (!store || !budget) return nothing;
    const { budgetBy } = store.state;
    const whole = Object.values(budget).reduce((sum, part) => addCounts(sum, part[budgetBy]), 0 as number | string);
    return html`${budgetParts((name) => budget[name][budgetBy], whole, budgetBy === 'bytes' ? 'B' : t.parameters)}
    ${dropdown({
      label: t.budgetBy,
      value: budgetBy,
      choices: [
        { value: 'parameters', label: t.byParameters },
        { value: 'bytes', label: t.byBytes },
      ],
      onChange: (value) => store.update({ budgetBy: value === 'bytes' ? 'bytes' : 'parameters' }),
    })}`;
  }
}
