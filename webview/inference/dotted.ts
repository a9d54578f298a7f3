import { html, nothing, type TemplateResult } from 'lit';

/** Parts of one line with a dot between them, also for those who copy it or hear it. A dot ends a line, never begins one. */
export function dotted(parts: readonly string[]): TemplateResult {
  const last = parts.length - 1;
  return html`${parts.map((part, index) => html`<span>${part}${index < last ? html`<span class="dot"> \u00b7 </span>` : nothing}</span>`)}`;
}
