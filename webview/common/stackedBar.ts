import { html, type TemplateResult } from 'lit';
import type { Budget } from '../../src/protocol';

/** One budget's share of a bar, 0 to 1. */
export interface BarPart {
  readonly budget: Budget;
  readonly part: number;
  readonly tooltip: string;
  /** Lighter, where two neighbours share a budget. */
  readonly light?: boolean;
}

/** A bar cut into parts of 1; its form is in tokens.css. */
export function stackedBar(parts: readonly BarPart[], label: string): TemplateResult {
  return html`<div class="stacked-bar" role="img" aria-label=${label}>
    ${parts
      .filter(({ part }) => part > 0)
      .map(
        ({ budget, part, tooltip, light }) =>
          html`<span class="budget-${budget}" style="flex-grow: ${part}; opacity: ${light ? 0.6 : 1}" title=${tooltip}></span>`,
      )}
  </div>`;
}
