import { html, nothing, type TemplateResult } from 'lit';
import { BUDGETS, type Budget, type Count } from '../../../src/protocol';
import { formatShare, ratio } from '../format';

/** A part of `whole` as a bar, cut by budget, and a figure; nothing for nothing. */
export function shareCell(part: Count | null, split: Readonly<Partial<Record<Budget, Count>>>, whole: Count): TemplateResult | string {
  const share = ratio(part, whole);
  if (share === 0) return '';
  return html`<span class="share-cell"
    ><span class="share-bar"
      >${BUDGETS.map((budget) => {
        const width = ratio(split[budget] ?? 0, whole) * 100;
        return width === 0 ? nothing : html`<span class="budget-${budget}" style="width: ${width}%"></span>`;
      })}</span
    ><span class="number">${formatShare(share)}</span></span
  >`;
}
