import { html, nothing, type TemplateResult } from 'lit';
import { tooltipText } from '../../../src/text';

/** A line of the panel: a name and its figure. */
export interface Figure {
  readonly label: string;
  readonly value: TemplateResult | string;
  /** Part of the whole, in the last column. */
  readonly share?: string;
  readonly tooltip?: string | readonly string[];
}

/** `100.0%` and a little more; rates are longer. */
const SHARE_LENGTH = 7;

/** Names on the left, figures on the right, shares in a column of their own where there are any. */
export function figureList(figures: readonly Figure[]): TemplateResult {
  const shares = figures.some(({ share }) => share !== undefined);
  const wide = figures.some(({ share }) => share !== undefined && share.length > SHARE_LENGTH);
  return html`<dl class="figures ${wide ? 'wide-shares' : ''}">
    ${figures.map(
      ({ label, value, share, tooltip }) =>
        html`<div title=${tooltip === undefined ? nothing : tooltipText(...[tooltip].flat())}>
          <dt>${label}</dt>
          <dd class="number">${value}</dd>
          ${shares ? html`<dd class="number description share">${share ?? ''}</dd>` : nothing}
        </div>`,
    )}
  </dl>`;
}
