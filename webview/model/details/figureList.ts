import { html, nothing, type TemplateResult } from 'lit';

export interface Figure {
  readonly label: string;
  readonly value: TemplateResult | string;
  /** Part of the whole, in the last column. */
  readonly share?: string;
  readonly tooltip?: string;
}

/** Names on the left, figures on the right, shares in a column of their own where there are any. */
export function figureList(figures: readonly Figure[]): TemplateResult {
  const shares = figures.some(({ share }) => share !== undefined);
  return html`<dl class="figures">
    ${figures.map(
      ({ label, value, share, tooltip }) =>
        html`<div title=${tooltip ?? nothing}>
          <dt>${label}</dt>
          <dd class="number">${value}</dd>
          ${shares ? html`<dd class="number description share">${share ?? ''}</dd>` : nothing}
        </div>`,
    )}
  </dl>`;
}
