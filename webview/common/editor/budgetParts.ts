import { html, type TemplateResult } from 'lit';
import { BUDGETS, type Budget, type Count } from '../../../src/protocol';
import { formatExact, formatShare, ratio } from '../format';
import { budgetGlyph, budgetName } from '../glyphs';
import { stackedBar } from '../stackedBar';
import { editorStrings } from './strings';

/** The product's signature: what convolution, attention, feed-forward and the rest take of `whole`, as a bar and in words. */
export function budgetParts(figure: (budget: Budget) => Count, whole: Count, unit: string): TemplateResult {
  const parts = BUDGETS.map((budget) => {
    const part = ratio(figure(budget), whole);
    const tooltip = editorStrings.budgetTooltip(budgetName(budget), formatShare(part), `${formatExact(figure(budget))} ${unit}`);
    return { budget, part, tooltip };
  });
  return html`${stackedBar(parts, parts.map(({ tooltip }) => tooltip).join('; '))}
    <span class="legend">
      ${parts.map(
        ({ budget, part, tooltip }) =>
          html`<span title=${tooltip} data-budget=${budget}
            >${budgetGlyph(budget)}<span>${budgetName(budget)}</span><span class="description">${formatShare(part)}</span></span
          >`,
      )}
    </span>`;
}
