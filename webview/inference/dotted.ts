import { html, nothing, type TemplateResult } from 'lit';

/** Parts of one line with a dot between them, also for those who copy it or hear it. */
export function dotted(parts: readonly string[]): TemplateResult {
  return html`${parts.map((part, index) => html`${index > 0 ? html`<span class="dot"> \u00b7 </span>` : nothing}<span>${part}</span>`)}`;
}
