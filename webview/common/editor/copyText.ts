import { html, type TemplateResult } from 'lit';
import { tooltipText } from '../../../src/text';
import { editorStrings } from './strings';

/** Whoever puts text on the clipboard and says what it was. */
export interface Copier {
  copy(text: string, what: string): void;
}

/** Text that is copied by a click. `copied` is what goes to the clipboard where it is more than what is shown. */
export function copyable(
  store: Copier,
  shown: TemplateResult | string,
  copied: string,
  tooltip: string | readonly string[] = copied,
): TemplateResult {
  return html`<button class="copyable" title=${editorStrings.copyTooltip(tooltipText(...[tooltip].flat()))} @click=${() => store.copy(copied, copied)}>${shown}</button>`;
}
