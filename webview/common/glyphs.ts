import { html, svg, type TemplateResult } from 'lit';
import type { Budget } from '../../src/protocol';
import { common } from './strings';

/** SVG path data in a 10 x 10 box, one form per budget, so that colour is never the only sign. */
export const GLYPH_PATHS: Readonly<Record<Budget, string>> = {
  convolution: 'M1.5 1.5h7v7h-7z',
  attention: 'M5 0.5L9.5 5L5 9.5L0.5 5z',
  feedForward: 'M5 1L9.5 9H0.5z',
  other: 'M5 2a3 3 0 1 0 0 6a3 3 0 1 0 0-6z',
};

/** The budget's name as a person reads it. */
export function budgetName(budget: Budget): string {
  return common[budget];
}

/** The budget's glyph in its colour. In high contrast themes it is drawn as an outline by tokens.css. */
export function budgetGlyph(budget: Budget): TemplateResult {
  return html`<svg class="budget-glyph budget-${budget}" viewBox="0 0 10 10" aria-hidden="true">
    ${svg`<path d=${GLYPH_PATHS[budget]}></path>`}
  </svg>`;
}
