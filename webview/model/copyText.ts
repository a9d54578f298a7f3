import { html, type TemplateResult } from 'lit';
import { tooltipText } from '../../src/text';
import type { ModelStore } from './store';
import { t } from './strings';

/** Text that is copied by a click. `copied` is what goes to the clipboard where it is more than what is shown. */
export function copyable(
  store: ModelStore,
  shown: TemplateResult | string,
  copied: string,
  tooltip: string | readonly string[] = copied,
): TemplateResult {
  return html`<button class="copyable" title=${t.copyTooltip(tooltipText(...[tooltip].flat()))} @click=${() => store.copy(copied, copied)}>${shown}</button>`;
}
