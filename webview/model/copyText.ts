import { html, type TemplateResult } from 'lit';
import type { ModelStore } from './store';
import { t } from './strings';

/** Text that is copied by a click. `copied` is what goes to the clipboard where it is more than what is shown. */
export function copyable(store: ModelStore, shown: TemplateResult | string, copied: string, tooltip = copied): TemplateResult {
  return html`<button class="copyable" title=${t.copyTooltip(tooltip)} @click=${() => store.copy(copied, copied)}>${shown}</button>`;
}
